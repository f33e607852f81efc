/** A schema change as steps that old and new code both survive, each with its way up and down. */
import type { Dialect, TableFacts } from './grounding';
import type { SchemaWish } from './schemaChange';

export interface MigrationPlan {
  readonly title: string;
  readonly steps: readonly PlanStep[];
  /** What no down brings back. */
  readonly loses?: string;
  /** What should be settled before. */
  readonly mind: readonly string[];
}

export interface PlanStep {
  readonly phase: 'Expand' | 'Write both' | 'Backfill' | 'Switch' | 'Contract';
  readonly does: string;
  readonly up?: string;
  readonly down?: string;
  /** The tool must run it outside of a transaction. */
  readonly outsideTransaction?: boolean;
}

const LOCK = "SET lock_timeout = '2s';";

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

function addIndex(table: string, columns: readonly string[], unique: boolean, mysql: boolean): MigrationPlan {
  const name = `${table}_${columns.map(column => column.replace('…', 'columns')).join('_')}_${unique ? 'key' : 'idx'}`;
  const over = columns.map(column => (column === '…' ? '/* columns */' : column)).join(', ');
  const kind = unique ? 'UNIQUE INDEX' : 'INDEX';
  return {
    title: `${unique ? 'A unique index' : 'An index'} on ${table} (${columns.join(', ')})`,
    steps: [
      mysql
        ? {
            phase: 'Expand',
            does: 'InnoDB builds it while rows are written.',
            up: `ALTER TABLE ${table} ADD ${kind} ${name} (${over}), ALGORITHM=INPLACE, LOCK=NONE;`,
            down: `ALTER TABLE ${table} DROP INDEX ${name};`,
          }
        : {
            phase: 'Expand',
            does: 'CONCURRENTLY lets writes through. If it fails it leaves an invalid index: drop that and begin again.',
            up: `CREATE ${kind} CONCURRENTLY ${name} ON ${table} (${over});`,
            down: `DROP INDEX CONCURRENTLY ${name};`,
            outsideTransaction: true,
          },
      ...(unique && !mysql
        ? [
            {
              phase: 'Contract' as const,
              does: 'If a constraint is wanted (for ON CONFLICT ON CONSTRAINT, or for a foreign key to it), make it of the finished index.',
              up: `${LOCK}\nALTER TABLE ${table} ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name};`,
              down: `ALTER TABLE ${table} DROP CONSTRAINT ${name};`,
            },
          ]
        : []),
    ],
    mind: unique
      ? [
          `Are there duplicates already? \`SELECT ${over}, count(*) FROM ${table} GROUP BY ${over} HAVING count(*) > 1;\``,
        ]
      : [
          'Which query is it for, and what does its plan say before and after? Columns compared with = first, then the range or the order.',
        ],
  };
}

function addForeignKey(
  table: string,
  column: string,
  to: string,
  facts: TableFacts | undefined,
  mysql: boolean,
): MigrationPlan {
  const name = `${table}_${column}_fkey`;
  const isIndexed = facts?.indexes.some(index => index.columns[0] === column) ?? false;
  return {
    title: `A foreign key from ${table}.${column} to ${to}`,
    steps: [
      ...(isIndexed || mysql ? [] : addIndex(table, [column], false, false).steps),
      mysql
        ? {
            phase: 'Expand',
            does: 'MySQL checks all rows and blocks writes meanwhile, unless foreign_key_checks is off, which I do not advise: orphans would stay. At a quiet hour, or by gh-ost.',
            up: `ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${column}) REFERENCES ${to} (id);`,
            down: `ALTER TABLE ${table} DROP FOREIGN KEY ${name};`,
          }
        : {
            phase: 'Expand',
            does: 'Holds for new rows at once; old ones are not read.',
            up: `${LOCK}\nALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${column}) REFERENCES ${to} (id) NOT VALID;`,
            down: `ALTER TABLE ${table} DROP CONSTRAINT ${name};`,
          },
      ...(mysql
        ? []
        : [
            {
              phase: 'Contract' as const,
              does: 'In a migration of its own: reads the table, lets writes through.',
              up: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
              down: '-- nothing to undo: a validated constraint is dropped by the down of the step before',
            },
          ]),
    ],
    mind: [
      `Orphans first: \`SELECT count(*) FROM ${table} AS c WHERE c.${column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${to} AS p WHERE p.id = c.${column});\``,
      `What should happen when a row of \`${to}\` is deleted: refuse (the default), cascade, or set null?`,
    ],
  };
}

function createTable(table: string, mysql: boolean): MigrationPlan {
  return {
    title: `Create ${table}`,
    steps: [
      {
        phase: 'Expand',
        does: 'A new table is locked by nobody; only a foreign key locks the table that it points to, for a moment.',
        up: mysql
          ? `CREATE TABLE ${table} (\n  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,\n  -- columns, each NOT NULL unless nothing is a meaningful value\n  created_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),\n  updated_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)\n);`
          : `CREATE TABLE ${table} (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  -- columns, each NOT NULL unless nothing is a meaningful value\n  created_at timestamptz NOT NULL DEFAULT now(),\n  updated_at timestamptz NOT NULL DEFAULT now()\n);`,
        down: `DROP TABLE ${table};`,
      },
    ],
    loses: 'The down drops all of its rows.',
    mind: [
      'Whose is a row, and who may see it?',
      'Which column is unique by nature?',
      'How long are rows kept, and who deletes them?',
    ],
  };
}

function dropTable(table: string, mysql: boolean): MigrationPlan {
  return {
    title: `Drop ${table}`,
    steps: [
      {
        phase: 'Switch',
        does: 'Deploy code that no longer touches it, and see for a release that nobody does (`pg_stat_user_tables` shows scans and writes).',
      },
      {
        phase: 'Contract',
        does: 'Rename it first: whoever still needs it complains now, and a second brings it back.',
        up: `${mysql ? '' : `${LOCK}\n`}ALTER TABLE ${table} RENAME TO ${table}_dropped;`,
        down: `ALTER TABLE ${table}_dropped RENAME TO ${table};`,
      },
      {
        phase: 'Contract',
        does: 'Weeks later, after a backup of it was read back: drop it. Without CASCADE, so that what still depends on it is shown.',
        up: `${mysql ? '' : `${LOCK}\n`}DROP TABLE ${table}_dropped;`,
        down: '-- only a backup brings the rows back',
      },
    ],
    loses: 'Everything in it, at the last step.',
    mind: [
      'Foreign keys, views and functions that refer to it?',
      'Do rules of retention or of the law say how long it has to be kept?',
    ],
  };
}

function renameTable(table: string, to: string, mysql: boolean): MigrationPlan {
  return {
    title: `Rename ${table} to ${to}`,
    steps: [
      {
        phase: 'Expand',
        does: 'Rename, and leave a view of the old name in the same transaction: simple views take writes, so old code goes on.',
        up: mysql
          ? `RENAME TABLE ${table} TO ${to};\nCREATE VIEW ${table} AS SELECT * FROM ${to}; -- not atomic in MySQL: at a quiet moment`
          : `BEGIN;\n${LOCK.replace('SET', 'SET LOCAL')}\nALTER TABLE ${table} RENAME TO ${to};\nCREATE VIEW ${table} AS SELECT * FROM ${to};\nCOMMIT;`,
        down: mysql
          ? `DROP VIEW ${table};\nRENAME TABLE ${to} TO ${table};`
          : `BEGIN;\nDROP VIEW ${table};\nALTER TABLE ${to} RENAME TO ${table};\nCOMMIT;`,
      },
      { phase: 'Switch', does: `Deploy code that uses \`${to}\`.` },
      {
        phase: 'Contract',
        does: 'A release later the view goes.',
        up: `DROP VIEW ${table};`,
        down: `CREATE VIEW ${table} AS SELECT * FROM ${to};`,
      },
    ],
    mind: [
      '`INSERT … ON CONFLICT` and `RETURNING` work through a simple view, `TRUNCATE` and `FOR UPDATE` of some ORMs may not: run the old code’s tests against it.',
      'Is the better name worth three deploys?',
    ],
  };
}

const typeOf = (table: TableFacts | undefined, column: string, mysql: boolean): string =>
  table?.columns.find(({ name }) => name === column)?.type || usualType(column, mysql);

const castTo = (column: string, type: string, mysql: boolean): string =>
  mysql
    ? `CAST(${column} AS ${/int/.test(type) ? 'SIGNED' : /char|text/.test(type) ? 'CHAR' : type})`
    : `${column}::${type}`;
