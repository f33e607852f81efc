/** Every playbook that ships. A new one is one file, and two lines here; a test holds the list to the folder. */
import { type Playbook, readPlaybook } from '../playbook';
import backfill from './backfill.md';
import connectionPool from './connection-pool.md';
import idempotency from './idempotency.md';
import indexes from './indexes.md';
import lostUpdates from './lost-updates.md';
import pagination from './pagination.md';
import queriesInLoops from './queries-in-loops.md';
import slowQuery from './slow-query.md';
import transactions from './transactions.md';
import zeroDowntimeMigration from './zero-downtime-migration.md';

const TEXTS: readonly (readonly [id: string, text: string])[] = [
  ['backfill', backfill],
  ['connection-pool', connectionPool],
  ['idempotency', idempotency],
  ['indexes', indexes],
  ['lost-updates', lostUpdates],
  ['pagination', pagination],
  ['queries-in-loops', queriesInLoops],
  ['slow-query', slowQuery],
  ['transactions', transactions],
  ['zero-downtime-migration', zeroDowntimeMigration],
];

/** Read on first need: most runs answer no question. */
export const readPlaybooks = (): readonly Playbook[] => TEXTS.map(([id, text]) => readPlaybook(id, text));
