/** A schema change as steps that old and new code both survive, each with its way up and down. */
import type { Dialect, TableFacts } from './grounding';
import { LOCK, type MigrationPlan, type PlanStep } from './migrationSteps';
import type { SchemaWish } from './schemaChange';
import { addForeignKey, addIndex, createTable, dropTable, renameTable } from './tablePlans';

/** Types that a column of such a name usually has, where none was said. */
export function usualType(column: string, mysql: boolean): string {
  if (/_at$/.test(column)) return mysql ? 'datetime(6)' : 'timestamptz';
  if (/_(?:on|date)$/.test(column)) return 'date';
  if (/_cents$|_count$|^quantity$/.test(column)) return 'integer';
  if (/^(?:is|has)_/.test(column)) return 'boolean';
  if (/_id$/.test(column)) return mysql ? 'bigint' : 'uuid';
  return mysql ? 'varchar(255)' : 'text';
}

export function planOf(wish: SchemaWish, table: TableFacts | undefined, dialect: Dialect): MigrationPlan {
  const mysql = dialect === 'mysql' || dialect === 'mariadb';
  switch (wish.kind) {
    case 'add-column':
      return addColumn(wish, mysql);
    case 'drop-column':
      return dropColumn(wish, table, mysql);
    case 'rename-column':
      return replaceColumn(
        wish.table,
        wish.column,
        wish.to,
        typeOf(table, wish.column, mysql),
        wish.column,
        table,
        mysql,
        `Rename ${wish.table}.${wish.column} to ${wish.to}`,
      );
    case 'change-type':
      return replaceColumn(
        wish.table,
        wish.column,
        `${wish.column}_new`,
        wish.type,
        castTo(wish.column, wish.type, mysql),
        table,
        mysql,
        `Change ${wish.table}.${wish.column} to ${wish.type}`,
      );
    case 'not-null':
      return {
        title: `Make ${wish.table}.${wish.column} NOT NULL`,
        steps: [
          ...backfill(wish.table, wish.column, undefined, table, mysql),
          ...notNull(wish.table, wish.column, typeOf(table, wish.column, mysql), mysql),
        ],
        mind: ['Which value do the rows get that have none? Code must write it before the constraint comes.'],
      };
    case 'add-index':
      return addIndex(wish.table, wish.columns.length > 0 ? wish.columns : ['…'], wish.unique, mysql);
    case 'add-foreign-key':
      return addForeignKey(wish.table, wish.column, wish.to, table, mysql);
    case 'create-table':
      return createTable(wish.table, mysql);
    case 'drop-table':
      return dropTable(wish.table, mysql);
    case 'rename-table':
      return renameTable(wish.table, wish.to, mysql);
  }
}

function addColumn(
  { table, column, type: asked, notNull: required, value }: Extract<SchemaWish, { kind: 'add-column' }>,
  mysql: boolean,
): MigrationPlan {
  const type = asked || usualType(column, mysql);
  const withDefault = value ? ` DEFAULT ${value}` : '';
  const instant = required && value !== undefined && value !== '';
  const steps: PlanStep[] = [
    {
      phase: 'Expand',
      does: instant
        ? `Add the column with its default: the server keeps a constant default beside the table and rewrites nothing (${mysql ? 'MySQL 8.0.12' : 'PostgreSQL 11'} and later).`
        : 'Add the column, nullable: nothing is rewritten, and code that does not know it goes on.',
      up: mysql
        ? `ALTER TABLE ${table} ADD COLUMN ${column} ${type}${instant ? ' NOT NULL' : ' NULL'}${withDefault}, ALGORITHM=INSTANT;`
        : `${LOCK}\nALTER TABLE ${table} ADD COLUMN ${column} ${type}${instant ? ' NOT NULL' : ''}${withDefault};`,
      down: `ALTER TABLE ${table} DROP COLUMN ${column};`,
    },
  ];
  if (!instant && required) {
    steps.push({
      phase: 'Write both',
      does: `Deploy code that writes \`${column}\` for every new and changed row; it still copes with NULL when reading.`,
    });
    steps.push(...backfill(table, column, undefined, undefined, mysql), ...notNull(table, column, type, mysql));
  }
  return {
    title: `Add ${table}.${column} (${type}${required ? ', not null' : ''})`,
    steps,
    loses: `The down drops the values of \`${column}\`.`,
    mind: [
      ...(asked ? [] : [`The type \`${type}\` is taken from the name; say another if it is one.`]),
      ...(required && !instant ? ['Which value do the old rows get?'] : []),
      'Is it filtered or sorted by? Then an index of its own, built concurrently.',
    ],
  };
}

function dropColumn(
  { table, column }: { readonly table: string; readonly column: string },
  facts: TableFacts | undefined,
  mysql: boolean,
): MigrationPlan {
  const known = facts?.columns.find(({ name }) => name === column);
  const type = typeOf(facts, column, mysql);
  const mind = [
    'Does anything still read it: reports, views, other services, the data team?',
    ...(facts?.indexes
      .filter(({ columns }) => columns.includes(column))
      .map(({ name }) => `The index \`${name}\` falls with it.`) ?? []),
    ...(facts?.checks
      .filter(({ columns }) => columns.includes(column))
      .map(({ name }) => `The check \`${name}\` falls with it.`) ?? []),
  ];
  const steps: PlanStep[] = [
    {
      phase: 'Switch',
      does: `Deploy code that neither reads nor writes \`${column}\`, in ORMs not even in the mapping. Wait one release.`,
    },
  ];
  if (known?.notNull && known.default === undefined)
    steps.push({
      phase: 'Expand',
      does: 'It is NOT NULL without a default, so new code could not insert: let it be empty first, before that deploy.',
      up: mysql
        ? `ALTER TABLE ${table} MODIFY ${column} ${type} NULL;`
        : `${LOCK}\nALTER TABLE ${table} ALTER COLUMN ${column} DROP NOT NULL;`,
      down: mysql
        ? `ALTER TABLE ${table} MODIFY ${column} ${type} NOT NULL;`
        : `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL; -- fails while there are rows without it`,
    });
  steps.push({
    phase: 'Contract',
    does: 'Drop it, with the values kept aside for as long as one may want them back.',
    up: `CREATE TABLE ${table}_${column}_kept AS SELECT ${facts?.primaryKey[0] ?? 'id'}, ${column} FROM ${table} WHERE ${column} IS NOT NULL;\n${mysql ? '' : `${LOCK}\n`}ALTER TABLE ${table} DROP COLUMN ${column};`,
    down: `ALTER TABLE ${table} ADD COLUMN ${column} ${type};\nUPDATE ${table}${mysql ? ` JOIN ${table}_${column}_kept AS kept ON kept.${facts?.primaryKey[0] ?? 'id'} = ${table}.${facts?.primaryKey[0] ?? 'id'} SET ${table}.${column} = kept.${column}` : ` SET ${column} = kept.${column} FROM ${table}_${column}_kept AS kept WHERE kept.${facts?.primaryKey[0] ?? 'id'} = ${table}.${facts?.primaryKey[0] ?? 'id'}`};`,
  });
  // what must come before the deploy is told before it
  steps.sort((left, right) => (left.phase === 'Expand' ? -1 : right.phase === 'Expand' ? 1 : 0));
  return {
    title: `Drop ${table}.${column}`,
    steps,
    loses: `Values of \`${column}\`, once \`${table}_${column}_kept\` is dropped too.`,
    mind,
  };
}

function replaceColumn(
  table: string,
  column: string,
  to: string,
  type: string,
  value: string,
  facts: TableFacts | undefined,
  mysql: boolean,
  title: string,
): MigrationPlan {
  const known = facts?.columns.find(({ name }) => name === column);
  return {
    title,
    steps: [
      {
        phase: 'Expand',
        does: `Add \`${to}\` beside \`${column}\`. A rename or a change of type in place breaks the code that is still running, and most changes of type rewrite the table under an exclusive lock.`,
        up: mysql
          ? `ALTER TABLE ${table} ADD COLUMN ${to} ${type} NULL, ALGORITHM=INSTANT;`
          : `${LOCK}\nALTER TABLE ${table} ADD COLUMN ${to} ${type};`,
        down: `ALTER TABLE ${table} DROP COLUMN ${to};`,
      },
      { phase: 'Write both', does: `Deploy code that writes \`${column}\` and \`${to}\` and reads \`${column}\`.` },
      ...backfill(table, to, value, facts, mysql),
      ...(known?.notNull ? notNull(table, to, type, mysql) : []),
      {
        phase: 'Switch',
        does: `Deploy code that reads \`${to}\`, still writing both: until here one can go back by deploying the code before. ${facts?.indexes.some(({ columns }) => columns.includes(column)) ? `Build the indexes of \`${column}\` on \`${to}\` first, concurrently.` : ''}`.trim(),
      },
      {
        phase: 'Contract',
        does: `A release later, when nothing writes \`${column}\` any more, drop it.`,
        up: `${mysql ? '' : `${LOCK}\n`}ALTER TABLE ${table} DROP COLUMN ${column};`,
        down: `ALTER TABLE ${table} ADD COLUMN ${column} ${typeOf(facts, column, mysql)};\nUPDATE ${table} SET ${column} = ${to};`,
      },
    ],
    mind: [
      'Who else reads the old name: views, functions, reports, other services?',
      'A small table that nobody uses during the deploy may be changed in place: say so and do it.',
    ],
  };
}

function backfill(
  table: string,
  column: string,
  value: string | undefined,
  facts: TableFacts | undefined,
  mysql: boolean,
): readonly PlanStep[] {
  const key = facts?.primaryKey[0] ?? 'id';
  const to = value ?? '/* the value */';
  const left =
    value === undefined
      ? `${column} IS NULL`
      : `${column} IS NULL AND ${value.replace(/^CAST\((\w+) AS .*$|::.*$/, '$1') || value} IS NOT NULL`;
  return [
    {
      phase: 'Backfill',
      does: 'In batches, outside of the migration, until no row is affected. A pause between them lets replicas and VACUUM follow.',
      up: mysql
        ? `UPDATE ${table} SET ${column} = ${to} WHERE ${left} LIMIT 5000;`
        : `UPDATE ${table} SET ${column} = ${to}\nWHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${left} LIMIT 5000 FOR UPDATE SKIP LOCKED);`,
      outsideTransaction: true,
    },
  ];
}

function notNull(table: string, column: string, type: string, mysql: boolean): readonly PlanStep[] {
  if (mysql)
    return [
      {
        phase: 'Contract',
        does: 'NOT NULL: InnoDB rebuilds the table, letting writes through; for a very large one use gh-ost or pt-online-schema-change.',
        up: `ALTER TABLE ${table} MODIFY ${column} ${type} NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;`,
        down: `ALTER TABLE ${table} MODIFY ${column} ${type} NULL;`,
      },
    ];
  const check = `${table}_${column}_present`;
  return [
    {
      phase: 'Contract',
      does: 'Demand it of new rows first: NOT VALID reads nothing.',
      up: `${LOCK}\nALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
      down: `ALTER TABLE ${table} DROP CONSTRAINT ${check};`,
    },
    {
      phase: 'Contract',
      does: 'In a migration of its own: validate, which lets writes through, and then NOT NULL needs no scan (PostgreSQL 12 and later).',
      up: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${check};\n${LOCK}\nALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;\nALTER TABLE ${table} DROP CONSTRAINT ${check};`,
      down: `ALTER TABLE ${table} ALTER COLUMN ${column} DROP NOT NULL;\nALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
    },
  ];
}

const typeOf = (table: TableFacts | undefined, column: string, mysql: boolean): string =>
  table?.columns.find(({ name }) => name === column)?.type || usualType(column, mysql);

const castTo = (column: string, type: string, mysql: boolean): string =>
  mysql
    ? `CAST(${column} AS ${/int/.test(type) ? 'SIGNED' : /char|text/.test(type) ? 'CHAR' : type})`
    : `${column}::${type}`;
