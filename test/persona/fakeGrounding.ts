/** A workspace in memory: two tables, a finding, Express with node-postgres. */
import type {
  ChangeFacts,
  GroundedFinding,
  Grounding,
  StackFacts,
  TableFacts,
  TeamFile,
} from '../../src/persona/grounding';

const column = (name: string, type: string, notNull = true, value?: string) => ({
  name,
  type,
  notNull,
  ...(value === undefined ? {} : { default: value }),
});

export const CUSTOMERS: TableFacts = {
  schema: 'public',
  name: 'customers',
  columns: [column('id', 'uuid'), column('email', 'text'), column('password_hash', 'text')],
  primaryKey: ['id'],
  uniques: [['email']],
  foreignKeys: [],
  checks: [],
  indexes: [{ name: 'customers_pkey', unique: true, on: '(id)', columns: ['id'], partial: false }],
  complete: true,
};

export const ORDERS: TableFacts = {
  schema: 'public',
  name: 'orders',
  columns: [
    column('id', 'uuid', true, 'gen_random_uuid()'),
    column('customer_id', 'uuid'),
    column('status', 'text', true, "'pending'"),
    column('total_cents', 'integer'),
    column('note', 'text', false),
    column('placed_at', 'timestamp with time zone', true, 'now()'),
  ],
  primaryKey: ['id'],
  uniques: [],
  foreignKeys: [
    {
      name: 'orders_customer_id_fkey',
      columns: ['customer_id'],
      table: 'customers',
      referenced: ['id'],
      onDelete: 'no action',
    },
  ],
  checks: [{ name: 'orders_status_check', expression: "status IN ('pending', 'paid')", columns: ['status'] }],
  indexes: [{ name: 'orders_pkey', unique: true, on: '(id)', columns: ['id'], partial: false }],
  complete: true,
  from: { file: 'migrations/001_orders.sql', line: 1 },
};

export const FINDING: GroundedFinding = {
  rule: 'n-plus-one',
  level: 'warning',
  concern: 'performance',
  file: 'src/routes/orders.ts',
  line: 12,
  what: '`linesOf()` runs once for every order.',
  why: 'A list of 1,000 costs 1,000 round trips.',
  remedy: 'Ask for all of them at once.',
  fingerprint: 'abcd1234abcd1234',
  fixes: [{ title: 'Fetch before the loop', safety: 'suggestion', diff: '--- a\n+++ a\n@@ -1,1 +1,1 @@\n-old\n+new' }],
  related: [{ file: 'src/lines.ts', line: 3, says: 'the query' }],
};

const STACK: StackFacts = {
  language: 'typescript',
  uses: [{ name: 'Express', role: 'framework', package: 'npm:express' }],
  dialect: 'postgresql',
  dialectKnown: true,
  manifests: [{ file: 'package.json' }],
};

export interface Fake {
  readonly stack?: Partial<StackFacts>;
  readonly tables?: readonly TableFacts[];
  readonly findings?: readonly GroundedFinding[];
  readonly teamFiles?: readonly TeamFile[];
  readonly trusted?: boolean;
  readonly texts?: Readonly<Record<string, string>>;
  readonly changes?: ChangeFacts;
}

export const fakeGrounding = ({
  stack,
  tables = [CUSTOMERS, ORDERS],
  findings = [FINDING],
  teamFiles = [],
  trusted = true,
  texts = {},
  changes = { because: 'this is no git repository' },
}: Fake = {}): Grounding => ({
  name: 'shop',
  trusted,
  stack: async () => ({ ...STACK, ...stack }),
  findings: async ({ rules, path } = {}) => ({
    findings: findings.filter(
      ({ rule, file }) => (!rules || rules.includes(rule)) && (path === undefined || file.startsWith(path)),
    ),
    reviewed: 10,
    of: 10,
  }),
  schema: async () => ({ tables, limits: [] }),
  migrations: async () => [
    {
      tool: 'knex',
      folder: 'migrations',
      dialect: 'postgresql',
      steps: 3,
      last: { name: '003_last', file: 'migrations/003_last.ts' },
      withoutDown: [],
      downsByDesign: false,
    },
  ],
  uses: async () => [{ file: 'src/routes/orders.ts', line: 9 }],
  files: async () => [
    'src/routes/orders.ts',
    'src/services/orders.ts',
    'src/repositories/orders.ts',
    'test/unit/pricing.test.ts',
  ],
  teamFiles: async () => teamFiles,
  read: async file => {
    const text = texts[file];
    if (text === undefined) throw new Error(`there is no file ${file}`);
    return text;
  },
  changes: async () => changes,
});
