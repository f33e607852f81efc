/** Every playbook that ships. A new one is one file, and two lines here; a test holds the list to the folder. */
import { type Playbook, readPlaybook } from '../playbook';
import apiContract from './api-contract.md';
import apiVersioning from './api-versioning.md';
import auditLog from './audit-log.md';
import authentication from './authentication.md';
import authorization from './authorization.md';
import backfill from './backfill.md';
import backups from './backups.md';
import bulkWrites from './bulk-writes.md';
import caching from './caching.md';
import connectionPool from './connection-pool.md';
import cors from './cors.md';
import deadLetters from './dead-letters.md';
import deadlocks from './deadlocks.md';
import deletes from './deletes.md';
import denormalisation from './denormalisation.md';
import deployment from './deployment.md';
import doubleEntry from './double-entry.md';
import errorShapes from './error-shapes.md';
import eventSourcing from './event-sourcing.md';
import fileUploads from './file-uploads.md';
import idempotency from './idempotency.md';
import incidentResponse from './incident-response.md';
import indexes from './indexes.md';
import jsonColumns from './json-columns.md';
import legacy from './legacy.md';
import lostUpdates from './lost-updates.md';
import manyToMany from './many-to-many.md';
import money from './money.md';
import multiTenancy from './multi-tenancy.md';
import notifications from './notifications.md';
import observability from './observability.md';
import outbox from './outbox.md';
import ownershipChecks from './ownership-checks.md';
import pagination from './pagination.md';
import partitioning from './partitioning.md';
import passwordStorage from './password-storage.md';
import payments from './payments.md';
import primaryKeys from './primary-keys.md';
import queriesInLoops from './queries-in-loops.md';
import queues from './queues.md';
import rateLimits from './rate-limits.md';
import readReplicas from './read-replicas.md';
import realTime from './real-time.md';
import reports from './reports.md';
import restOrGraphql from './rest-or-graphql.md';
import retriesAndTimeouts from './retries-and-timeouts.md';
import rollbackOfMigrations from './rollback-of-migrations.md';
import sagas from './sagas.md';
import scaling from './scaling.md';
import scheduledJobs from './scheduled-jobs.md';
import search from './search.md';
import sensitiveData from './sensitive-data.md';
import sessionsAndTokens from './sessions-and-tokens.md';
import settingsAndSecrets from './settings-and-secrets.md';
import sharding from './sharding.md';
import slowQuery from './slow-query.md';
import sqlInjection from './sql-injection.md';
import syncOrAsync from './sync-or-async.md';
import testing from './testing.md';
import time from './time.md';
import transactions from './transactions.md';
import validation from './validation.md';
import webhooks from './webhooks.md';
import zeroDowntimeMigration from './zero-downtime-migration.md';

const TEXTS: readonly (readonly [id: string, text: string])[] = [
  ['api-contract', apiContract],
  ['api-versioning', apiVersioning],
  ['audit-log', auditLog],
  ['authentication', authentication],
  ['authorization', authorization],
  ['backfill', backfill],
  ['backups', backups],
  ['bulk-writes', bulkWrites],
  ['caching', caching],
  ['connection-pool', connectionPool],
  ['cors', cors],
  ['dead-letters', deadLetters],
  ['deadlocks', deadlocks],
  ['deletes', deletes],
  ['denormalisation', denormalisation],
  ['deployment', deployment],
  ['double-entry', doubleEntry],
  ['error-shapes', errorShapes],
  ['event-sourcing', eventSourcing],
  ['file-uploads', fileUploads],
  ['idempotency', idempotency],
  ['incident-response', incidentResponse],
  ['indexes', indexes],
  ['json-columns', jsonColumns],
  ['legacy', legacy],
  ['lost-updates', lostUpdates],
  ['many-to-many', manyToMany],
  ['money', money],
  ['multi-tenancy', multiTenancy],
  ['notifications', notifications],
  ['observability', observability],
  ['outbox', outbox],
  ['ownership-checks', ownershipChecks],
  ['pagination', pagination],
  ['partitioning', partitioning],
  ['password-storage', passwordStorage],
  ['payments', payments],
  ['primary-keys', primaryKeys],
  ['queries-in-loops', queriesInLoops],
  ['queues', queues],
  ['rate-limits', rateLimits],
  ['read-replicas', readReplicas],
  ['real-time', realTime],
  ['reports', reports],
  ['rest-or-graphql', restOrGraphql],
  ['retries-and-timeouts', retriesAndTimeouts],
  ['rollback-of-migrations', rollbackOfMigrations],
  ['sagas', sagas],
  ['scaling', scaling],
  ['scheduled-jobs', scheduledJobs],
  ['search', search],
  ['sensitive-data', sensitiveData],
  ['sessions-and-tokens', sessionsAndTokens],
  ['settings-and-secrets', settingsAndSecrets],
  ['sharding', sharding],
  ['slow-query', slowQuery],
  ['sql-injection', sqlInjection],
  ['sync-or-async', syncOrAsync],
  ['testing', testing],
  ['time', time],
  ['transactions', transactions],
  ['validation', validation],
  ['webhooks', webhooks],
  ['zero-downtime-migration', zeroDowntimeMigration],
];

/** Read on first need: most runs answer no question. */
export const readPlaybooks = (): readonly Playbook[] => TEXTS.map(([id, text]) => readPlaybook(id, text));
