/** Insecure wishes, and what serves their purpose safely: the answer says why not in one breath, and what to do instead. */
import type { Claim } from './claim';

const SECRET = /\b(?:pass(?:word|wd)s?|secrets?|tokens?|api[- ]?keys?|credentials?|private keys?)\b/i;

export const insecureWishes: readonly Claim[] = [
  {
    id: 'disable-tls-verification',
    says: [
      /(?:rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED|verify\s*=\s*false|InsecureSkipVerify|sslmode=disable|sslmode=require|trustServerCertificate|\b(?:disable|turn off|skip|ignore|bypass|switch off)\b.{0,40}\b(?:tls|ssl|certificates?|cert)\b)/i,
    ],
    playbook: 'sensitive-data',
    answer:
      'I will not switch certificate verification off, not for a test either: it lets anybody on the way read and change everything. Give the client the authority that signed the certificate (`ca`, `sslrootcert` with `sslmode=verify-full`, `NODE_EXTRA_CA_CERTS`, `REQUESTS_CA_BUNDLE`); in development make a local authority with mkcert.',
  },
  {
    id: 'plain-passwords',
    says: [
      /\b(?:plain ?text|clear ?text|unhashed|readable|without hash\w*|as is|decrypt\w*|reversibl\w*|email (?:them|him|her|users?) (?:their|the|his)|(?:by|per|via|in an?) e?-?mail)\b/i,
      /\bpass(?:word|wd)s?\b/i,
    ],
    unless: /why (?:not|should(?:n't| not)|is it bad)|never|avoid|reset (?:link|mail|email|token)/i,
    playbook: 'password-storage',
    answer:
      'Passwords are never stored or sent in a form that can be read back. Store an argon2id (or scrypt, bcrypt) hash, and give a forgetful user a single-use link that expires, so that nobody needs the old password.',
  },
  {
    id: 'fast-hash',
    says: [/\b(?:md5|sha-?1|sha-?256|sha-?512|crc32)\b/i, /\bpass(?:word|wd)s?\b/i],
    playbook: 'password-storage',
    answer:
      'Not with a fast hash. Use argon2id with a salt per password (the library makes it); existing hashes are wrapped now (`argon2id(old_hash)`) and replaced at each next sign-in.',
  },
  {
    id: 'card-numbers',
    says: [
      /\b(?:store|save|keep|log|base-?64|encrypt|hash|column|table)\w*\b/i,
      /\b(?:card numbers?|credit ?cards?|cvv|cvc|\bpan\b)/i,
    ],
    unless: /\b(?:without|never|not|don'?t|avoid|token)\b.{0,25}\b(?:stor|sav|keep|touch)/i,
    playbook: 'payments',
    answer:
      'Do not keep card numbers at all, and never the CVV (PCI DSS forbids it after authorisation, encrypted or not). Let the payment provider’s hosted fields take the card, and store its token, the last four digits and the expiry.',
  },
  {
    id: 'sql-concatenation',
    says: [
      /\b(?:concat\w*|template (?:string|literal)s?|string interpolation|f-?strings?|string format\w*|raw sql string|put .{0,30} (?:into|in) the (?:sql|query))\b/i,
      /\b(?:sql|quer(?:y|ies)|where|select)\b/i,
    ],
    unless:
      /\b(?:avoid|instead of|prevent|replace|why|without|dangerous|danger|vulnerab\w*|fix|string_agg|group_concat)\b/i,
    playbook: 'sql-injection',
    answer:
      'Values never become part of the SQL text: bind them as parameters, in every driver that is one argument more. Table and column names, which cannot be bound, are chosen from a fixed list.',
  },
  {
    id: 'commit-secrets',
    says: [
      /\b(?:commit|hard-?cod\w*|check in|push|put|store|keep|embed)\w*\b/i,
      SECRET,
      /\b(?:code|repo\w*|git\w*|source|docker ?file|image|constant|frontend|config file|\.env)\b/i,
    ],
    unless:
      /\b(?:avoid|without|remove|removing|leaked|accidentally|never|not to|instead|prevent|detect|how do i keep|out of|found)\b/i,
    playbook: 'settings-and-secrets',
    answer:
      'A secret does not go into code, an image or the repository, private or not: every clone and every layer keeps it. Read it at start from the platform’s secret store or the environment; for development a `.env` that git ignores, beside a `.env.example` without values.',
  },
  {
    id: 'log-secrets',
    says: [
      /\blog(?:s|ged|ging)?\b/i,
      /\b(?:pass(?:word|wd)s?|tokens?|secrets?|authorization header|request bod(?:y|ies)|credit ?cards?|headers|full request|everything)\b/i,
    ],
    unless: /\b(?:without|avoid|redact\w*|mask\w*|never|prevent|remove|stop|not log|don'?t log|log ?in|log ?out)\b/i,
    playbook: 'observability',
    answer:
      'Not passwords, tokens, authorization headers or whole bodies: logs are read by many, shipped far and kept long. Log a request id, the route, the user’s opaque id and the outcome, and let the logger redact a list of fields by default.',
  },
  {
    id: 'skip-auth',
    says: [
      /\b(?:skip|disable|bypass|no|without|turn off|remove|leave out|open up|comment out)\b/i,
      /\b(?:auth(?:entication|orization|n|z)?|login|permission checks?|access checks?|token check\w*)\b/i,
    ],
    unless:
      /\b(?:rate limit\w*|without (?:losing|breaking)|can (?:an )?(?:attacker|someone|anyone|users?)|prevent|no longer|why|log ?in page|magic link|passwordless|without a password|detect|how do i stop)\b/i,
    playbook: 'authentication',
    answer:
      'The check stays on, in tests and for internal callers too: “internal” ends with the first forwarded port. For tests make a real token with a test key; for machines use a service identity with its own narrow rights; for development seed a user.',
  },
  {
    id: 'secret-in-url',
    says: [
      /\b(?:url|query ?string|query param\w*|get param\w*|\?token)/i,
      SECRET,
      /\b(?:pass|put|send|add|in|as|via|through)\b/i,
    ],
    unless: /\b(?:instead|avoid|safe to|not|prevent|rotate|database_?url|redirect)\b/i,
    playbook: 'sessions-and-tokens',
    answer:
      'Not in the URL: it stands in access logs, browser history and the Referer header. Send it in the `Authorization` header or a `Secure; HttpOnly; SameSite` cookie; for a link that must work alone use a single-use token that expires in minutes.',
  },
  {
    id: 'token-in-local-storage',
    says: [/\b(?:local ?storage|session ?storage)\b/i, /\b(?:tokens?|jwts?|session|refresh)\b/i],
    playbook: 'sessions-and-tokens',
    answer:
      'A token in localStorage is read by any script that gets into the page, once. Keep the session in a cookie with `HttpOnly; Secure; SameSite=Lax` and guard changes against CSRF; if it must be a token, hold a short-lived one in memory and the refresh token in such a cookie.',
  },
  {
    id: 'cors-star-credentials',
    says: [
      /\b(?:cors|access-control-allow-origin|origin)\b/i,
      /(?:\*|\b(?:all|any|every|wildcard|everything|reflect\w*|disable|turn off|allow all)\b)/i,
    ],
    unless: /\b(?:why|public api without|avoid|dangerous|risk)\b/i,
    playbook: 'cors',
    answer:
      'Not every origin: with credentials browsers refuse `*`, and reflecting any origin gives each web page the user’s session. List the exact origins from the settings, and answer unknown ones without the header.',
  },
  {
    id: 'admin-db-user',
    says: [
      /\b(?:superuser|root user|postgres user|as root|admin (?:user|role|account)|db_?owner|grant all|all privileges|sa account)\b/i,
      /\b(?:app\w*|service|connect\w*|database|db|backend|everything|grant|use)\b/i,
    ],
    unless:
      /\b(?:why|avoid|instead|instead of|connection slots|least privilege|admin dashboard|admin panel|role system)\b/i,
    playbook: 'authorization',
    answer:
      'The application does not connect as a superuser: one injection would own the server. Give it a role that may read and write its tables; migrations run as another role that owns them; reports get a third that only reads.',
  },
  {
    id: 'public-database',
    says: [
      /\b(?:expose|open|public(?:ly)?|0\.0\.0\.0|internet|anywhere|any ip|whole world)\b/i,
      /\b(?:database|postgres\w*|mysql|mongo\w*|redis|port 5432|5432|6379|27017|3306|firewall|security group)\b/i,
    ],
    unless:
      /\b(?:public schema|why|avoid|prevent|open ?source|connections? (?:are )?open|open connections?|open transaction|expose .{0,20}api)\b/i,
    playbook: 'settings-and-secrets',
    answer:
      'The database does not listen to the internet. Reach it through a private network, a VPN, an SSH tunnel or the cloud’s identity-aware proxy, with TLS verified and a narrow role; open ports are found by scanners within minutes to hours.',
  },
  {
    id: 'eval-input',
    says: [
      /\b(?:eval|exec|new function|child_process|shell command|os\.system|subprocess|pickle|unserialize|yaml\.load|vm module)\b/i,
      /\b(?:user|input|request|formula|expression|filter|upload\w*|body|param\w*|client|customers?)\b/i,
    ],
    unless: /\b(?:avoid|instead of|replace|safe alternative|dangerous|vulnerab\w*)\b/i,
    playbook: 'validation',
    answer:
      'Input is never executed or deserialised into objects: that gives the server away. Parse it into data with a schema, and let a small interpreter of the operations that you allow (or a library such as a JSON-logic or CEL evaluator) work on it; for commands call the program with an argument list, without a shell.',
  },
  {
    id: 'home-made-crypto',
    says: [
      /\b(?:own|custom|home-?made|roll (?:my|our) own|invent|xor|caesar|rot13|simple)\b/i,
      /\b(?:encrypt\w*|crypto\w*|cipher|hash(?:ing)? (?:function|algorithm)|token (?:scheme|format)|signature)\b/i,
    ],
    playbook: 'sensitive-data',
    answer:
      'Not a cipher of our own: what looks scrambled is usually read in an afternoon. Use an authenticated standard (AES-256-GCM or XChaCha20-Poly1305) from a well-kept library, with keys from a KMS and a new nonce each time.',
  },
  {
    id: 'ecb-or-fixed-iv',
    says: [/\b(?:ecb|static iv|fixed iv|same iv|constant iv|same nonce|hard-?coded key|\bdes\b|rc4|3des)\b/i],
    playbook: 'sensitive-data',
    answer:
      'ECB, a fixed IV, DES and RC4 leak the content. Use AES-256-GCM with a fresh random 96-bit nonce for each value, and the key from a KMS.',
  },
  {
    id: 'weak-random',
    says: [
      /\b(?:math\.random|random\.random|rand\(\)|mt_rand|timestamp|date\.now|sequential|incrementing|4[- ]digit)\b/i,
      /\b(?:tokens?|session ids?|reset (?:link|code|token)|otp|api keys?|secret|password)\b/i,
    ],
    playbook: 'sessions-and-tokens',
    answer:
      'Tokens come from a cryptographic source, at least 128 bits: `crypto.randomBytes(32)`, `secrets.token_urlsafe(32)`. Store only their SHA-256, let them expire, and limit the attempts.',
  },
  {
    id: 'trust-user-id',
    says: [
      /\b(?:user_?id|customer_?id|tenant_?id|role|is_?admin|account_?id|price|amount|total)\b/i,
      /\b(?:from|in) (?:the )?(?:request|body|client|query|header|frontend|form|hidden field|cookie|url)\b/i,
    ],
    unless: /\b(?:avoid|never|instead|is it (?:safe|ok|secure)|prevent|not trust|don'?t)\b.{0,20}\b(?:trust|take)?/i,
    playbook: 'ownership-checks',
    answer:
      'Who somebody is, which tenant they belong to and what something costs never comes from the request: take the user from the verified session, the role from the database and the price from the catalogue, and check that the row belongs to them.',
  },
  {
    id: 'mass-assignment',
    says: [
      /\b(?:spread|req(?:uest)?\.body|\*\*(?:kwargs|request|data)|whole body|entire body|mass assign\w*|all fields|fillable|guarded)\b/i,
      /\b(?:insert|update|create|save|model|orm|directly|straight|into)\w*\b/i,
    ],
    unless: /\b(?:avoid|prevent|protect|dangerous|stop)\b/i,
    playbook: 'validation',
    answer:
      'The body does not go into the model as it is: somebody will send `"role": "admin"`. Pick the allowed fields through a schema that refuses or drops the rest.',
  },
  {
    id: 'stack-traces',
    says: [
      /\b(?:stack ?traces?|internal errors?|exception (?:message|details?)|sql errors?|error\.message|err\.message|raw error|database errors?)\b/i,
      /\b(?:client|user|response|frontend|return|send|show|expose|json)\b/i,
    ],
    unless: /\b(?:avoid|hide|without|prevent|never|not|stop)\b/i,
    playbook: 'error-shapes',
    answer:
      'Internals stay inside: stack traces and SQL errors tell an attacker tables, versions and paths. Answer with a stable code, a sentence that helps the caller and a request id; the whole error goes into the log under that id.',
  },
  {
    id: 'chmod-777',
    says: [
      /\b(?:chmod 777|777|privileged container|run as root|user root|--privileged|disable selinux|setenforce 0)\b/i,
    ],
    playbook: 'settings-and-secrets',
    answer:
      'Not open to everybody, and not as root: one hole in one dependency would own the machine. Give the process a user of its own, the folders that it needs, and a read-only file system with a writable temporary folder.',
  },
  {
    id: 'no-rate-limit-login',
    says: [
      /\b(?:unlimited|no (?:rate )?limit|remove (?:the )?rate limit\w*|disable (?:the )?(?:rate limit\w*|lockout|captcha|throttl\w*)|without (?:a )?(?:rate )?limit\w*)\b/i,
    ],
    unless: /\b(?:select|query|rows|list|pagination|pool)\b/i,
    playbook: 'rate-limits',
    answer:
      'Sign-in, codes and resets keep their limit: without one, lists of leaked passwords are tried at thousands a minute. If it hits honest users, count failures by account and by network with a growing delay, and let successes reset it.',
  },
  {
    id: 'production-data-in-dev',
    says: [
      /\b(?:production|prod|live|real|customer) (?:data(?:base)?|dump|db|copy|users?)\b/i,
      /\b(?:dev(?:elopment)?|local(?:ly)?|laptop|staging|test(?:s|ing)?|intern)\b/i,
      /\b(?:copy|dump|use|import|load|restore|download|clone|sync|put)\w*\b/i,
    ],
    unless: /\b(?:anonymi[sz]\w*|mask\w*|synthetic|without|fast locally|slow in)\b/i,
    playbook: 'sensitive-data',
    answer:
      'Not with real people in it: a laptop or a staging system has none of production’s guards. Generate data of the same size and skew, or anonymise inside production’s boundary (replace, not merely hash, names, mails, free text) and export only the result.',
  },
  {
    id: 'jwt-none',
    says: [
      /\b(?:alg\w*\W{0,3}none|"none"|decode (?:the )?(?:jwt|token)|jwt\.decode|without verif\w*|skip (?:the )?(?:signature|verif\w*)|ignore ?expiration|verify_signature|never expires?|no expir\w*|expires? in (?:10|20|100) years?|long[- ]lived)\b/i,
      /\b(?:jwts?|tokens?|signature)\b/i,
    ],
    unless: /\b(?:attack|prevent|avoid|why)\b/i,
    playbook: 'sessions-and-tokens',
    answer:
      'A token is always verified: signature, a fixed list of algorithms (never `none`), issuer, audience and expiry. Let access tokens live 5 to 15 minutes and refresh them; a token that never ends is a password that nobody can change.',
  },
  {
    id: 'shared-account',
    says: [
      /\b(?:share|shared|same|one|single)\b/i,
      /\b(?:account|login|password|api key|credentials?|db user|database user)\b/i,
      /\b(?:team|everyone|everybody|all (?:services|developers|devs|customers|tenants|users|environments)|developers|services|between)\b/i,
    ],
    unless: /\b(?:share (?:data|rows|a table)|shared (?:table|schema|database))\b/i,
    playbook: 'settings-and-secrets',
    answer:
      'Each person and each service has an identity of its own: else nobody can say who did it, and one leaver or one leak means changing it everywhere. Use single sign-on for people and a role per service, with only the rights it needs.',
  },
  {
    id: 'backdoor',
    says: [
      /\b(?:back ?door|master (?:password|key|token)|secret (?:endpoint|route|param\w*|header)|hidden (?:endpoint|route|admin)|magic (?:password|header|value)|universal password)\b/i,
    ],
    unless: /\b(?:detect|find|prevent|avoid|magic link)\b/i,
    playbook: 'authentication',
    answer:
      'No second door: it is found, in the code, in the logs or by a colleague who leaves. For support use impersonation: an own identity with its own right, time-limited, shown to the user and written to the audit log.',
  },
  {
    id: 'security-by-obscurity',
    says: [
      /\b(?:nobody|no one|noone|hackers?|they)\b.{0,30}\b(?:know|guess|find|knows|guesses|finds)\b/i,
      /\b(?:url|endpoint|id|port|admin|path|route|api|table)\b/i,
    ],
    playbook: 'authorization',
    answer:
      'That nobody knows the address is no protection: it stands in logs, bundles and browser histories, and scanners try the usual names. Put authentication and a check of rights before it.',
  },
  {
    id: 'disable-constraints',
    says: [
      /\b(?:disable|drop|remove|turn off|skip|get rid of|session_replication_role|foreign_key_checks)\b/i,
      /\b(?:foreign keys?|constraints?|fk checks?|triggers?|not null|session_replication_role|foreign_key_checks)\b/i,
      /\b(?:faster|speed|performance|annoying|errors?|import|easier|quick|simpl\w+|slow|fail\w*|so that|because)\b/i,
    ],
    playbook: 'bulk-writes',
    answer:
      'The constraints stay: rows that break them would be found by users, one by one, later. For a large load, load into a staging table without constraints, find and mend what breaks them, and move the rest over; a constraint that must be rebuilt comes back NOT VALID and is validated.',
  },
  {
    id: 'edit-production',
    says: [
      /\b(?:directly|manually|by hand|just run|quick(?:ly)?|straight)\b/i,
      /\b(?:prod(?:uction)?|live)\b/i,
      /\b(?:delete|update|alter|drop|sql|edit|change|fix|hotfix|patch|insert)\b/i,
    ],
    unless: /\b(?:avoid|instead|without|prevent|safe way|safely)\b/i,
    playbook: 'rollback-of-migrations',
    answer:
      'Not by hand on the live database without a net. Write it as a reviewed script, try it on a copy, run it as `BEGIN; …; SELECT count(*)…;` and compare the number of rows before COMMIT, with the old values kept in a table, a second pair of eyes and a log of what was run.',
  },
  {
    id: 'skip-backup',
    says: [/\b(?:skip|no|without|don'?t need|disable|turn off|save money)\b/i, /\bbackups?\b/i],
    unless:
      /\b(?:without downtime|no downtime|without locking|from (?:a |the )?backup|without (?:stopping|blocking))\b/i,
    playbook: 'backups',
    answer:
      'Keep the backup: the question is not whether something is deleted by mistake but when. What can be saved on is the cost: continuous archiving with a weekly base backup, compressed, with a lifecycle to cold storage.',
  },
  {
    id: 'webhook-unverified',
    says: [
      /\bwebhooks?\b/i,
      /\b(?:skip|without|ignore|trust|no|disable|don'?t)\b.{0,30}\b(?:signatures?|verif\w*|auth\w*|check\w*|secret)\b/i,
    ],
    playbook: 'webhooks',
    answer:
      'A webhook without a verified signature is an open endpoint: anybody can post “paid”. Verify the HMAC over the raw body in constant time, refuse old timestamps, and take each event id once.',
  },
  {
    id: 'scrape-or-attack',
    says: [
      /\b(?:hack|exploit|ddos|crack|steal|brute[- ]?force|phish\w*|bypass (?:the )?(?:paywall|login)|dump (?:the )?(?:users|passwords) of)\b/i,
      /\b(?:someone|somebody|their|another|competitor\w*|other|his|her|a site|website|company)\b/i,
    ],
    unless: /\b(?:prevent|protect|stop|defend|against|detect|from being)\b/i,
    answer:
      'I do not help to get into what belongs to others. If it is yours, or you are asked in writing to test it, I help to find and close the hole: begin with `/security`.',
  },
  {
    id: 'md5-integrity',
    says: [/\bmd5|sha-?1\b/i, /\b(?:sign\w*|webhook|integrity|hmac|token|tamper\w*)\b/i],
    unless: /pass(?:word|wd)/i,
    playbook: 'webhooks',
    answer:
      'Not MD5 or SHA-1 for anything that must not be forged. Use HMAC-SHA-256 with a random key, over the exact bytes, compared in constant time.',
  },
  {
    id: 'open-upload',
    says: [
      /\b(?:upload\w*|file name|filename|path)\b/i,
      /\b(?:any (?:file|type)|original (?:file ?)?name|user'?s? file ?name|without check\w*|no (?:limit|validation|check\w*)|public folder|web ?root|trust (?:the )?(?:extension|content[- ]type|mime))\b/i,
    ],
    playbook: 'file-uploads',
    answer:
      'An upload gets a name of ours, a size limit, a type that is told from its bytes, and lies outside of what the web server executes, on another origin. Its own name is data to show, escaped.',
  },
];
