/** Random statements about what is no table: views, routines, types, sequences, and what is kept by its text. */

import type { Catalog } from '../../src/catalog/catalog';
import { argumentsText } from '../../src/catalog/definitionText';
import { fullName, quoted } from '../../src/catalog/naming';
import type { CatalogObject, Routine, View } from '../../src/catalog/object';
import { namedText } from '../../src/catalog/print';
import { cascade, freshName, inColumn, isNumber, isText, type Makers, objects, tables, views } from './random';

const ofKind = <Kind extends CatalogObject['kind']>(catalog: Catalog, kind: Kind) =>
  objects(catalog).filter((one): one is Extract<CatalogObject, { kind: Kind }> => one.kind === kind);

const routines = (catalog: Catalog): readonly Routine[] => ofKind(catalog, 'routine');
const plainViews = (catalog: Catalog): readonly View[] => views(catalog).filter(({ kind }) => kind === 'view');
const sequences = (catalog: Catalog) => ofKind(catalog, 'sequence').filter(one => !one.identity);

const MOVED = ['view', 'materializedView', 'sequence', 'domain', 'composite', 'range', 'routine', 'statistics'];
const COMMENTED = [
  'view',
  'materializedView',
  'sequence',
  'enum',
  'domain',
  'composite',
  'routine',
  'schema',
  'statistics',
];

export const OF_OTHER_KINDS: Makers = [
  // views
  [
    2,
    (random, catalog) => {
      const [one, other] = [random.pick(tables(catalog)), random.pick([...tables(catalog), ...views(catalog)])];
      const [left, right] = [one && random.pick(one.columns), other && random.pick(other.columns)];
      if (!one || !other || !left || !right) return undefined;
      const [a, b] = [`a.${quoted(left.name)}`, `b.${quoted(right.name)}`];
      const select = random.pick([
        `SELECT ${a} AS one, ${b} AS other FROM ${fullName(one)} a LEFT JOIN ${fullName(other)} b ON ${b}::text = ${a}::text`,
        `SELECT ${a} AS one, count(*) AS many FROM ${fullName(one)} a GROUP BY ${a}`,
        `WITH x AS (SELECT ${b} AS y FROM ${fullName(other)} b) SELECT y::text AS one FROM x UNION ALL SELECT ${a}::text FROM ${fullName(one)} a`,
        `SELECT a.*, row_number() OVER (ORDER BY ${a}::text) AS place_of_it FROM ${fullName(one)} a WHERE EXISTS (SELECT 1 FROM ${fullName(other)} b WHERE ${b} IS NOT NULL)`,
      ]);
      return `CREATE ${random.chance(0.3) ? 'MATERIALIZED VIEW' : 'VIEW'} ${freshName(random)} AS ${select}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const table = random.pick(tables(catalog));
      const column = table && random.pick(table.columns);
      return (
        table &&
        column &&
        `CREATE VIEW ${freshName(random)} (first_one) WITH (security_barrier = true) AS SELECT ${quoted(column.name)} FROM ${fullName(table)} WHERE ${quoted(column.name)} IS NOT NULL${random.chance(0.4) ? ' WITH CHECK OPTION' : ''}`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const table = random.pick(tables(catalog));
      return table && table.columns.length > 0
        ? `CREATE MATERIALIZED VIEW ${freshName(random)} AS SELECT * FROM ${fullName(table)} WITH NO DATA`
        : undefined;
    },
  ],
  [
    1,
    (random, catalog) => {
      const view = random.pick(plainViews(catalog));
      return (
        view &&
        `ALTER VIEW ${fullName(view)} ${random.pick(['SET (security_barrier = true)', 'RESET (security_barrier)', 'SET (security_invoker = true)'])}`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const view = random.pick(views(catalog));
      const column = view && random.pick(view.columns);
      return (
        view &&
        column &&
        random.pick([
          `ALTER ${view.kind === 'view' ? 'VIEW' : 'MATERIALIZED VIEW'} ${fullName(view)} RENAME COLUMN ${quoted(column.name)} TO ${freshName(random)}`,
          `COMMENT ON COLUMN ${fullName(view)}.${quoted(column.name)} IS 'seen'`,
        ])
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const view = random.pick(plainViews(catalog));
      const column = view && random.pick(view.columns);
      return view && column?.type?.name === 'text'
        ? `ALTER VIEW ${fullName(view)} ALTER COLUMN ${quoted(column.name)} SET DEFAULT 'v'`
        : undefined;
    },
  ],
  [
    1,
    (random, catalog) => {
      const view = random.pick(views(catalog).filter(one => one.kind === 'materializedView'));
      const column = view && random.pick(view.columns);
      return view && column && column.type?.name !== 'jsonb'
        ? `CREATE ${random.chance(0.4) ? 'UNIQUE ' : ''}INDEX ON ${fullName(view)} (${quoted(column.name)})`
        : undefined;
    },
  ],
  [
    1,
    (random, catalog) => {
      const view = random.pick(plainViews(catalog));
      const routine = random.pick(
        routines(catalog).filter(one => one.language === 'plpgsql' && one.parameters.length === 0 && !one.procedure),
      );
      return (
        view &&
        routine &&
        `CREATE TRIGGER ${freshName(random)} INSTEAD OF UPDATE ON ${fullName(view)} FOR EACH ROW EXECUTE FUNCTION ${fullName(routine)}()`
      );
    },
  ],
  // routines
  [
    2,
    (random, catalog) => {
      const table = random.pick(tables(catalog));
      const name = freshName(random);
      return random.pick([
        `CREATE FUNCTION ${name}(x int) RETURNS int LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 7 RETURN x + 1`,
        `CREATE FUNCTION ${name}(x int DEFAULT 3, VARIADIC more text[] DEFAULT '{}') RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ SELECT unnest(more) $$`,
        `CREATE FUNCTION ${name}(OUT a int, INOUT b text) LANGUAGE plpgsql AS $f$ BEGIN a := 1; END $f$`,
        `CREATE PROCEDURE ${name}(x int, INOUT y text DEFAULT 'y') LANGUAGE plpgsql AS 'BEGIN y := x::text; END'`,
        `CREATE FUNCTION ${name}() RETURNS TABLE (a int, b text) LANGUAGE sql ROWS 10 BEGIN ATOMIC SELECT 1, 'x'::text; END`,
        table &&
          `CREATE FUNCTION ${name}() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM ${fullName(table)}; END`,
      ]);
    },
  ],
  [
    1,
    (random, catalog) => {
      // an aggregate stands whose function was made strict behind it, and none could be made so
      const isOfAggregate = ({ id }: Routine): boolean =>
        [...catalog.objects.values()].some(one => one.kind === 'other' && one.definition?.refs.includes(id));
      const routine = random.pick(routines(catalog).filter(one => !isOfAggregate(one)));
      return (
        routine &&
        `ALTER ${routine.procedure ? 'PROCEDURE' : 'FUNCTION'} ${fullName(routine)}(${argumentsText(catalog, routine)}) ${random.pick(routine.procedure ? ['SECURITY DEFINER', "SET work_mem = '8MB'"] : ['STABLE', 'VOLATILE', 'STRICT', 'COST 9', 'SECURITY DEFINER', "SET work_mem = '8MB'", 'RESET ALL', 'PARALLEL SAFE'])}`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const routine = random.pick(routines(catalog));
      return routine && `ALTER ${namedText(catalog, routine)} RENAME TO ${freshName(random)}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const routine = random.pick(routines(catalog));
      return (
        routine &&
        random.pick([
          `GRANT EXECUTE ON ${namedText(catalog, routine)} TO pg_monitor`,
          `REVOKE ALL ON ${namedText(catalog, routine)} FROM PUBLIC`,
        ])
      );
    },
  ],
  [
    1,
    inColumn((_, table, column, catalog) => {
      const routine = routines(catalog).find(
        one =>
          one.language === 'sql' &&
          one.parameters.length === 1 &&
          one.parameters[0]?.type.name === 'integer' &&
          one.returns?.name === 'integer' &&
          !one.returns.setOf,
      );
      return routine && isNumber(column) && !column.identity && !column.generated && column.type?.name === 'integer'
        ? `ALTER TABLE ${fullName(table)} ALTER COLUMN ${quoted(column.name)} SET DEFAULT ${fullName(routine)}(1)`
        : undefined;
    }),
  ],
  [
    1,
    inColumn((random, table, column, catalog) => {
      const routine = routines(catalog).find(
        one =>
          one.language === 'sql' &&
          one.parameters.length === 1 &&
          one.parameters[0]?.type.name === 'integer' &&
          one.returns?.name === 'integer' &&
          !one.returns.setOf,
      );
      return routine && column.type?.name === 'integer' && column.type.dimensions === 0
        ? `ALTER TABLE ${fullName(table)} ADD CONSTRAINT ${freshName(random)} CHECK (${fullName(routine)}(${quoted(column.name)}) > 0)`
        : undefined;
    }),
  ],
  // types
  [
    1,
    (random, catalog) => {
      const type = random.pick(
        objects(catalog).filter(one => one.kind === 'enum' || one.kind === 'domain' || one.kind === 'composite'),
      );
      return type && `ALTER ${namedText(catalog, type)} RENAME TO ${freshName(random)}`;
    },
  ],
  [1, random => `CREATE DOMAIN ${freshName(random)} AS int DEFAULT 5 CONSTRAINT positive CHECK (VALUE > 0)`],
  [
    2,
    (random, catalog) => {
      const domain = random.pick(ofKind(catalog, 'domain').filter(one => one.type.id === undefined));
      if (!domain) return undefined;
      const check = random.pick(domain.constraints);
      const [isNumeric] = [domain.type.name === 'integer'];
      return `ALTER DOMAIN ${fullName(domain)} ${random.pick([
        `SET DEFAULT ${isNumeric ? '8' : "'d'"}`,
        'DROP DEFAULT',
        'SET NOT NULL',
        'DROP NOT NULL',
        `ADD CONSTRAINT ${freshName(random)} CHECK (VALUE <> ${isNumeric ? '7' : "'q'"})${random.chance(0.4) ? ' NOT VALID' : ''}`,
        check ? `DROP CONSTRAINT ${quoted(check.name)}` : 'SET NOT NULL',
        check ? `RENAME CONSTRAINT ${quoted(check.name)} TO ${freshName(random)}` : 'DROP NOT NULL',
        check ? `VALIDATE CONSTRAINT ${quoted(check.name)}` : 'DROP NOT NULL',
      ])}`;
    },
  ],
  [
    2,
    (random, catalog) => {
      const type = random.pick(ofKind(catalog, 'composite'));
      if (!type) return undefined;
      const attribute = random.pick(type.attributes);
      return `ALTER TYPE ${fullName(type)} ${random.pick([
        `ADD ATTRIBUTE ${freshName(random)} int`,
        attribute ? `DROP ATTRIBUTE ${quoted(attribute.name)}` : `ADD ATTRIBUTE ${freshName(random)} text`,
        attribute
          ? `RENAME ATTRIBUTE ${quoted(attribute.name)} TO ${freshName(random)}`
          : `ADD ATTRIBUTE ${freshName(random)} text`,
        attribute
          ? `ALTER ATTRIBUTE ${quoted(attribute.name)} TYPE ${random.chance(0.5) ? 'text' : 'varchar(9)'}`
          : `ADD ATTRIBUTE ${freshName(random)} text`,
      ])}`;
    },
  ],
  [1, random => `CREATE TYPE ${freshName(random)} AS RANGE (subtype = float8)`],
  [
    1,
    (random, catalog) => {
      const type = random.pick(objects(catalog).filter(one => one.kind === 'composite' || one.kind === 'range'));
      const table = random.pick(tables(catalog));
      return type && table && 'schema' in type
        ? `ALTER TABLE ${fullName(table)} ADD COLUMN ${freshName(random)} ${fullName(type)}`
        : undefined;
    },
  ],
  // sequences
  [
    2,
    (random, catalog) => {
      const sequence = random.pick(sequences(catalog));
      return (
        sequence &&
        `ALTER SEQUENCE ${fullName(sequence)} ${random.pick(['INCREMENT BY 4', 'MAXVALUE 5000 CYCLE', 'CACHE 20', 'NO CYCLE', 'START WITH 30', 'OWNED BY NONE', 'RESTART'])}`
      );
    },
  ],
  [
    1,
    inColumn((random, table, column, catalog) => {
      const sequence = random.pick(sequences(catalog).filter(one => !one.ownedBy && one.schema === table.schema));
      return sequence && isNumber(column) && !column.identity
        ? `ALTER SEQUENCE ${fullName(sequence)} OWNED BY ${fullName(table)}.${quoted(column.name)}`
        : undefined;
    }),
  ],
  [1, random => `CREATE SEQUENCE ${freshName(random)} AS int MINVALUE 2 MAXVALUE 99 CACHE 3 CYCLE`],
  [
    1,
    (random, catalog) => {
      const sequence = random.pick(sequences(catalog));
      return sequence && `GRANT USAGE ON SEQUENCE ${fullName(sequence)} TO pg_monitor`;
    },
  ],
  // schemas, statistics, extensions
  [
    1,
    (random, catalog) => {
      const schema = random.pick(ofKind(catalog, 'schema').filter(one => one.name !== 'public'));
      return (
        schema &&
        random.pick([
          `ALTER SCHEMA ${quoted(schema.name)} RENAME TO ${freshName(random)}`,
          `DROP SCHEMA ${quoted(schema.name)}${cascade(random)}`,
          `GRANT USAGE ON SCHEMA ${quoted(schema.name)} TO pg_monitor`,
        ])
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const schema = random.pick(ofKind(catalog, 'schema'));
      return schema && `CREATE TABLE ${quoted(schema.name)}.${freshName(random)} (id serial PRIMARY KEY, note text)`;
    },
  ],
  [
    2,
    (random, catalog) => {
      const schema = random.pick(ofKind(catalog, 'schema'));
      const object = random.pick(
        objects(catalog).filter(
          one => MOVED.includes(one.kind) && !(one.kind === 'sequence' && (one.identity || one.ownedBy)),
        ),
      );
      return schema && object && `ALTER ${namedText(catalog, object)} SET SCHEMA ${quoted(schema.name)}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const statistics = random.pick(ofKind(catalog, 'statistics'));
      return (
        statistics &&
        random.pick([
          `DROP STATISTICS ${fullName(statistics)}`,
          `ALTER STATISTICS ${fullName(statistics)} RENAME TO ${freshName(random)}`,
          `ALTER STATISTICS ${fullName(statistics)} SET STATISTICS 50`,
        ])
      );
    },
  ],
  [
    1,
    inColumn((random, table, column) =>
      isText(column)
        ? `CREATE STATISTICS ${freshName(random)} ON (lower(${quoted(column.name)})) FROM ${fullName(table)}`
        : undefined,
    ),
  ],
  [
    1,
    (random, catalog) => {
      const extension = random.pick(ofKind(catalog, 'extension'));
      return extension && random.chance(0.6)
        ? `DROP EXTENSION ${extension.name}${cascade(random)}`
        : `CREATE EXTENSION ${random.pick(['citext', 'hstore', 'pg_trgm'])}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const extension = ofKind(catalog, 'extension').find(one => one.name === 'citext');
      const table = random.pick(tables(catalog));
      return extension && table && `ALTER TABLE ${fullName(table)} ADD COLUMN ${freshName(random)} citext`;
    },
  ],
  // what is kept by its text
  [
    2,
    (random, catalog) => {
      const table = random.pick(tables(catalog).filter(one => one.persistence === 'permanent'));
      return random.pick([
        `CREATE COLLATION ${freshName(random)} (provider = libc, locale = 'C')`,
        `CREATE AGGREGATE ${freshName(random)}(int) (SFUNC = int4pl, STYPE = int)`,
        table && `CREATE PUBLICATION ${freshName(random)} FOR TABLE ${fullName(table)}`,
        `CREATE PUBLICATION ${freshName(random)} FOR ALL TABLES WITH (publish = 'insert')`,
        `CREATE TEXT SEARCH CONFIGURATION ${freshName(random)} (COPY = english)`,
        `CREATE TEXT SEARCH DICTIONARY ${freshName(random)} (TEMPLATE = simple, stopwords = english)`,
        `CREATE FOREIGN DATA WRAPPER ${freshName(random)}`,
        `CREATE OPERATOR #==# (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)`,
      ]);
    },
  ],
  [
    2,
    (random, catalog) => {
      const other = random.pick(ofKind(catalog, 'other'));
      return other && `DROP ${namedText(catalog, other)}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const wrapper = random.pick(ofKind(catalog, 'other').filter(one => one.what === 'foreign data wrapper'));
      return wrapper && `CREATE SERVER ${freshName(random)} FOREIGN DATA WRAPPER ${quoted(wrapper.identity)}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const server = random.pick(ofKind(catalog, 'other').filter(one => one.what === 'server'));
      return (
        server && `CREATE FOREIGN TABLE ${freshName(random)} (id int, note text) SERVER ${quoted(server.identity)}`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const object = random.pick(
        objects(catalog).filter(one => COMMENTED.includes(one.kind) && !(one.kind === 'sequence' && one.identity)),
      );
      return object && `COMMENT ON ${namedText(catalog, object)} IS 'about ${random.below(50)}'`;
    },
  ],
];
