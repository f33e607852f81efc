/**
 * Random schemas and migrations, made statement by statement from the catalog that the statements before it have
 * folded to. Most are valid; some are refused, by the server and by the catalog alike.
 */
import { type Catalog, isTable } from '../../src/catalog/catalog';
import { argumentsText } from '../../src/catalog/definitionText';
import { fullName, quoted } from '../../src/catalog/naming';
import { namedText } from '../../src/catalog/print';
import {
  alter,
  alterColumn,
  cascade,
  columnIn,
  DEFAULTS,
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
import { COMBINED } from './randomCombined';
import { OF_OTHER_KINDS } from './randomObjects';
import { SELDOM } from './randomSeldom';
import { ON_TABLES } from './randomSettings';

const USUAL: Makers = [
  [
    6,
    (random, catalog) => {
      const name = freshName(random);
      const columns = Array.from({ length: 1 + random.below(4) }, () => columnIn(random, catalog));
      const first = random.chance(0.7) ? [`id ${random.chance(0.5) ? 'bigserial' : 'bigint'} PRIMARY KEY`] : [];
      const inherited = random.chance(0.06)
        ? random.pick(tables(catalog).filter(one => !one.partitionBy && !one.partitionOf))
        : undefined;
      return `CREATE TABLE ${name} (${[...first, ...columns].join(', ')})${inherited ? ` INHERITS (${fullName(inherited)})` : ''}`;
    },
  ],
  [
    1,
    random => {
      const name = freshName(random);
      return `CREATE TABLE ${name} (id int NOT NULL, at date NOT NULL${random.chance(0.5) ? ', PRIMARY KEY (id, at)' : ''}) PARTITION BY RANGE (at)`;
    },
  ],
  [
    2,
    (random, catalog) => {
      const parent = random.pick(tables(catalog).filter(one => one.partitionBy?.strategy === 'range'));
      if (!parent) return undefined;
      const year = 1990 + random.below(60);
      return `CREATE TABLE ${freshName(random)} PARTITION OF ${fullName(parent)} FOR VALUES FROM ('${year}-01-01') TO ('${year + 1}-01-01')`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const part = random.pick(tables(catalog).filter(one => one.partitionOf));
      const parent = part?.partitionOf ? catalog.objects.get(part.partitionOf.parent) : undefined;
      return part && isTable(parent) ? alter(parent, `DETACH PARTITION ${fullName(part)}`) : undefined;
    },
  ],
  [
    1,
    (random, catalog) => {
      const source = random.pick(tables(catalog));
      return (
        source &&
        `CREATE TABLE ${freshName(random)} (LIKE ${fullName(source)}${random.chance(0.6) && !source.columns.some(({ identity }) => identity) ? ' INCLUDING ALL' : ''})`
      );
    },
  ],
  [6, inTable((random, table, _, catalog) => alter(table, `ADD COLUMN ${columnIn(random, catalog)}`))],
  [4, inColumn((random, table, column) => alter(table, `DROP COLUMN ${quoted(column.name)}${cascade(random)}`))],
  [
    3,
    inColumn((random, table, column) => alter(table, `RENAME COLUMN ${quoted(column.name)} TO ${freshName(random)}`)),
  ],
  [
    3,
    inColumn((random, table, column) => {
      if (isNumber(column))
        return alterColumn(table, column, `TYPE ${random.pick(['bigint', 'numeric', 'text', 'integer'])}`);
      if (isText(column)) return alterColumn(table, column, `TYPE ${random.pick(['text', 'varchar(50)', 'char(10)'])}`);
      return undefined;
    }),
  ],
  [
    3,
    inColumn((_, table, column) => {
      const value = DEFAULTS[column.type?.name ?? ''];
      return value === undefined || column.type?.dimensions
        ? undefined
        : alterColumn(table, column, `SET DEFAULT ${value}`);
    }),
  ],
  [2, inColumn((_, table, column) => alterColumn(table, column, 'DROP DEFAULT'))],
  [2, inColumn((_, table, column) => alterColumn(table, column, 'SET NOT NULL'))],
  [2, inColumn((_, table, column) => alterColumn(table, column, 'DROP NOT NULL'))],
  [
    1,
    inColumn((random, table, column) =>
      column.type?.name === 'integer' || column.type?.name === 'bigint'
        ? alterColumn(
            table,
            column,
            `ADD GENERATED ${random.chance(0.5) ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY (START 10)`,
          )
        : undefined,
    ),
  ],
  [1, inColumn((_, table, column) => (column.identity ? alterColumn(table, column, 'DROP IDENTITY') : undefined))],
  [
    1,
    inColumn((random, table, column) =>
      isNumber(column)
        ? alter(
            table,
            `ADD COLUMN ${freshName(random)} numeric GENERATED ALWAYS AS (${quoted(column.name)} * 2) STORED`,
          )
        : undefined,
    ),
  ],
  [2, inTable((random, table) => alter(table, `RENAME TO ${freshName(random)}`))],
  [
    3,
    inColumn((random, table, column) => {
      const named = random.chance(0.5) ? `CONSTRAINT ${freshName(random)} ` : '';
      if (isNumber(column))
        return alter(
          table,
          `ADD ${named}CHECK (${quoted(column.name)} > ${random.below(5)})${random.chance(0.3) ? ' NOT VALID' : ''}`,
        );
      if (isText(column))
        return alter(
          table,
          `ADD ${named}CHECK (${quoted(column.name)} IN ('a', 'b') OR ${quoted(column.name)} LIKE 'c%')`,
        );
      return alter(table, `ADD ${named}UNIQUE (${quoted(column.name)})`);
    }),
  ],
  [1, inColumn((_, table, column) => alter(table, `ADD PRIMARY KEY (${quoted(column.name)})`))],
  [
    3,
    inTable((random, table, _, catalog) => {
      const target = random.pick(tables(catalog).filter(one => one.columns.some(({ name }) => name === 'id')));
      const own = random.pick(table.columns.filter(isNumber));
      if (!target || !own) return undefined;
      const action = random.pick([
        '',
        ' ON DELETE CASCADE',
        ' ON DELETE SET NULL ON UPDATE RESTRICT',
        ' DEFERRABLE INITIALLY DEFERRED',
      ]);
      return alter(table, `ADD FOREIGN KEY (${quoted(own.name)}) REFERENCES ${fullName(target)} (id)${action}`);
    }),
  ],
  [
    3,
    inTable((random, table) => {
      const constraint = random.pick(table.constraints);
      return constraint && alter(table, `DROP CONSTRAINT ${quoted(constraint.name)}${cascade(random)}`);
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const constraint = random.pick(table.constraints);
      return constraint && alter(table, `RENAME CONSTRAINT ${quoted(constraint.name)} TO ${freshName(random)}`);
    }),
  ],
  [
    5,
    inColumn((random, table, column) => {
      const name = random.chance(0.5) ? `${freshName(random)} ` : '';
      const text = random.pick(table.columns.filter(isText));
      const expression = text && random.chance(0.3) ? `lower(${quoted(text.name)})` : quoted(column.name);
      const where = random.chance(0.25) ? ` WHERE ${quoted(column.name)} IS NOT NULL` : '';
      if (column.type?.name === 'jsonb')
        return `CREATE INDEX ${name}ON ${fullName(table)} USING gin (${quoted(column.name)})`;
      return `CREATE ${random.chance(0.2) ? 'UNIQUE ' : ''}INDEX ${name}ON ${fullName(table)} (${expression}${random.chance(0.2) ? ' DESC' : ''})${where}`;
    }),
  ],
  [
    2,
    inTable((random, table) => {
      const index = random.pick(table.indexes);
      return index && `DROP INDEX ${fullName({ schema: table.schema, name: index.name })}`;
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const index = random.pick(table.indexes);
      return (
        index && `ALTER INDEX ${fullName({ schema: table.schema, name: index.name })} RENAME TO ${freshName(random)}`
      );
    }),
  ],
  [2, inTable((random, _, name) => `DROP TABLE ${name}${cascade(random)}`)],
  [
    4,
    (random, catalog) => {
      const source = random.pick([...tables(catalog), ...views(catalog)]);
      if (!source || source.columns.length === 0) return undefined;
      const kind = random.chance(0.25) ? 'MATERIALIZED VIEW' : 'VIEW';
      const some = source.columns.filter(() => random.chance(0.6));
      const list =
        random.chance(0.2) || some.length === 0
          ? '*'
          : some.map(({ name }) => (random.chance(0.5) ? quoted(name) : `x.${quoted(name)}`)).join(', ');
      const number = source.columns.find(isNumber);
      const where = number && random.chance(0.4) ? ` WHERE ${quoted(number.name)} > 3` : '';
      return `CREATE ${kind} ${freshName(random)} AS SELECT ${list} FROM ${fullName(source)} x${where}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const view = random.pick(views(catalog));
      return view && `DROP ${namedText(catalog, view)}${cascade(random)}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const view = random.pick(views(catalog));
      return view && `ALTER ${namedText(catalog, view)} RENAME TO ${freshName(random)}`;
    },
  ],
  [2, random => `CREATE TYPE ${freshName(random)} AS ENUM ('new', 'paid', 'it''s')`],
  [
    3,
    (random, catalog) => {
      const type = random.pick(enums(catalog));
      if (!type) return undefined;
      const place = random.pick([
        '',
        ` BEFORE '${type.labels[0]?.replaceAll("'", "''")}'`,
        ` AFTER '${type.labels[0]?.replaceAll("'", "''")}'`,
      ]);
      return `ALTER TYPE ${fullName(type)} ADD VALUE 'label ${random.below(1000)}'${place}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const type = random.pick(enums(catalog));
      return (
        type &&
        `ALTER TYPE ${fullName(type)} RENAME VALUE '${type.labels[0]?.replaceAll("'", "''")}' TO 'renamed ${random.below(1000)}'`
      );
    },
  ],
  [
    1,
    inColumn((_, table, column, catalog) => {
      const type = column.type?.id === undefined ? undefined : catalog.objects.get(column.type.id);
      return type?.kind === 'enum' && column.type?.dimensions === 0
        ? alterColumn(table, column, `SET DEFAULT '${type.labels[0]?.replaceAll("'", "''")}'`)
        : undefined;
    }),
  ],
  [
    1,
    random => `CREATE DOMAIN ${freshName(random)} AS text CHECK (value <> '')${random.chance(0.3) ? ' NOT NULL' : ''}`,
  ],
  [
    1,
    (random, catalog) => {
      const type = random.pick(
        objects(catalog).filter(one => one.kind === 'enum' || one.kind === 'domain' || one.kind === 'composite'),
      );
      return type && `DROP ${namedText(catalog, type)}${cascade(random)}`;
    },
  ],
  [1, random => `CREATE TYPE ${freshName(random)} AS (x int, y text)`],
  [
    2,
    random => `CREATE FUNCTION ${freshName(random)}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`,
  ],
  [
    1,
    random =>
      `CREATE FUNCTION ${freshName(random)}(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a'`,
  ],
  [
    1,
    (random, catalog) => {
      const routine = random.pick(
        objects(catalog).flatMap(one => (one.kind === 'routine' && one.language === 'plpgsql' ? [one] : [])),
      );
      return (
        routine &&
        `CREATE OR REPLACE FUNCTION ${fullName(routine)}(${argumentsText(catalog, routine)}) RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN /* ${random.below(100)} */ RETURN NULL; END $$`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const routine = random.pick(objects(catalog).filter(one => one.kind === 'routine'));
      return routine && `DROP ${namedText(catalog, routine)}${cascade(random)}`;
    },
  ],
  [
    3,
    inTable((random, table, name, catalog) => {
      const routine = random.pick(
        objects(catalog).flatMap(one => (one.kind === 'routine' && one.language === 'plpgsql' ? [one] : [])),
      );
      const column = random.pick(table.columns);
      if (!routine || !column) return undefined;
      const event = random.pick(['INSERT', `UPDATE OF ${quoted(column.name)}`, 'INSERT OR DELETE']);
      return `CREATE TRIGGER ${freshName(random)} AFTER ${event} ON ${name} FOR EACH ROW EXECUTE FUNCTION ${fullName(routine)}()`;
    }),
  ],
  [
    1,
    inTable((random, table) => {
      const trigger = random.pick(table.triggers);
      return (
        trigger &&
        (random.chance(0.5)
          ? `DROP TRIGGER ${quoted(trigger.name)} ON ${fullName(table)}`
          : alter(table, `DISABLE TRIGGER ${quoted(trigger.name)}`))
      );
    }),
  ],
  [
    2,
    inColumn(
      (random, table, column) =>
        `CREATE POLICY ${freshName(random)} ON ${fullName(table)}${random.chance(0.4) ? ' FOR SELECT' : ''} USING (${quoted(column.name)} IS NOT NULL)`,
    ),
  ],
  [
    1,
    inTable((random, table) => {
      const policy = random.pick(table.policies);
      return (
        policy &&
        (random.chance(0.5)
          ? `DROP POLICY ${quoted(policy.name)} ON ${fullName(table)}`
          : `ALTER POLICY ${quoted(policy.name)} ON ${fullName(table)} USING (true)`)
      );
    }),
  ],
  [1, inTable((random, table) => alter(table, `${random.chance(0.5) ? 'ENABLE' : 'FORCE'} ROW LEVEL SECURITY`))],
  [1, inTable((_, table) => (table.partitionBy ? undefined : alter(table, 'SET (fillfactor = 70)')))],
  [
    2,
    inColumn(
      (random, table, column) =>
        `COMMENT ON COLUMN ${fullName(table)}.${quoted(column.name)} IS 'it''s ${random.below(100)}'`,
    ),
  ],
  [1, inTable((_, __, name) => `COMMENT ON TABLE ${name} IS 'a table'`)],
  [1, random => `CREATE SEQUENCE ${freshName(random)} INCREMENT BY 2 START 5`],
  [
    1,
    inColumn((random, table, column, catalog) => {
      const sequence = random.pick(
        objects(catalog).flatMap(one => (one.kind === 'sequence' && !one.identity ? [one] : [])),
      );
      if (!sequence || !isNumber(column) || column.default || column.identity || column.generated) return undefined;
      return alterColumn(table, column, `SET DEFAULT nextval('${fullName(sequence)}')`);
    }),
  ],
  [
    1,
    (random, catalog) => {
      const sequence = random.pick(
        objects(catalog).flatMap(one => (one.kind === 'sequence' && !one.identity ? [one] : [])),
      );
      if (!sequence) return undefined;
      return random.chance(0.5)
        ? `DROP SEQUENCE ${fullName(sequence)}${cascade(random)}`
        : `ALTER SEQUENCE ${fullName(sequence)} RENAME TO ${freshName(random)}`;
    },
  ],
  [1, random => `CREATE SCHEMA ${freshName(random)}`],
  [
    1,
    (random, catalog) => {
      const schema = random.pick(objects(catalog).filter(one => one.kind === 'schema'));
      const object = random.pick([...tables(catalog).filter(one => !one.partitionOf), ...enums(catalog)]);
      return schema && object && `ALTER ${namedText(catalog, object)} SET SCHEMA ${quoted(schema.name)}`;
    },
  ],
  [
    1,
    inTable((random, table) => {
      const [first, second] = table.columns;
      return first && second && isNumber(first) && isNumber(second)
        ? `CREATE STATISTICS ${freshName(random)} (dependencies) ON ${quoted(first.name)}, ${quoted(second.name)} FROM ${fullName(table)}`
        : undefined;
    }),
  ],
];

/** All that statements are made by. */
export const MAKERS: Makers = [...USUAL, ...ON_TABLES, ...OF_OTHER_KINDS, ...COMBINED, ...SELDOM];

const TOTAL = MAKERS.reduce((sum, [weight]) => sum + weight, 0);

/** One statement that fits the catalog. */
export function randomStatement(random: Random, catalog: Catalog): string {
  for (let tries = 0; tries < 100; tries += 1) {
    let at = random.below(TOTAL);
    for (const [weight, make] of MAKERS) {
      at -= weight;
      if (at >= 0) continue;
      const statement = make(random, catalog);
      if (statement !== undefined) return statement;
      break;
    }
  }
  return `CREATE TABLE ${freshName(random)} (a int)`;
}
