/** The steps that are not about columns: indexes, foreign keys, whole tables. */
import type { TableFacts } from './grounding';
import { LOCK, type MigrationPlan } from './migrationSteps';

export function addIndex(table: string, columns: readonly string[], unique: boolean, mysql: boolean): MigrationPlan {
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

export function addForeignKey(
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

export function createTable(table: string, mysql: boolean): MigrationPlan {
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

export function dropTable(table: string, mysql: boolean): MigrationPlan {
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

export function renameTable(table: string, to: string, mysql: boolean): MigrationPlan {
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
