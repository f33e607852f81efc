/**
 * Folders of fifty migrations in four formats, each with one down that looks right and is not. One description is written
 * as plain pairs, for dbmate, for Knex and for Alembic.
 */

/** One migration, as each format writes it. */
interface Step {
  readonly name: string;
  readonly sql: readonly [up: string, down: string];
  readonly knex: readonly [up: string, down: string];
  readonly alembic: readonly [up: string, down: string];
}

const TABLES = ['customers', 'products', 'orders', 'invoices', 'shipments'] as const;

const plain = (name: string, up: string, down: string): Step => ({
  name,
  sql: [`${up};`, `${down};`],
  knex: [`await knex.raw(\`${up}\`);`, `await knex.raw(\`${down}\`);`],
  alembic: [`op.execute("""${up}""")`, `op.execute("""${down}""")`],
});

/** Ten changes around one table. */
const stepsOf = (table: string): readonly Step[] => [
  {
    name: `create_${table}`,
    sql: [
      `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(80) NOT NULL, total integer NOT NULL DEFAULT 0);`,
      `DROP TABLE ${table};`,
    ],
    knex: [
      `await knex.schema.createTable('${table}', t => {\n    t.bigIncrements('id');\n    t.string('name', 80).notNullable();\n    t.integer('total').notNullable().defaultTo(0);\n  });`,
      `await knex.schema.dropTable('${table}');`,
    ],
    alembic: [
      `op.create_table('${table}', sa.Column('id', sa.BigInteger(), primary_key=True), sa.Column('name', sa.String(80), nullable=False), sa.Column('total', sa.Integer(), server_default='0', nullable=False))`,
      `op.drop_table('${table}')`,
    ],
  },
  {
    name: `note_of_${table}`,
    sql: [`ALTER TABLE ${table} ADD COLUMN note text NOT NULL DEFAULT '';`, `ALTER TABLE ${table} DROP COLUMN note;`],
    knex: [
      `await knex.schema.alterTable('${table}', t => { t.text('note').notNullable().defaultTo(''); });`,
      `await knex.schema.alterTable('${table}', t => { t.dropColumn('note'); });`,
    ],
    alembic: [
      `op.add_column('${table}', sa.Column('note', sa.Text(), server_default='', nullable=False))`,
      `op.drop_column('${table}', 'note')`,
    ],
  },
  {
    name: `index_names_of_${table}`,
    sql: [`CREATE UNIQUE INDEX ${table}_name_idx ON ${table} (name);`, `DROP INDEX ${table}_name_idx;`],
    knex: [
      `await knex.raw('CREATE UNIQUE INDEX ${table}_name_idx ON ${table} (name)');`,
      `await knex.schema.alterTable('${table}', t => { t.dropIndex([], '${table}_name_idx'); });`,
    ],
    alembic: [
      `op.create_index('${table}_name_idx', '${table}', ['name'], unique=True)`,
      `op.drop_index('${table}_name_idx', table_name='${table}')`,
    ],
  },
  {
    name: `limit_totals_of_${table}`,
    sql: [
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_total_positive CHECK (total >= 0);`,
      `ALTER TABLE ${table} DROP CONSTRAINT ${table}_total_positive;`,
    ],
    knex: [
      `await knex.raw('ALTER TABLE ${table} ADD CONSTRAINT ${table}_total_positive CHECK (total >= 0)');`,
      `await knex.raw('ALTER TABLE ${table} DROP CONSTRAINT ${table}_total_positive');`,
    ],
    alembic: [
      `op.create_check_constraint('${table}_total_positive', '${table}', 'total >= 0')`,
      `op.drop_constraint('${table}_total_positive', '${table}', type_='check')`,
    ],
  },
  {
    name: `widen_totals_of_${table}`,
    sql: [
      `ALTER TABLE ${table} ALTER COLUMN total TYPE bigint;`,
      `ALTER TABLE ${table} ALTER COLUMN total TYPE integer;`,
    ],
    knex: [
      `await knex.raw('ALTER TABLE ${table} ALTER COLUMN total TYPE bigint');`,
      `await knex.raw('ALTER TABLE ${table} ALTER COLUMN total TYPE integer');`,
    ],
    alembic: [
      `op.alter_column('${table}', 'total', type_=sa.BigInteger(), existing_type=sa.Integer())`,
      `op.alter_column('${table}', 'total', type_=sa.Integer(), existing_type=sa.BigInteger())`,
    ],
  },
  {
    name: `rename_names_of_${table}`,
    sql: [`ALTER TABLE ${table} RENAME COLUMN name TO title;`, `ALTER TABLE ${table} RENAME COLUMN title TO name;`],
    knex: [
      `await knex.schema.alterTable('${table}', t => { t.renameColumn('name', 'title'); });`,
      `await knex.schema.alterTable('${table}', t => { t.renameColumn('title', 'name'); });`,
    ],
    alembic: [
      `op.alter_column('${table}', 'name', new_column_name='title')`,
      `op.alter_column('${table}', 'title', new_column_name='name')`,
    ],
  },
  plain(
    `sums_of_${table}`,
    `CREATE VIEW ${table}_sums AS SELECT title, sum(total) AS total FROM ${table} GROUP BY title`,
    `DROP VIEW ${table}_sums`,
  ),
  plain(
    `state_of_${table}`,
    `CREATE TYPE ${table}_state AS ENUM ('new', 'done'); ALTER TABLE ${table} ADD COLUMN state ${table}_state NOT NULL DEFAULT 'new'`,
    `ALTER TABLE ${table} DROP COLUMN state; DROP TYPE ${table}_state`,
  ),
  {
    name: `no_notes_in_${table}`,
    sql: [`ALTER TABLE ${table} DROP COLUMN note;`, `ALTER TABLE ${table} ADD COLUMN note text NOT NULL DEFAULT '';`],
    knex: [
      `await knex.schema.alterTable('${table}', t => { t.dropColumn('note'); });`,
      `await knex.schema.alterTable('${table}', t => { t.text('note').notNullable().defaultTo(''); });`,
    ],
    alembic: [
      `op.drop_column('${table}', 'note')`,
      `op.add_column('${table}', sa.Column('note', sa.Text(), server_default='', nullable=False))`,
    ],
  },
  plain(
    `sums_of_${table}_by_state`,
    `DROP VIEW ${table}_sums; CREATE VIEW ${table}_sums AS SELECT state, sum(total) AS total FROM ${table} GROUP BY state`,
    `DROP VIEW ${table}_sums; CREATE VIEW ${table}_sums AS SELECT title, sum(total) AS total FROM ${table} GROUP BY title`,
  ),
];

export interface Folder {
  readonly format: string;
  readonly files: ReadonlyMap<string, string>;
  /** The file with the wrong down, and what it leaves otherwise. */
  readonly wrong: { readonly file: string; readonly object: string };
}

const STEPS: readonly Step[] = TABLES.flatMap(stepsOf);

/** A step by name with one thing of its down replaced. */
function spoilt(name: string, from: string, to: string): readonly Step[] {
  return STEPS.map(step => {
    if (step.name !== name) return step;
    const change = ([up, down]: readonly [string, string]): readonly [string, string] => [up, down.replace(from, to)];
    return { name, sql: change(step.sql), knex: change(step.knex), alembic: change(step.alembic) };
  });
}

const number = (at: number): string => String(at + 1).padStart(4, '0');

export function folders(): readonly Folder[] {
  const pairs = spoilt('widen_totals_of_orders', 'TYPE integer', 'TYPE smallint');
  const dbmate = spoilt('no_notes_in_invoices', " NOT NULL DEFAULT ''", " DEFAULT ''");
  const knex = spoilt('state_of_products', '; DROP TYPE products_state', '');
  const alembic = spoilt('no_notes_in_shipments', ", server_default=''", '');
  const name = (steps: readonly Step[], wanted: string): string => {
    const at = steps.findIndex(each => each.name === wanted);
    return `${number(at)}_${wanted}`;
  };
  return [
    {
      format: 'plain pairs',
      files: new Map(
        pairs.flatMap(({ name: each, sql: [up, down] }, at): [string, string][] => [
          [`db/${number(at)}_${each}.up.sql`, `${up}\n`],
          [`db/${number(at)}_${each}.down.sql`, `${down}\n`],
        ]),
      ),
      wrong: { file: `db/${name(pairs, 'widen_totals_of_orders')}.down.sql`, object: 'orders.total' },
    },
    {
      format: 'dbmate',
      files: new Map(
        dbmate.map(({ name: each, sql: [up, down] }, at) => [
          `db/migrations/${number(at)}_${each}.sql`,
          `-- migrate:up\n${up}\n\n-- migrate:down\n${down}\n`,
        ]),
      ),
      wrong: { file: `db/migrations/${name(dbmate, 'no_notes_in_invoices')}.sql`, object: 'invoices.note' },
    },
    {
      format: 'Knex',
      files: new Map(
        knex.map(({ name: each, knex: [up, down] }, at) => [
          `migrations/${number(at)}_${each}.js`,
          `exports.up = async knex => {\n  ${up}\n};\n\nexports.down = async knex => {\n  ${down}\n};\n`,
        ]),
      ),
      wrong: { file: `migrations/${name(knex, 'state_of_products')}.js`, object: 'products_state' },
    },
    {
      format: 'Alembic',
      files: new Map(
        alembic.map(({ name: each, alembic: [up, down] }, at) => [
          `alembic/versions/${number(at)}_${each}.py`,
          [
            'import sqlalchemy as sa\nfrom alembic import op\n',
            `revision = '${number(at)}'`,
            `down_revision = ${at === 0 ? 'None' : `'${number(at - 1)}'`}`,
            `\n\ndef upgrade() -> None:\n    ${up}\n\n\ndef downgrade() -> None:\n    ${down}\n`,
          ].join('\n'),
        ]),
      ),
      wrong: { file: `alembic/versions/${name(alembic, 'no_notes_in_shipments')}.py`, object: 'shipments.note' },
    },
  ];
}
