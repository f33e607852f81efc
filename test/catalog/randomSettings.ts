/** Random statements about tables and their parts, but for the usual ones: settings, moves, and what is rarely written. */
import { isTable } from '../../src/catalog/catalog';
import { fullName, quoted } from '../../src/catalog/naming';
import type { Table } from '../../src/catalog/object';
import {
  alter,
  alterColumn,
  cascade,
  columnIn,
  freshName,
  inColumn,
  inTable,
  isNumber,
  isText,
  type Makers,
  objects,
  type Random,
  tables,
} from './random';

const isPlain = (table: Table): boolean => !table.partitionBy && !table.partitionOf && table.inherits.length === 0;
const hasChildren = (table: Table, all: readonly Table[]): boolean =>
  all.some(one => one.inherits.includes(table.id) || one.partitionOf?.parent === table.id);

const firing = (random: Random): string =>
  random.pick(['DISABLE', 'ENABLE', 'ENABLE ALWAYS', 'ENABLE REPLICA']) ?? 'DISABLE';

const ROLES = ['pg_monitor', 'pg_read_all_data', 'PUBLIC'];

export const ON_TABLES: Makers = [
  // tables of other makes
  [1, random => `CREATE UNLOGGED TABLE ${freshName(random)} (id int PRIMARY KEY, note text) WITH (fillfactor = 80)`],
  [
    1,
    random =>
      `CREATE TABLE ${freshName(random)} (id int NOT NULL, kind text) PARTITION BY ${random.chance(0.5) ? 'LIST (kind)' : 'HASH (id)'}`,
  ],
  [
    2,
    (random, catalog) => {
      const parent = random.pick(
        tables(catalog).filter(one => one.partitionBy && one.partitionBy.strategy !== 'range'),
      );
      if (!parent) return undefined;
      const parts = tables(catalog).filter(one => one.partitionOf?.parent === parent.id).length;
      if (parent.partitionBy?.strategy === 'hash')
        return `CREATE TABLE ${freshName(random)} PARTITION OF ${fullName(parent)} FOR VALUES WITH (MODULUS 64, REMAINDER ${random.below(64)})`;
      return `CREATE TABLE ${freshName(random)} PARTITION OF ${fullName(parent)} ${parts === 0 && random.chance(0.5) ? 'DEFAULT' : `FOR VALUES IN ('kind ${random.below(10_000)}')`}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const source = random.pick(tables(catalog));
      const column = source && random.pick(source.columns);
      return (
        source &&
        column &&
        `CREATE TABLE ${freshName(random)} AS SELECT ${quoted(column.name)} FROM ${fullName(source)}`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const parent = random.pick(
        tables(catalog).filter(one => one.partitionBy && one.partitionBy.strategy !== 'range'),
      );
      const child = random.pick(tables(catalog).filter(one => isPlain(one) && !hasChildren(one, tables(catalog))));
      const fits =
        parent?.columns.length === child?.columns.length &&
        parent?.columns.every(column =>
          child?.columns.some(
            one =>
              one.name === column.name &&
              JSON.stringify(one.type) === JSON.stringify(column.type) &&
              (one.notNull || !column.notNull) &&
              !one.identity &&
              !one.generated,
          ),
        );
      return parent && child && fits
        ? alter(
            parent,
            `ATTACH PARTITION ${fullName(child)} ${parent.partitionBy?.strategy === 'hash' ? `FOR VALUES WITH (MODULUS 64, REMAINDER ${random.below(64)})` : `FOR VALUES IN ('kind ${random.below(10_000)}')`}`,
          )
        : undefined;
    },
  ],
  [
    1,
    (random, catalog) => {
      const child = random.pick(tables(catalog).filter(one => one.inherits.length > 0));
      const parent = child?.inherits[0] === undefined ? undefined : catalog.objects.get(child.inherits[0]);
      return child && isTable(parent) ? alter(child, `NO INHERIT ${fullName(parent)}`) : undefined;
    },
  ],
  [
    1,
    (random, catalog) => {
      const source = random.pick(tables(catalog).filter(isPlain));
      return source && `CREATE TABLE ${freshName(random)} () INHERITS (${fullName(source)})`;
    },
  ],
  // columns
  [
    1,
    inTable((random, table) =>
      alter(
        table,
        `ADD COLUMN ${freshName(random)} text ${random.chance(0.5) ? 'STORAGE EXTERNAL COLLATE "C"' : `COLLATE "C" DEFAULT 'c'`}`,
      ),
    ),
  ],
  [
    1,
    inTable((random, table, _, catalog) =>
      alter(table, `ADD COLUMN ${columnIn(random, catalog)}, ADD COLUMN ${columnIn(random, catalog)}`),
    ),
  ],
  [
    1,
    inColumn((random, table, column) =>
      isText(column)
        ? alterColumn(table, column, `TYPE text COLLATE ${random.chance(0.5) ? '"C"' : '"POSIX"'}`)
        : undefined,
    ),
  ],
  [
    1,
    inColumn((random, table, column) =>
      isNumber(column) && !column.default && !column.identity && !column.generated
        ? alterColumn(
            table,
            column,
            `TYPE boolean USING ${quoted(column.name)} ${random.chance(0.5) ? '> 0' : 'IS NULL'}`,
          )
        : undefined,
    ),
  ],
  [
    1,
    inColumn((random, table, column) =>
      column.identity
        ? alterColumn(
            table,
            column,
            random.pick([
              'SET GENERATED ALWAYS',
              'SET GENERATED BY DEFAULT SET INCREMENT BY 3',
              'SET START WITH 7 SET CACHE 5',
              'RESTART',
            ]) ?? '',
          )
        : undefined,
    ),
  ],
  [
    2,
    inColumn((random, table, column) =>
      column.generated && !column.inherited
        ? alterColumn(
            table,
            column,
            random.chance(0.5) && column.generated.stored
              ? 'DROP EXPRESSION'
              : `SET EXPRESSION AS (${random.below(9)})`,
          )
        : undefined,
    ),
  ],
  [
    1,
    inColumn((random, table, column) =>
      isNumber(column)
        ? alter(
            table,
            `ADD COLUMN ${freshName(random)} numeric GENERATED ALWAYS AS (${quoted(column.name)} + 1) VIRTUAL`,
          )
        : undefined,
    ),
  ],
  [
    1,
    inColumn((random, table, column) =>
      isText(column)
        ? alterColumn(
            table,
            column,
            random.pick([
              'SET STORAGE EXTERNAL',
              'SET STORAGE MAIN',
              'SET COMPRESSION pglz',
              'SET STATISTICS 300',
              'SET (n_distinct = 5)',
              'RESET (n_distinct)',
            ]) ?? '',
          )
        : undefined,
    ),
  ],
  // constraints
  [
    1,
    inColumn((random, table, column) =>
      isNumber(column) && !table.partitionBy
        ? alter(
            table,
            `ADD CONSTRAINT ${freshName(random)} EXCLUDE USING btree (${quoted(column.name)} WITH =)${random.chance(0.3) ? ` WHERE (${quoted(column.name)} > 1)` : ''}`,
          )
        : undefined,
    ),
  ],
  [
    1,
    inColumn((random, table, column, catalog) =>
      isNumber(column)
        ? alter(
            table,
            `ADD UNIQUE${random.pick(['', ' NULLS NOT DISTINCT'])} (${quoted(column.name)})${random.pick(['', ' DEFERRABLE', ' DEFERRABLE INITIALLY DEFERRED', hasChildren(table, tables(catalog)) ? '' : ' WITH (fillfactor = 60)'])}`,
          )
        : undefined,
    ),
  ],
  [
    1,
    inTable((random, table) => {
      const index = random.pick(
        table.indexes.filter(
          one =>
            one.unique &&
            one.constraint === undefined &&
            !one.where &&
            one.elements.every(({ column, descending }) => column !== undefined && !descending),
        ),
      );
      return index && !table.partitionBy && !table.partitionOf
        ? alter(table, `ADD CONSTRAINT ${freshName(random)} UNIQUE USING INDEX ${quoted(index.name)}`)
        : undefined;
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const constraint = random.pick(table.constraints.filter(one => !one.validated && !one.inherited));
      return constraint && alter(table, `VALIDATE CONSTRAINT ${quoted(constraint.name)}`);
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const constraint = random.pick(table.constraints.filter(one => one.kind === 'foreignKey' && !one.inherited));
      return (
        constraint &&
        alter(
          table,
          `ALTER CONSTRAINT ${quoted(constraint.name)} ${random.pick(['DEFERRABLE', 'NOT DEFERRABLE', 'DEFERRABLE INITIALLY DEFERRED'])}`,
        )
      );
    }),
  ],
  [
    1,
    inColumn((random, table, column) =>
      isNumber(column)
        ? alter(
            table,
            `ADD CHECK (${quoted(column.name)} <> ${random.below(9)}) ${random.pick(['NO INHERIT', 'NOT VALID', 'NOT ENFORCED'])}`,
          )
        : undefined,
    ),
  ],
  // indexes
  [
    2,
    inColumn((random, table, column) => {
      const other = random.pick(table.columns);
      if (!other || column.type?.name === 'jsonb') return undefined;
      const name = quoted(column.name);
      return `CREATE INDEX ON ${fullName(table)} (${random.pick([
        `${name} NULLS FIRST`,
        `${name} DESC NULLS LAST`,
        isText(column) ? `${name} text_pattern_ops` : name,
        isText(column) ? `${name} COLLATE "C"` : name,
        isText(column) ? `(${name} || 'x')` : name,
      ])})${random.chance(0.4) && other.id !== column.id && !other.generated ? ` INCLUDE (${quoted(other.name)})` : ''}${random.chance(0.3) ? ' WITH (fillfactor = 50)' : ''}`;
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const index = random.pick(table.indexes.filter(one => one.method === 'btree' && one.constraint === undefined));
      const name = index && fullName({ schema: table.schema, name: index.name });
      return name && !table.partitionBy
        ? `ALTER INDEX ${name} ${random.chance(0.6) ? 'SET (fillfactor = 40)' : 'RESET (fillfactor)'}`
        : undefined;
    }),
  ],
  // settings
  [
    2,
    inTable((random, table) => {
      const index = random.pick(
        table.indexes.filter(
          one =>
            one.unique &&
            !one.where &&
            one.elements.every(({ column }) => table.columns.some(({ id, notNull }) => id === column && notNull)),
        ),
      );
      const deferrable = table.constraints.some(
        ({ id, deferrable: when }) => id === index?.constraint && when !== 'no',
      );
      return alter(
        table,
        `REPLICA IDENTITY ${index && !deferrable && random.chance(0.6) ? `USING INDEX ${quoted(index.name)}` : random.pick(['FULL', 'NOTHING', 'DEFAULT'])}`,
      );
    }),
  ],
  [1, inTable((_, table) => (table.options.length > 0 ? alter(table, 'RESET (fillfactor)') : undefined))],
  [
    1,
    inTable((random, table) =>
      table.partitionBy
        ? undefined
        : alter(
            table,
            random.chance(0.5) ? 'SET (autovacuum_enabled = false, fillfactor = 30)' : 'RESET (autovacuum_enabled)',
          ),
    ),
  ],
  [
    1,
    inTable((random, table, _, catalog) =>
      isPlain(table) &&
      ![table, ...tables(catalog)].some(one => one.constraints.some(({ kind }) => kind === 'foreignKey'))
        ? alter(table, random.chance(0.5) ? 'SET UNLOGGED' : 'SET LOGGED')
        : undefined,
    ),
  ],
  [
    1,
    inTable((random, table) => {
      const index = random.pick(table.indexes.filter(one => one.method === 'btree' && !one.where));
      return index && !table.partitionBy
        ? alter(table, random.chance(0.7) ? `CLUSTER ON ${quoted(index.name)}` : 'SET WITHOUT CLUSTER')
        : undefined;
    }),
  ],
  [1, inTable((random, table) => alter(table, `${random.chance(0.5) ? 'DISABLE' : 'NO FORCE'} ROW LEVEL SECURITY`))],
  // triggers, rules and policies
  [
    3,
    inTable((random, table, name, catalog) => {
      const routine = random.pick(
        objects(catalog).flatMap(one =>
          one.kind === 'routine' && one.language === 'plpgsql' && one.parameters.length === 0 && !one.procedure
            ? [one]
            : [],
        ),
      );
      const column = random.pick(table.columns.filter(one => !one.generated));
      if (!routine || !column) return undefined;
      const run = `EXECUTE FUNCTION ${fullName(routine)}(${random.pick(['', "'a', 'it''s'"])})`;
      const of = quoted(column.name);
      const partOf = table.partitionBy || table.partitionOf || table.inherits.length > 0;
      return random.pick([
        `CREATE TRIGGER ${freshName(random)} BEFORE UPDATE ON ${name} FOR EACH ROW WHEN (OLD.${of} IS NOT NULL) ${run}`,
        `CREATE TRIGGER ${freshName(random)} BEFORE INSERT OR UPDATE OF ${of} ON ${name} FOR EACH STATEMENT ${run}`,
        `CREATE TRIGGER ${freshName(random)} AFTER TRUNCATE ON ${name} ${run}`,
        `CREATE CONSTRAINT TRIGGER ${freshName(random)} AFTER INSERT ON ${name} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW ${run}`,
        partOf
          ? undefined
          : `CREATE TRIGGER ${freshName(random)} AFTER UPDATE ON ${name} REFERENCING OLD TABLE AS was NEW TABLE AS now FOR EACH STATEMENT ${run}`,
      ]);
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const trigger = random.pick(table.triggers.filter(one => one.parent === undefined));
      return trigger && alter(table, `${firing(random)} TRIGGER ${quoted(trigger.name)}`);
    }),
  ],
  [
    1,
    inTable((random, table) =>
      table.constraints.some(({ kind }) => kind === 'foreignKey') || table.partitionBy || table.partitionOf
        ? undefined
        : alter(table, `${random.chance(0.5) ? 'DISABLE' : 'ENABLE'} TRIGGER USER`),
    ),
  ],
  [
    1,
    inTable((random, table) => {
      const trigger = random.pick(table.triggers);
      return trigger && `ALTER TRIGGER ${quoted(trigger.name)} ON ${fullName(table)} RENAME TO ${freshName(random)}`;
    }),
  ],
  [
    2,
    inTable((random, table) => {
      const column = random.pick(table.columns);
      return random.pick([
        `CREATE RULE ${freshName(random)} AS ON DELETE TO ${fullName(table)} DO INSTEAD NOTHING`,
        `CREATE RULE ${freshName(random)} AS ON UPDATE TO ${fullName(table)} DO ALSO NOTIFY changes`,
        column &&
          `CREATE RULE ${freshName(random)} AS ON UPDATE TO ${fullName(table)} WHERE OLD.${quoted(column.name)} IS NULL DO INSTEAD NOTHING`,
      ]);
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const rule = random.pick(table.rules);
      return (
        rule &&
        random.pick([
          `DROP RULE ${quoted(rule.name)} ON ${fullName(table)}`,
          `ALTER RULE ${quoted(rule.name)} ON ${fullName(table)} RENAME TO ${freshName(random)}`,
          alter(table, `${firing(random)} RULE ${quoted(rule.name)}`),
        ])
      );
    }),
  ],
  [
    1,
    inColumn(
      (random, table, column) =>
        `CREATE POLICY ${freshName(random)} ON ${fullName(table)} AS RESTRICTIVE FOR ${random.pick(['INSERT', 'UPDATE'])} TO ${random.pick(['pg_monitor', 'CURRENT_USER', 'PUBLIC'])} WITH CHECK (${quoted(column.name)} IS NOT NULL)`,
    ),
  ],
  [
    1,
    inTable((random, table) => {
      const policy = random.pick(table.policies);
      return (
        policy &&
        random.pick([
          `ALTER POLICY ${quoted(policy.name)} ON ${fullName(table)} RENAME TO ${freshName(random)}`,
          `ALTER POLICY ${quoted(policy.name)} ON ${fullName(table)} TO pg_monitor`,
        ])
      );
    }),
  ],
  // privileges and comments
  [
    2,
    inTable((random, table, name) =>
      random.pick([
        `GRANT SELECT, UPDATE ON ${name} TO ${random.pick(ROLES)}`,
        `REVOKE ALL ON ${name} FROM ${random.pick(ROLES)}`,
        `GRANT INSERT ON ${name} TO pg_monitor WITH GRANT OPTION`,
        `ALTER TABLE ${name} OWNER TO CURRENT_USER`,
        `GRANT SELECT (${quoted(table.columns[0]?.name ?? 'x')}) ON ${name} TO pg_monitor`,
      ]),
    ),
  ],
  [
    2,
    inTable((random, table, name) => {
      const of = (kind: string, list: readonly { readonly name: string }[]) => {
        const part = random.pick(list);
        return (
          part && `COMMENT ON ${kind} ${quoted(part.name)} ON ${name} IS '${kind.toLowerCase()} ${random.below(9)}'`
        );
      };
      const index = random.pick(table.indexes);
      return random.pick([
        of('CONSTRAINT', table.constraints),
        of('TRIGGER', table.triggers),
        of('POLICY', table.policies),
        of('RULE', table.rules),
        index &&
          `COMMENT ON INDEX ${fullName({ schema: table.schema, name: index.name })} IS ${random.chance(0.2) ? 'NULL' : "'an index'"}`,
      ]);
    }),
  ],
  [
    1,
    inTable((random, table) =>
      isPlain(table) && table.columns.length > 1
        ? alter(
            table,
            `DROP COLUMN ${quoted(table.columns[0]?.name ?? '')}${cascade(random)}, ADD COLUMN ${freshName(random)} int`,
          )
        : undefined,
    ),
  ],
];
