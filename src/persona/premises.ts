/** What is often believed and is not so. It is said first: an answer that is built on it would be wrong as a whole. */
import type { Claim } from './claim';

export const premises: readonly Claim[] = [
  {
    id: 'delete-faster-than-truncate',
    says: [/\bdelete\b/i, /\btruncate\b/i, /\b(?:faster|quicker|cheaper|fast)\b/i],
    unless: /truncate\b(?: \w+){0,4} (?:faster|quicker|cheaper) than/i,
    playbook: 'deletes',
    answer:
      '`DELETE` without `WHERE` is not faster than `TRUNCATE`; it is much slower on a large table. It visits and logs every row, fires row triggers and leaves dead rows for VACUUM, while TRUNCATE gives the files back at once. TRUNCATE pays in other ways: ACCESS EXCLUSIVE on the table, no row triggers, it is refused where foreign keys point to the table (or empties those tables too, with CASCADE), and in MySQL it commits.',
  },
  {
    id: 'nosql-no-migrations',
    says: [
      /\b(?:nosql|mongo(?:db)?|document (?:db|database|store)|schema-?less|dynamodb)\b/i,
      /\b(?:no|without|dont|don't|doesn't|doesnt|not|never|avoid|so)\b/i,
      /\b(?:schema|migrations?)\b/i,
    ],
    unless: /inject/i,
    playbook: 'json-columns',
    answer:
      'A document store does not take the schema away, it moves it into every program that reads. Old documents keep their old shape, so there are migrations all the same: at reading time, forever, or as a backfill. Only the server no longer checks them.',
  },
  {
    id: 'indexes-speed-up-writes',
    says: [
      /\bindex(?:es|ing)?\b/i,
      /\b(?:insert|write|update)s?\b/i,
      /\b(?:faster|speed(?:s)? up|improves?|quicker)\b/i,
    ],
    unless: /slow(?:er|s)? (?:down )?(?:the )?(?:insert|write|update)|upsert|where|on conflict/i,
    playbook: 'indexes',
    answer:
      'Indexes make reads faster and writes slower: every INSERT, and every UPDATE that is not HOT, writes each of them. An index helps a write only in finding the rows of its `WHERE`, or in checking a foreign key.',
  },
  {
    id: 'uuid4-sorts',
    says: [
      /\buuid(?:s|_?v?4| v4)?\b/i,
      /\b(?:sort(?:s|ed|able)?|order(?:s|ed|ing)? by|chronological|time[- ]?order\w*|by time|creation (?:time|order))\b/i,
    ],
    unless: /v7|ulid|(?:not|doesn't|dont|don't|isn't|aren't) sort/i,
    playbook: 'primary-keys',
    answer:
      'A version 4 UUID is random: it does not sort by time, and it spreads inserts over the whole index. Version 7 begins with the time and does both better; a `created_at` column says the time without a trick.',
  },
  {
    id: 'jwt-encrypted',
    says: [
      /\b(?:jwts?|json web tokens?)\b/i,
      /\b(?:encrypt(?:ed|s|ion)?|hidden|secret data|can(?:'t|not) (?:be )?(?:read|see)|confidential|unreadable)\b/i,
    ],
    unless: /\bjwe\b/i,
    playbook: 'sessions-and-tokens',
    answer:
      'A usual JWT is signed, not encrypted: anybody who holds it can read it, it is Base64URL text. The signature only tells that nobody changed it. So put no secrets and no more personal data than an opaque id into it.',
  },
  {
    id: 'transaction-prevents-lost-update',
    says: [
      /\btransactions?\b/i,
      /\b(?:lost updates?|race|races|overs(?:ell|old)|concurrent(?!ly)|concurrency|two (?:users|requests|people)|same time)\b/i,
    ],
    unless: /for update|version column|serializable|long transaction/i,
    playbook: 'lost-updates',
    answer:
      'A transaction alone does not prevent lost updates at READ COMMITTED: two of them read the same value, both write, and both commit. It takes a single statement that computes, a lock (`SELECT … FOR UPDATE`), a version that is compared, or a stricter isolation level with retries.',
  },
  {
    id: 'fast-hash-passwords',
    says: [/\b(?:sha-?(?:1|256|512)|sha|md5)\b/i, /\b(?:pass(?:word|wd|wort)s?)\b/i],
    playbook: 'password-storage',
    answer:
      'SHA-256, SHA-512 and MD5 are not fit for passwords, salted or not: they are built to be fast, and a graphics card tries billions a second. Use a slow, memory-hard function with a salt of its own for each password: argon2id, else scrypt or bcrypt.',
  },
  {
    id: 'base64-is-encryption',
    says: [/\bbase-?64\b/i, /\b(?:encrypt\w*|secur\w+|safe|protect\w*|card|password|secret|token|pii|sensitive)\b/i],
    unless: /base64url/i,
    playbook: 'sensitive-data',
    answer: 'Base64 is a spelling, not encryption: anybody reads it back without a key. It protects nothing.',
  },
  {
    id: 'disable-tls',
    says: [
      /\b(?:tls|ssl|certificates?|rejectunauthorized|verify\s*=\s*false|NODE_TLS_REJECT_UNAUTHORIZED)\b/i,
      /\b(?:disable|turn(?:ing)? off|skip|ignore|false|reject_?unauthorized|bypass|self[- ]signed)\b/i,
    ],
    playbook: 'sensitive-data',
    answer:
      'Switching off the verification of certificates does not mend the error, it hides it: from then on anybody on the way can read and change what is sent. Make the certificate trusted instead: give the client the issuing authority’s certificate (`ca`, `sslrootcert`, `NODE_EXTRA_CA_CERTS`, `REQUESTS_CA_BUNDLE`), mend the chain that the server sends, or the host name.',
  },
  {
    id: 'orm-prevents-injection',
    says: [
      /\b(?:orm|prisma|sequelize|typeorm|django|sqlalchemy|hibernate|knex|eloquent)\b/i,
      /\b(?:inject\w*)\b/i,
      /\b(?:safe|prevents?|protect\w*|immune|no need|don'?t (?:need|have)|can'?t|cannot|impossible|automatically)\b/i,
    ],
    playbook: 'sql-injection',
    answer:
      'An ORM binds the values that go through its own calls. Its raw queries, its literal fragments, sort columns and operators that come from the request are as open as before.',
  },
  {
    id: 'escaping-is-enough',
    says: [
      /\b(?:escap(?:e|es|ing)|addslashes|replac\w+ (?:the )?quotes?|strip\w* quotes?|sanitiz\w+|blacklist)\b/i,
      /\b(?:inject\w*|sql)\b/i,
      /\b(?:enough|safe|instead|just|sufficient|secure|impossible|prevents?)\b/i,
    ],
    playbook: 'sql-injection',
    answer:
      'Escaping quotes by hand is not enough: numbers and identifiers have no quotes, character sets and backslash rules differ, and one forgotten place suffices. Bind values as parameters, and choose identifiers from a list.',
  },
  {
    id: 'offset-is-fine',
    says: [/\boffset\b/i, /\b(?:index(?:ed)?|skips?|directly|constant|fast)\b/i],
    unless: /slow|cursor|keyset|instead/i,
    playbook: 'pagination',
    answer:
      'OFFSET does not jump: the server reads and discards every row before it, also with an index. Its cost grows with the page number.',
  },
  {
    id: 'promise-all-fixes-n1',
    says: [/\bpromise\.all\b/i, /\b(?:n ?\+ ?1|quer(?:y|ies)|faster|parallel|loop)\b/i],
    playbook: 'queries-in-loops',
    answer:
      '`Promise.all` does not make N+1 go away: it sends the same number of queries, all at once, takes the connections of the pool from other requests, and on one client they still run one after another.',
  },
  {
    id: 'more-connections-faster',
    says: [
      /\b(?:connections?|pool)\b/i,
      /\b(?:more|bigger|larger|increase|raise|higher|max_connections|unlimited|1000|500)\b/i,
      /\b(?:faster|throughput|performance|speed|better|fix|help|solve)\b/i,
    ],
    playbook: 'connection-pool',
    answer:
      'More connections do not mean more throughput: beyond the cores and disks of the server they only queue inside the database, with context switches and locks on top. A smaller pool is often faster; first find out what holds the connections for so long.',
  },
  {
    id: 'backup-by-replica',
    says: [
      /\b(?:replicas?|replication|standby|raid)\b/i,
      /\b(?:backups?)\b/i,
      /\b(?:no|don'?t|instead|enough|already|is (?:a|our)|as (?:a|our)|need|so)\b/i,
    ],
    playbook: 'backups',
    answer:
      'A replica is not a backup: it repeats a wrong DELETE within milliseconds. Backups protect against mistakes, and a backup that was never restored is a hope.',
  },
  {
    id: 'soft-delete-is-erasure',
    says: [
      /\b(?:soft[- ]?delet\w+|deleted_at|is_deleted|deleted flag)\b/i,
      /\b(?:gdpr|erasure|forgotten|privacy|personal data|legal\w*)\b/i,
    ],
    playbook: 'deletes',
    answer:
      'A soft delete is not an erasure: the personal data are still there, in backups, exports and logs too. The right to erasure needs a real deletion or an irreversible anonymisation, with a date by which backups have lapsed.',
  },
  {
    id: 'serial-without-gaps',
    says: [
      /\b(?:serial|sequence|auto[_ -]?increment|identity|invoice numbers?|ids?)\b/i,
      /\b(?:gap|gaps|gapless|consecutive|without holes|no holes|missing numbers)\b/i,
    ],
    playbook: 'primary-keys',
    answer:
      'Sequences and auto-increment have gaps by design: a rolled-back transaction and a restart consume numbers. Gapless invoice numbers need a counter row that is locked in the transaction that issues the invoice, and it serialises issuing.',
  },
  {
    id: 'float-for-money',
    says: [/\b(?:float|double|real)\b/i, /\b(?:money|price|amount|currency|cents|balance|payment)s?\b/i],
    playbook: 'money',
    answer:
      'Floating point cannot hold most decimal fractions: 0.1 + 0.2 is not 0.3, and sums drift. Keep money as integer cents or `numeric`, with its currency beside it.',
  },
  {
    id: 'cors-protects-api',
    says: [
      /\bcors\b/i,
      /\b(?:protects?|secur\w+|safe|prevents?|blocks?|attack\w*|hackers?|unauthori[sz]ed|auth\w*)\b/i,
    ],
    playbook: 'cors',
    answer:
      'CORS protects users of browsers from other web pages; it does not protect the API. `curl` and any server ignore it. Authentication and authorisation must hold without it.',
  },
  {
    id: 'https-makes-it-safe',
    says: [
      /\bhttps\b/i,
      /\b(?:enough|safe|secure|no need|don'?t need|already)\b/i,
      /\b(?:password|token|valid\w*|inject\w*|auth\w*|encrypt\w*|hash\w*)\b/i,
    ],
    playbook: 'sensitive-data',
    answer:
      'HTTPS protects data on the way, between two machines. It says nothing of who asks, what they send, or how the data lie in the database, in logs and in backups.',
  },
  {
    id: 'client-validation-enough',
    says: [
      /\b(?:frontend|front-end|client|browser|react|ui|form)\b/i,
      /\bvalidat\w+\b/i,
      /\b(?:enough|already|no need|don'?t|again|skip|also|twice|necessary|redundant)\b/i,
    ],
    playbook: 'validation',
    answer:
      'Validation in the client is a courtesy to the user; it protects nothing, since anybody can call the API without it. The server validates everything, always.',
  },
  {
    id: 'uuid-is-authorization',
    says: [
      /\b(?:uuids?|guids?|random ids?|unguessable|hard to guess|can'?t guess|obscur\w+)\b/i,
      /\b(?:auth\w*|permission|access|secure|secret|guess\w*|check|protect\w*|idor)\b/i,
    ],
    playbook: 'ownership-checks',
    answer:
      'An id that is hard to guess is not a permission: ids are in URLs, logs, referrers and shared links. Every access checks whose row it is.',
  },
  {
    id: 'redis-never-loses',
    says: [
      /\bredis\b/i,
      /\b(?:primary|main|only|durable|never los\w+|source of truth|instead of (?:a |the )?(?:database|postgres\w*|mysql))\b/i,
    ],
    playbook: 'caching',
    answer:
      'Redis as it is usually set up loses writes: its snapshots are seconds to minutes apart, AOF is written each second by default, replication is asynchronous, and with an eviction policy it drops keys when memory is full. What must not be lost belongs into a database with durable commits.',
  },
  {
    id: 'exactly-once-queue',
    says: [/\bexactly[- ]once\b/i],
    playbook: 'idempotency',
    answer:
      'No queue delivers exactly once from end to end: an acknowledgement can be lost after the work is done. What can be had is at-least-once delivery with a consumer for whom the second time does nothing.',
  },
  {
    id: 'microservices-scale-better',
    says: [
      /\bmicro-?services?\b/i,
      /\b(?:scal\w+|faster|performance|simpler|cleaner|better)\b/i,
      /\b(?:monolith|because|so|need|should|must|instead|always)\b/i,
    ],
    playbook: 'sync-or-async',
    answer:
      'Microservices do not scale better by themselves: a monolith scales by more instances too, and its calls cannot fail on the network. What they buy is teams that deploy independently; they cost distributed data, latency and operations.',
  },
  {
    id: 'add-column-always-instant',
    says: [
      /\balter (?:table|column)\b|\b(?:chang\w+|alter\w*) (?:the |a )?(?:column )?type\b/i,
      /\b(?:instant|free|no lock|doesn'?t lock|without lock\w*|safe|harmless)\b/i,
    ],
    playbook: 'zero-downtime-migration',
    answer:
      'Not every ALTER TABLE is instant: a volatile default, most changes of type and SET NOT NULL read or write the whole table under ACCESS EXCLUSIVE, and even an instant one waits for every open transaction on the table, with all others queueing behind it.',
  },
  {
    id: 'concurrently-in-transaction',
    says: [/\bconcurrently\b/i, /\btransactions?\b/i],
    unless: /outside|without|disable|cannot|can't|can not/i,
    playbook: 'zero-downtime-migration',
    answer:
      '`CREATE INDEX CONCURRENTLY` cannot run in a transaction: PostgreSQL refuses it. The migration tool has to run that step without one (`disable_ddl_transaction!`, `exports.config = { transaction: false }`, `-- no-transaction`, `autocommit_block`).',
  },
  {
    id: 'fk-indexed-automatically',
    says: [
      /\bforeign keys?\b|\bfks?\b/i,
      /\bindex\w*\b/i,
      /\b(?:automatic\w*|auto|already|by default|creates?|implicit\w*|comes with)\b/i,
    ],
    playbook: 'indexes',
    answer:
      'PostgreSQL does not index the referencing column of a foreign key (MySQL’s InnoDB does). Without it each DELETE of a parent reads the whole child table.',
  },
  {
    id: 'count-is-instant',
    says: [/\bcount\s*\(\s*\*\s*\)|\bcount\(1\)/i, /\b(?:instant|constant|fast|cached|o\(1\)|free)\b/i],
    playbook: 'slow-query',
    answer:
      '`count(*)` reads: in PostgreSQL and InnoDB every visible row, or an index of them, is visited, since each transaction may see another number. `count(1)` and `count(id)` are not faster.',
  },
  {
    id: 'in-memory-rate-limit',
    says: [
      /\b(?:in[- ]memory|map|variable|local)\b/i,
      /\brate[- ]?limit\w*/i,
      /\b(?:instances?|pods?|replicas?|servers?|cluster|lambda)\b/i,
    ],
    playbook: 'rate-limits',
    answer:
      'A counter in the memory of one process limits that process: with ten instances a caller gets ten times as much, and a restart forgets. Shared limits need a shared counter.',
  },
  {
    id: 'env-vars-are-secret-store',
    says: [
      /\b(?:env(?:ironment)? (?:vars?|variables?|files?)|\.env|dotenv)\b/i,
      /\b(?:commit\w*|git|repo\w*|check(?:ed)? in|push\w*)\b/i,
    ],
    playbook: 'settings-and-secrets',
    answer:
      'A `.env` file with real secrets does not belong into the repository, private or not: it stays in the history, in every clone and fork. Commit a `.env.example` without values; what was committed once has to be rotated, deleting it is not enough.',
  },
  {
    id: 'get-for-changes',
    says: [
      /\bget\b/i,
      /\b(?:delet\w+|updat\w+|creat\w+|chang\w+ (?:the )?(?:state|status)|pay\w*|unsubscribe)\b/i,
      /\b(?:request|endpoint|method|route|instead of post|link|http)\b/i,
    ],
    unless: /\bget (?:rid|the|a|all|it|my|deleted|error)\b/i,
    playbook: 'api-contract',
    answer:
      'GET must change nothing: browsers prefetch it, crawlers and link scanners follow it, proxies repeat and cache it. Use POST, PUT, PATCH or DELETE for what has an effect.',
  },
  {
    id: 'cache-fixes-slow-query',
    says: [/\b(?:just|simply|only)\b/i, /\b(?:cach\w+|redis)\b/i, /\b(?:slow|fix|solve|problem)\w*\b/i],
    playbook: 'caching',
    answer:
      'A cache does not repair a slow query, it hides it until the key expires: then every waiting request runs it at the same moment. Look at the plan first; cache what is already as fast as it can be and asked very often.',
  },
  {
    id: 'timestamp-holds-zone',
    says: [
      /\btimestamptz|timestamp with time ?zone\b/i,
      /\b(?:stores?|keeps?|saves?|remember\w*|holds?)\b/i,
      /\btime ?zones?|offset\b/i,
    ],
    unless: /does(?:n't| not)|local time/i,
    playbook: 'time',
    answer:
      '`timestamptz` stores no time zone: it is a point in time, kept in UTC and shown in the zone of the session. Where the zone of the person matters (a meeting next year), keep its name in a column of its own.',
  },
  {
    id: 'repeatable-read-mysql',
    says: [/\brepeatable read\b/i, /\b(?:prevent\w*|protect\w*|safe|enough|avoid\w*)\b/i],
    playbook: 'lost-updates',
    answer:
      'REPEATABLE READ means different things: PostgreSQL aborts the second writer (SQLSTATE 40001, and you must retry); MySQL’s lets it write over what it did not read. Neither protects a rule over several rows against write skew.',
  },
  {
    id: 'logout-deletes-jwt',
    says: [
      /\b(?:jwts?|tokens?)\b/i,
      /\b(?:log ?out|revoke|ban|invalidate|kick)\b/i,
      /\b(?:delet\w+|remov\w+|clear\w*|client|local ?storage|cookie)\b/i,
    ],
    playbook: 'sessions-and-tokens',
    answer:
      'Deleting a JWT in the client does not end it: a copy stays valid until it expires. Revoking needs the server: short lives with a refresh token that is stored and can be withdrawn, or a session that is looked up.',
  },
  {
    id: 'hide-errors-200',
    says: [/\b(?:200|status ok)\b/i, /\b(?:error|fail)\w*/i, /\b(?:always|return|send|respond|body|success)\w*\b/i],
    playbook: 'error-shapes',
    answer:
      'An error with status 200 is a success for every proxy, client library, retry and monitor in between. Use the 4xx and 5xx codes, with one machine-readable error shape in the body.',
  },
  {
    id: 'drop-column-reversible',
    says: [
      /\bdrop(?:ping|ped)?\b/i,
      /\b(?:column|table)\b/i,
      /\b(?:roll(?:ed)? ?back|undo|revers\w+|down migration|restore\w*|add it (?:back|again))\b/i,
    ],
    playbook: 'rollback-of-migrations',
    answer:
      'The down of a DROP brings back the column, not its data. Structure comes back from the migration, values only from a backup or from a copy that was kept aside before.',
  },
  {
    id: 'vacuum-full',
    says: [/\bvacuum full\b/i],
    playbook: 'slow-query',
    answer:
      '`VACUUM FULL` rewrites the table under ACCESS EXCLUSIVE: nobody reads or writes it meanwhile. It is no regular maintenance; let autovacuum run more often, and use pg_repack or pg_squeeze where space must be given back while in use.',
  },
];
