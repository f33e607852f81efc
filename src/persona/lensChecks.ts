/** What each lens looks at first, as checks that one can answer with yes or no, with the rules and playbooks that stand behind them. */
import type { LensId } from './lenses';

export interface LensChecks {
  /** When it is the one to look through, for a model that chooses. */
  readonly when: string;
  readonly checks: readonly string[];
  readonly rules: readonly string[];
  readonly playbooks: readonly string[];
}

export const lensChecks: Readonly<Record<LensId, LensChecks>> = {
  scalability: {
    when: 'a change adds a query, a list, a job or a dependency, or something has to take more load',
    checks: [
      'No query runs once per item: loops, `map` with a query inside, serializers and resolvers that load.',
      'Every read of a list has a largest size, and pages by a key rather than by offset.',
      'Filters, joins and sorts on tables that grow are served by an index; look at the plan before you claim it.',
      'Pools have a maximum that the server can take from all instances together, and a time-out for waiting.',
      'Nothing waits for a network call while a transaction or a lock is held.',
      'Work that the caller need not wait for goes to a queue that has a limit and a dead letter.',
      'The numbers are said: rows, requests a second, growth, and which limit is met first.',
    ],
    rules: [
      'n-plus-one',
      'unbounded-query',
      'unbounded-pool',
      'external-call-in-transaction',
      'connection-per-request',
    ],
    playbooks: ['scaling', 'queries-in-loops', 'pagination', 'caching', 'connection-pool'],
  },
  'data-custody': {
    when: 'rows are written, moved or deleted, or a migration is written',
    checks: [
      'What belongs together is one transaction, and every error path rolls it back.',
      'The database itself refuses what must not be: NOT NULL, CHECK, UNIQUE, foreign keys.',
      'Two requests at the same time cannot both win: a unique key, a version column or a lock decides.',
      'A repeated request does no harm.',
      'UPDATE and DELETE say which rows; money is integer or numeric; times have a time zone.',
      'A migration has a way back that was run, takes no long lock, and loses nothing that is not copied before.',
      'A restore was tried, and how long it took is known.',
    ],
    rules: [
      'missing-transaction',
      'transaction-without-rollback',
      'write-without-where',
      'data-loss',
      'irreversible-migration',
      'imprecise-money',
    ],
    playbooks: ['transactions', 'lost-updates', 'idempotency', 'rollback-of-migrations', 'backups'],
  },
  'api-design': {
    when: 'an endpoint or a contract is designed, changed or reviewed',
    checks: [
      'The contract is written before the code: paths, status codes, one error shape, examples.',
      'Every input has a schema with bounds, and what is not known is refused or dropped on purpose.',
      'Lists are paged, with a largest page; filters and sorts are a fixed set.',
      'POST that creates or charges takes an idempotency key.',
      'An error tells the caller what to do, and nothing of what is inside.',
      'A change keeps older callers working, or comes as a new version with a date for the old one.',
    ],
    rules: ['unbounded-query', 'swallowed-error', 'sql-injection'],
    playbooks: ['api-contract', 'api-versioning', 'error-shapes', 'validation', 'pagination'],
  },
  security: {
    when: 'code takes input from outside, reads or writes somebody’s data, handles secrets or sessions',
    checks: [
      'No input reaches SQL, a filter object, a shell, a path or a URL unchecked; values are bound, names come from a list.',
      'Every route says who may call it, and every row access says whose row it is.',
      'No secret stands in code, migrations, fixtures or logs; those that did are rotated.',
      'Passwords are hashed with argon2id, scrypt or bcrypt; tokens are verified, stored hashed, and expire.',
      'Responses name their fields: no whole rows, no password hashes, no internals in errors.',
      'Sign-in, reset and one-time codes are rate limited by account and by address.',
      'TLS is verified, inside as well.',
    ],
    rules: ['sql-injection', 'nosql-injection', 'hardcoded-secret'],
    playbooks: ['sql-injection', 'authorization', 'ownership-checks', 'authentication', 'settings-and-secrets'],
  },
  refactoring: {
    when: 'code is restructured, or is hard to change',
    checks: [
      'A test holds the behaviour before anything moves, error paths included.',
      'Each step keeps the behaviour, and could be released alone.',
      'Statements that reach the database are the same before and after, or the difference is said.',
      'Data access has one place; routes and jobs call it instead of writing SQL.',
      'Old and new run side by side until the numbers agree; then the old is deleted.',
      'A column that is renamed or dropped has no reader left: ask who uses it.',
    ],
    rules: ['breaks-running-code', 'rename-in-place', 'swallowed-error'],
    playbooks: ['legacy', 'testing', 'zero-downtime-migration', 'transactions'],
  },
  mentoring: {
    when: 'somebody asks why, is new to it, or a review should teach',
    checks: [
      'The answer begins with what the person knows, and has one new idea at a time.',
      'The reason comes with the rule: what happens in production when it is not kept.',
      'The example is from their own code, with file and line.',
      'One small thing to try, and how to see that it worked.',
      'What is a matter of taste is called so.',
      'Where to read on is named: a playbook, a rule’s page, the manual of the database.',
    ],
    rules: ['n-plus-one', 'sql-injection', 'missing-transaction'],
    playbooks: ['queries-in-loops', 'sql-injection', 'transactions', 'indexes', 'testing'],
  },
  pragmatism: {
    when: 'there is a deadline, a prototype, or a proposal that may be too much',
    checks: [
      'What must be right today is right: no injection, no lost rows, no secrets, a way back.',
      'What the team already runs is used before something new is brought in.',
      'Each part that waits has a sign that says when it is needed: a number, not a feeling.',
      'The change is the smallest one that can be released and undone.',
      'What was left out on purpose is written down where the next person looks.',
      'One database and one process are enough until a measurement says otherwise.',
    ],
    rules: ['sql-injection', 'write-without-where', 'data-loss', 'hardcoded-secret'],
    playbooks: ['primary-keys', 'queues', 'caching', 'scaling', 'deployment'],
  },
  investigation: {
    when: 'something is slow, wrong, leaking or down, and the cause is not known',
    checks: [
      'What changed, when, and for whom: releases, data, load, settings, neighbours.',
      'The damage is stopped before the cause is found: roll back, switch off, shed load.',
      'Evidence is kept before anything is restarted: logs, plans, pg_stat_activity, metrics.',
      'One request that is wrong is compared with one that is right.',
      'A theory says what else would have to be seen, and that was looked for.',
      'Errors that are caught are logged with what they were about, or the cause is not to be found.',
      'The cause is proven by making it happen, and by the mended code not having it.',
    ],
    rules: ['swallowed-error', 'connection-leak', 'transaction-without-rollback', 'n-plus-one'],
    playbooks: ['slow-query', 'incident-response', 'deadlocks', 'connection-pool', 'observability'],
  },
  automation: {
    when: 'something is done by hand more than once, or a pipeline, job or check is built',
    checks: [
      'Migrations, tests and the review run on each change, and a failure stops it.',
      'A job that runs twice, or stops half-way, does no harm, and says that it ran.',
      'Somebody is told when it does not run at all.',
      'Settings are validated at start; secrets come from a store.',
      'The way back is a step of the pipeline and was taken once on purpose.',
      'Backfills run in batches, can be stopped, and go on where they stopped.',
    ],
    rules: ['unbatched-backfill', 'non-idempotent-migration', 'missing-lock-timeout', 'irreversible-migration'],
    playbooks: ['deployment', 'scheduled-jobs', 'backfill', 'rollback-of-migrations', 'settings-and-secrets'],
  },
  documentation: {
    when: 'a decision, an API, a schema or an operation has to be understood by somebody else',
    checks: [
      'The decision is there with what was not chosen, and why.',
      'The contract has an example of success and of each error.',
      'Every table says what one row is, and who owns it; units and time zones are in the names or comments.',
      'A runbook says which signal, what to look at, what to do, how to undo it.',
      'What is written was tried by somebody who did not write it.',
      'It stands where the code is, and a check fails when the two part.',
    ],
    rules: ['swallowed-error', 'irreversible-migration', 'missing-timestamps'],
    playbooks: ['api-contract', 'incident-response', 'deployment', 'api-versioning', 'observability'],
  },
};
