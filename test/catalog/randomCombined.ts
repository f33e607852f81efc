/** Random statements over several columns or objects, and conversions: keys of two columns, enums in use, parts of parts. */
import { type Catalog, isTable } from '../../src/catalog/catalog';
import { typeText } from '../../src/catalog/definitionText';
import { fullName, quoted } from '../../src/catalog/naming';
import type { Column, Table } from '../../src/catalog/object';
import { namedText } from '../../src/catalog/print';
import {
  alter,
  alterColumn,
  cascade,
  enums,
  freshName,
  inColumn,
  inTable,
  isNumber,
  isText,
  type Makers,
  objects,
  type Random,
  tables,
  views,
} from './random';

const literal = (text = 'new'): string => `'${text.replaceAll("'", "''")}'`;

const enumOf = (catalog: Catalog, { type }: Column) => {
  const found = type?.id === undefined || type.dimensions > 0 ? undefined : catalog.objects.get(type.id);
  return found?.kind === 'enum' ? found : undefined;
};

/** Two columns of a table, if it has as many. */
function twoOf(random: Random, table: Table): readonly [Column, Column] | undefined {
  const [first, second] = [random.pick(table.columns), random.pick(table.columns)];
  return first && second && first.id !== second.id ? [first, second] : undefined;
}

const list = (columns: readonly (Column | undefined)[]): string =>
  columns.map(column => quoted(column?.name ?? 'x')).join(', ');

const isOrdered = (column: Column): boolean => !['jsonb', 'json'].includes(column.type?.name ?? 'json');

export const COMBINED: Makers = [
  // tables
  [
    2,
    (random, catalog) => {
      const target = random.pick(
        tables(catalog).filter(one => one.columns.some(({ name, type }) => name === 'id' && type?.name === 'bigint')),
      );
      return `CREATE TABLE ${freshName(random)} (${[
        'a bigint NOT NULL',
        "b varchar(30) DEFAULT 'b'",
        `c numeric ${random.pick(['', 'CHECK (c > 0)', 'DEFAULT 1.5 NOT NULL'])}`,
        'd numeric GENERATED ALWAYS AS (c * a) STORED',
        random.pick(['PRIMARY KEY (a, b)', 'UNIQUE (b, c)', 'CONSTRAINT both_of_them UNIQUE (a, b) INCLUDE (c)']),
        'CHECK (a > 0 AND length(b) < 50)',
        ...(target && random.chance(0.7)
          ? [
              `FOREIGN KEY (a) REFERENCES ${fullName(target)}${random.pick(['', ' (id)', ' (id) ON DELETE SET NULL (a)', ' ON UPDATE CASCADE'])}`,
            ]
          : []),
      ].join(', ')})`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const parent = random.pick(tables(catalog).filter(one => one.partitionBy?.strategy === 'range'));
      const year = 2060 + random.below(100);
      const by = parent?.columns.find(({ name }) => name === 'id');
      return (
        parent &&
        by &&
        `CREATE TABLE ${freshName(random)} PARTITION OF ${fullName(parent)} FOR VALUES FROM ('${year}-01-01') TO ('${year}-06-01') PARTITION BY HASH (id)`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const parent = random.pick(tables(catalog).filter(one => one.partitionBy?.strategy === 'range'));
      const child = random.pick(
        tables(catalog).filter(
          one =>
            one.id !== parent?.id &&
            !one.partitionOf &&
            one.inherits.length === 0 &&
            !tables(catalog).some(({ inherits }) => inherits.includes(one.id)),
        ),
      );
      if (!parent || !child || child.columns.some(({ identity, generated }) => identity || generated)) return undefined;
      const fits =
        child.columns.length === parent.columns.length &&
        parent.columns.every(column => child.columns.some(one => isAlike(one, column)));
      const year = 1900 + random.below(80);
      return fits
        ? alter(parent, `ATTACH PARTITION ${fullName(child)} FOR VALUES FROM ('${year}-01-01') TO ('${year}-07-01')`)
        : undefined;
    },
  ],
  [
    2,
    (random, catalog) => {
      const [child, parent] = [random.pick(tables(catalog)), random.pick(tables(catalog))];
      if (!child || !parent || parent.partitionBy || parent.partitionOf || child.partitionBy || child.partitionOf)
        return undefined;
      const fits = parent.columns.every(column => child.columns.some(one => isAlike(one, column)));
      const checked = parent.constraints.every(
        one => one.kind !== 'check' || child.constraints.some(({ name }) => name === one.name),
      );
      return fits && checked && !child.inherits.includes(parent.id) && parent.persistence === child.persistence
        ? alter(child, `INHERIT ${fullName(parent)}`)
        : undefined;
    },
  ],
  [
    1,
    inTable((random, table) => {
      const own = table.columns.find(isNumber);
      const name = freshName(random);
      return alter(
        table,
        [
          `ADD COLUMN ${name} int DEFAULT 4`,
          `ADD CHECK (${name} > 0)`,
          own ? `ADD CONSTRAINT ${freshName(random)} CHECK (${name} <> ${quoted(own.name)})` : `ADD UNIQUE (${name})`,
          `ALTER COLUMN ${name} SET NOT NULL`,
        ].join(', '),
      );
    }),
  ],
  [
    1,
    (random, catalog) => {
      const those = tables(catalog).filter(() => random.chance(0.3));
      return those.length > 1 ? `DROP TABLE ${those.map(fullName).join(', ')}${cascade(random)}` : undefined;
    },
  ],
  // conversions
  [
    2,
    inColumn((random, table, column, catalog) => {
      const type = random.pick(enums(catalog));
      const own = enumOf(catalog, column);
      const name = quoted(column.name);
      if (column.generated || column.identity) return undefined;
      if (own)
        return alter(table, `ALTER COLUMN ${name} DROP DEFAULT, ALTER COLUMN ${name} TYPE text USING ${name}::text`);
      return type && isText(column) && !column.default
        ? alterColumn(table, column, `TYPE ${fullName(type)} USING ${name}::${fullName(type)}`)
        : undefined;
    }),
  ],
  [
    2,
    inColumn((_, table, column) => {
      const name = quoted(column.name);
      if (column.default || column.generated || column.identity || column.type?.dimensions) return undefined;
      switch (column.type?.name) {
        case 'timestamp with time zone':
          return alterColumn(table, column, `TYPE timestamp USING ${name} AT TIME ZONE 'UTC'`);
        case 'timestamp without time zone':
          return alterColumn(table, column, `TYPE date`);
        case 'date':
          return alterColumn(table, column, `TYPE timestamptz`);
        case 'jsonb':
          return alterColumn(table, column, `TYPE text`);
        case 'uuid':
          return alterColumn(table, column, `TYPE varchar(36)`);
        case 'boolean':
          return alterColumn(table, column, `TYPE int USING CASE WHEN ${name} THEN 1 ELSE 0 END`);
        default:
          return undefined;
      }
    }),
  ],
  // keys and indexes
  [
    2,
    inTable((random, table) => {
      const two = twoOf(random, table);
      return two?.every(isOrdered)
        ? alter(table, `ADD ${random.chance(0.3) ? 'PRIMARY KEY' : 'UNIQUE'} (${list(two)})`)
        : undefined;
    }),
  ],
  [
    2,
    inTable((random, table, _, catalog) => {
      const target = random.pick(tables(catalog));
      const key = target && random.pick(target.constraints.filter(one => 'index' in one && one.columns.length === 2));
      if (!target || !key) return undefined;
      const theirs = key.columns.map(id => target.columns.find(column => column.id === id));
      const own = theirs.map(column => table.columns.find(one => one.type?.name === column?.type?.name));
      return own.every(Boolean) && own[0] !== own[1]
        ? alter(
            table,
            `ADD FOREIGN KEY (${list(own)}) REFERENCES ${fullName(target)} (${list(theirs)})${random.pick(['', ' MATCH FULL', ' NOT VALID', ' ON DELETE CASCADE'])}`,
          )
        : undefined;
    }),
  ],
  [
    2,
    inTable((random, table, name) => {
      const two = twoOf(random, table);
      if (!two?.every(isOrdered)) return undefined;
      const more = random.pick(table.columns.filter(one => !two.includes(one) && one.generated?.stored !== false));
      return `CREATE ${random.chance(0.3) ? 'UNIQUE ' : ''}INDEX ${random.chance(0.3) ? `${freshName(random)} ` : ''}ON ${name} (${list(two)}${random.pick([' DESC', '', ' NULLS FIRST'])})${more ? ` INCLUDE (${list([more])})` : ''}${random.pick(['', ' NULLS NOT DISTINCT'])}${random.chance(0.2) ? ` WHERE ${list([two[0]])} IS NOT NULL AND ${list([two[1]])} IS NOT NULL` : ''}`;
    }),
  ],
  [
    1,
    inTable((random, table, name) => {
      const column = random.pick(table.columns);
      return table.partitionBy && column && isOrdered(column)
        ? `CREATE INDEX ON ONLY ${name} (${quoted(column.name)})`
        : undefined;
    }),
  ],
  [
    1,
    inTable((random, table, _, catalog) => {
      const parent = table.partitionOf && catalog.objects.get(table.partitionOf.parent);
      if (!isTable(parent)) return undefined;
      const whole = random.pick(parent.indexes.filter(one => one.constraint === undefined));
      const columnName = (on: Table, id: number | undefined) => on.columns.find(one => one.id === id)?.name;
      const part = table.indexes.find(
        one =>
          one.parent === undefined &&
          one.constraint === undefined &&
          one.elements.length === 1 &&
          whole?.elements.length === 1 &&
          one.unique === whole.unique &&
          !one.where &&
          !whole.where &&
          one.include.length === 0 &&
          whole.include.length === 0 &&
          one.elements[0]?.collation === whole.elements[0]?.collation &&
          one.elements[0]?.opclass === whole.elements[0]?.opclass &&
          one.method === whole.method &&
          columnName(table, one.elements[0]?.column) === columnName(parent, whole.elements[0]?.column) &&
          one.elements[0]?.column !== undefined,
      );
      const taken = table.indexes.some(one => one.parent === whole?.id);
      return whole && part && !taken
        ? `ALTER INDEX ${fullName({ schema: parent.schema, name: whole.name })} ATTACH PARTITION ${fullName({ schema: table.schema, name: part.name })}`
        : undefined;
    }),
  ],
  [
    1,
    inColumn((random, table, column) =>
      alter(table, `ADD CONSTRAINT ${freshName(random)} NOT NULL ${quoted(column.name)}`),
    ),
  ],
  [
    1,
    inColumn((random, table, column) => {
      const name = column.notNullName ?? column.notNullMade;
      if (name === undefined) return undefined;
      return random.chance(0.6)
        ? alter(table, `DROP CONSTRAINT ${quoted(name)}`)
        : `ALTER TABLE ${random.pick(['', 'ONLY '])}${fullName(table)} RENAME CONSTRAINT ${quoted(name)} TO ${freshName(random)}`;
    }),
  ],
  // names
  [
    1,
    inColumn(
      (random, table, column) =>
        `ALTER TABLE ONLY ${fullName(table)} RENAME COLUMN ${quoted(column.name)} TO ${freshName(random)}`,
    ),
  ],
  [
    1,
    inTable((random, table, _, catalog) => {
      const other = random.pick(tables(catalog));
      const meanwhile = freshName(random);
      if (!other || other.id === table.id) return undefined;
      const moved = fullName({ schema: table.schema, name: other.name });
      return other.schema === table.schema
        ? [
            alter(table, `RENAME TO ${meanwhile}`),
            alter(other, `RENAME TO ${quoted(table.name)}`),
            `ALTER TABLE ${table.schema === 'public' ? '' : `${quoted(table.schema)}.`}${meanwhile} RENAME TO ${quoted(other.name)}`,
          ].join('; ')
        : `ALTER TABLE ${fullName(table)} RENAME TO ${quoted(other.name)}; ALTER TABLE ${moved} SET SCHEMA public`;
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const two = twoOf(random, table);
      const meanwhile = freshName(random);
      if (!two) return undefined;
      const [one, other] = two.map(({ name }) => quoted(name));
      return [
        alter(table, `RENAME ${one} TO ${meanwhile}`),
        alter(table, `RENAME ${other} TO ${one}`),
        alter(table, `RENAME ${meanwhile} TO ${other}`),
      ].join('; ');
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const [one, other] = [random.pick(table.indexes), random.pick(table.indexes)];
      const meanwhile = freshName(random);
      if (!one || !other || one.id === other.id) return undefined;
      const named = (name: string) => fullName({ schema: table.schema, name });
      const schema = table.schema === 'public' ? '' : `${quoted(table.schema)}.`;
      return [
        `ALTER INDEX ${named(one.name)} RENAME TO ${meanwhile}`,
        `ALTER INDEX ${named(other.name)} RENAME TO ${quoted(one.name)}`,
        `ALTER INDEX ${schema}${meanwhile} RENAME TO ${quoted(other.name)}`,
      ].join('; ');
    }),
  ],
  // enums in use
  [
    2,
    inColumn((random, table, column, catalog) => {
      const type = enumOf(catalog, column);
      if (!type) return undefined;
      const name = quoted(column.name);
      const label = literal(random.pick(type.labels));
      return random.pick([
        `CREATE VIEW ${freshName(random)} AS SELECT ${name} FROM ${fullName(table)} WHERE ${name} = ${label}`,
        `CREATE INDEX ON ${fullName(table)} (${name}) WHERE ${name} = ${label}`,
        alter(table, `ADD CHECK (${name} <> ${label})`),
        `CREATE POLICY ${freshName(random)} ON ${fullName(table)} USING (${name} = ${label})`,
        `CREATE MATERIALIZED VIEW ${freshName(random)} AS SELECT ${name}, count(*) AS many FROM ${fullName(table)} GROUP BY ${name}`,
      ]);
    }),
  ],
  [
    2,
    (random, catalog) => {
      const type = random.pick(enums(catalog));
      const table = random.pick(tables(catalog));
      return (
        type &&
        random.pick([
          `CREATE DOMAIN ${freshName(random)} AS ${fullName(type)} DEFAULT ${literal(type.labels[0])}`,
          `CREATE FUNCTION ${freshName(random)}(x ${fullName(type)}) RETURNS ${fullName(type)} LANGUAGE sql AS 'SELECT x'`,
          `CREATE TYPE ${freshName(random)} AS (kind ${fullName(type)}, size int)`,
          table && alter(table, `ADD COLUMN ${freshName(random)} ${fullName(type)}[] NOT NULL DEFAULT '{}'`),
          table &&
            alter(
              table,
              `ADD COLUMN ${freshName(random)} ${fullName(type)} NOT NULL DEFAULT ${literal(type.labels[0])}`,
            ),
        ])
      );
    },
  ],
  // views, rules, triggers and policies over others
  [
    2,
    (random, catalog) => {
      const view = random.pick(views(catalog).filter(({ kind }) => kind === 'view'));
      if (!view?.columns.every(({ type, collation }) => type && collation === undefined)) return undefined;
      const columns = view.columns.map(
        ({ name, type }) => `NULL::${type ? typeText(catalog, type) : 'text'} AS ${quoted(name)}`,
      );
      return columns.length > 0
        ? `CREATE OR REPLACE VIEW ${fullName(view)} AS SELECT ${[...columns, ...(random.chance(0.5) ? [`1 AS ${freshName(random)}`] : [])].join(', ')}`
        : undefined;
    },
  ],
  [
    1,
    inColumn((random, table, column, catalog) => {
      const view = random.pick(views(catalog).filter(one => one.kind === 'view' && one.columns.length > 0));
      const from = view && random.pick(view.columns);
      return view && from && !column.generated && column.type && from.type && column.type.name === from.type.name
        ? `CREATE RULE ${freshName(random)} AS ON INSERT TO ${fullName(view)} DO INSTEAD INSERT INTO ${fullName(table)} (${quoted(column.name)}) VALUES (NEW.${quoted(from.name)})`
        : undefined;
    }),
  ],
  [
    1,
    inColumn((random, table, column, catalog) => {
      const other = random.pick(tables(catalog));
      const theirs = other && random.pick(other.columns);
      return (
        other &&
        theirs &&
        `CREATE POLICY ${freshName(random)} ON ${fullName(table)} FOR SELECT USING (EXISTS (SELECT 1 FROM ${fullName(other)} o WHERE o.${quoted(theirs.name)}::text = ${fullName(table)}.${quoted(column.name)}::text))`
      );
    }),
  ],
  [
    1,
    inTable((random, table, name) => {
      const trigger = random.pick(table.triggers.filter(one => !one.constraint));
      const { schema, name: called } = trigger?.function ?? { name: '' };
      return trigger && schema !== undefined
        ? `CREATE OR REPLACE TRIGGER ${quoted(trigger.name)} BEFORE DELETE ON ${name} FOR EACH ROW EXECUTE FUNCTION ${fullName({ schema, name: called })}()`
        : undefined;
    }),
  ],
  [
    1,
    (random, catalog) => {
      const sequenced = random.pick(tables(catalog).filter(one => one.columns.length > 0));
      const column = sequenced && random.pick(sequenced.columns);
      return (
        sequenced &&
        column &&
        `CREATE SEQUENCE ${sequenced.schema === 'public' ? '' : `${quoted(sequenced.schema)}.`}${freshName(random)} OWNED BY ${fullName(sequenced)}.${quoted(column.name)}`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const object = random.pick([...tables(catalog), ...views(catalog)]);
      const column = object && random.pick(object.columns);
      return (
        object &&
        column &&
        random.pick([
          `COMMENT ON COLUMN ${fullName(object)}.${quoted(column.name)} IS NULL`,
          `COMMENT ON ${namedText(catalog, object)} IS NULL`,
          `ALTER TABLE ${fullName(object)} RENAME COLUMN ${quoted(column.name)} TO ${freshName(random)}`,
          `ALTER TABLE ${fullName(object)} RENAME TO ${freshName(random)}`,
        ])
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const schema = random.pick(objects(catalog).filter(one => one.kind === 'schema'));
      return `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema ? quoted(schema.name) : 'public'} TO pg_monitor`;
    },
  ],
];

const isAlike = (one: Column, other: Column): boolean =>
  one.name === other.name &&
  JSON.stringify(one.type) === JSON.stringify(other.type) &&
  one.collation === other.collation &&
  (one.notNull || !other.notNull) &&
  one.generated === undefined &&
  other.generated === undefined;
