/** Whom the role receives from and hands to, with what has to be true at the hand-over, and its checklists. */

export interface HandOver {
  readonly with: string;
  readonly direction: 'receives' | 'gives' | 'agrees' | 'asks';
  readonly what: string;
  /** When it may be accepted. */
  readonly acceptedWhen?: string;
}

export const handOvers: readonly HandOver[] = [
  {
    with: 'schema owner or architect',
    direction: 'receives',
    what: 'tables, data dictionary, naming',
    acceptedWhen: 'the DDL runs on an empty database, and every entity is described',
  },
  {
    with: 'product',
    direction: 'receives',
    what: 'requirements, limits, what may be slow and what may not',
    acceptedWhen: 'load, deadlines and who may see what are written down',
  },
  {
    with: 'language or framework owner',
    direction: 'receives',
    what: 'structure, dependencies and conventions to follow',
  },
  { with: 'client engineers', direction: 'agrees', what: 'the API contract, error shapes, pagination, what is pushed' },
  { with: 'technical lead', direction: 'asks', what: 'decisions that cross services or are hard to undo' },
  {
    with: 'integration or API layer',
    direction: 'gives',
    what: 'typed data access, a pool that is configured and tested',
    acceptedWhen: 'results have the promised types, errors come through, and a failing query gives its connection back',
  },
  {
    with: 'event systems',
    direction: 'gives',
    what: 'event tables, triggers, transactions around several writes',
    acceptedWhen: 'an event is there exactly when its write is',
  },
  {
    with: 'test engineers',
    direction: 'gives',
    what: 'endpoints with examples, the critical paths, how to cause each failure',
  },
  { with: 'technical writers', direction: 'gives', what: 'the contract, the decisions and their reasons' },
  {
    with: 'operations',
    direction: 'gives',
    what: 'settings, health checks, dashboards, the way back',
    acceptedWhen: 'a deployment was rolled back once on purpose',
  },
  {
    with: 'data and analytics',
    direction: 'agrees',
    what: 'a stable reading interface, so that reports do not depend on inner tables',
  },
];

export interface Checklist {
  readonly id: string;
  readonly title: string;
  readonly words: readonly string[];
  readonly items: readonly string[];
}

export const checklists: readonly Checklist[] = [
  {
    id: 'before',
    title: 'Before starting',
    words: ['before', 'start', 'begin', 'kick-off', 'kickoff', 'planning'],
    items: [
      'The contract is written (OpenAPI or GraphQL) and agreed with its callers.',
      'The data model is written (DBML or DDL) with keys, constraints and an owner.',
      'Existing code for the same thing was looked for, and its conventions noted.',
      'Load, latency and growth are numbers, if only estimates.',
      'Who may do and see it is decided, down to the row.',
      'What happens on failure, repetition and rollback is decided.',
    ],
  },
  {
    id: 'endpoint',
    title: 'An endpoint',
    words: ['endpoint', 'api', 'route', 'handler', 'controller'],
    items: [
      'Authentication, then a check that this caller may touch this row.',
      'Input is validated by a schema with bounds; unknown fields are refused or dropped on purpose.',
      'Status codes and one error shape; no internals in messages.',
      'Lists are paged, with a largest page.',
      'Unsafe requests that are repeated do no harm: an idempotency key or a natural unique key.',
      'Every statement is parameterised, and what belongs together is one transaction.',
      'Outgoing calls have a timeout and stand outside the transaction.',
      'A rate limit, and logs with a request id and without personal data.',
      'Tests: success, refused input, not signed in, somebody else’s row, repeated, failing dependency.',
    ],
  },
  {
    id: 'migration',
    title: 'A migration',
    words: ['migration', 'migrate', 'schema change', 'ddl', 'rollout'],
    items: [
      'Old and new code both work before, during and after it.',
      'lock_timeout is set, and no statement scans or rewrites a large table under ACCESS EXCLUSIVE.',
      'Indexes are built CONCURRENTLY, constraints added NOT VALID and validated later.',
      'Data is backfilled in batches outside of the schema change.',
      'The down was run on a copy; what it loses is written down.',
      'The size of the table and the time on a copy of production are known.',
      'Dropping comes at least one release after the last reader.',
    ],
  },
  {
    id: 'data-access',
    title: 'Data access',
    words: ['data', 'database', 'repository', 'dao', 'queries', 'pool'],
    items: [
      'Every critical query has a plan that was looked at and a measured baseline.',
      'No query per row; reads are bounded.',
      'Foreign keys and the columns of frequent filters are indexed.',
      'The pool has a size, an acquisition timeout and a statement timeout, and gives connections back on every path.',
      'Materialised views have a stated freshness and somebody who refreshes them.',
      'Database functions and triggers are few, tested and documented.',
    ],
  },
  {
    id: 'security',
    title: 'Security',
    words: ['security', 'secure', 'hardening', 'owasp', 'audit'],
    items: [
      'No input reaches SQL, a shell, a path or a URL unchecked.',
      'Every route says who may call it; every row access says whose it is.',
      'Passwords are hashed with argon2id, scrypt or bcrypt; tokens are stored hashed.',
      'Secrets come from a secret store, are rotated, and were never committed.',
      'TLS is verified everywhere, inside as well.',
      'Personal data is minimal, encrypted where it lies, absent from logs, and can be deleted.',
      'Dependencies are scanned, and somebody reads the result.',
      'Security events (sign-in, refusal, change of rights) are kept and watched.',
    ],
  },
  {
    id: 'production',
    title: 'Ready for production',
    words: ['production', 'deploy', 'release', 'launch', 'go-live', 'ready', 'ship'],
    items: [
      'Settings come from the environment, are validated at start, and secrets are not among the defaults.',
      'Liveness and readiness are different questions.',
      'SIGTERM stops taking work, finishes what runs, closes the pool.',
      'Logs are structured; request rate, errors, duration and saturation are measured; an alert has a runbook.',
      'Timeouts on every call; retries with backoff, jitter and a budget.',
      'A load test at twice the expected peak, and the limit is known.',
      'A backup was restored, and how long that took is known.',
      'The release can be rolled back without the database going back.',
    ],
  },
  {
    id: 'after',
    title: 'After it is built',
    words: ['after', 'done', 'finish', 'handover', 'hand-over', 'merge'],
    items: [
      'Contract tests run against the written contract.',
      'Error paths were executed, not only read.',
      'Baselines of the new queries are recorded.',
      'The decision and its alternatives are written down where the code is.',
      'Whoever is on call knows what can break and how to switch it off.',
    ],
  },
  {
    id: 'incident',
    title: 'An incident',
    words: ['incident', 'outage', 'down', 'postmortem', 'post-mortem', 'on-call'],
    items: [
      'Somebody leads, somebody writes down times, everybody else works.',
      'Stop the damage first: roll back, switch off, shed load.',
      'Keep the evidence: logs, plans, pg_stat_activity, the deployed version.',
      'Tell those who are affected, with the time of the next message.',
      'Afterwards: a timeline, causes in the plural, actions with owners and dates, no blame.',
    ],
  },
];
