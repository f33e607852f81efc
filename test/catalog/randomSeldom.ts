/** Random statements that are seldom written, each picked among what it fits, so that a run has some of every sort. */
import { type Catalog, isTable } from '../../src/catalog/catalog';
import { fullName, quoted } from '../../src/catalog/naming';
import type { CatalogObject, Other, Table } from '../../src/catalog/object';
import { namedText } from '../../src/catalog/print';
import { alter, enums, freshName, type Makers, objects, type Random, tables, views } from './random';

const ofKind = <Kind extends CatalogObject['kind']>(catalog: Catalog, kind: Kind) =>
  objects(catalog).filter((one): one is Extract<CatalogObject, { kind: Kind }> => one.kind === kind);

const others = (catalog: Catalog, what: Other['what']): readonly Other[] =>
  ofKind(catalog, 'other').filter(one => one.what === what);

const literal = (text = 'new'): string => `'${text.replaceAll("'", "''")}'`;

/** A part of some table, with the table. */
function partOf<Part>(random: Random, catalog: Catalog, parts: (table: Table) => readonly Part[]) {
  return random.pick(tables(catalog).flatMap(table => parts(table).map(part => ({ table, part }))));
}

const firing = (random: Random): string =>
  random.pick(['ENABLE', 'ENABLE ALWAYS', 'ENABLE REPLICA', 'DISABLE']) ?? 'ENABLE';

const SELDOM_DROPPED: readonly string[] = ['user mapping', 'event trigger', 'operator family', 'operator class'];

const OWNED = ['view', 'sequence', 'routine', 'enum', 'schema'];

export const SELDOM: Makers = [
  // of tables
  [
    1,
    (random, catalog) => {
      const trigger = partOf(random, catalog, ({ triggers }) => triggers.filter(one => one.parent === undefined));
      return trigger && alter(trigger.table, `${firing(random)} TRIGGER ${quoted(trigger.part.name)}`);
    },
  ],
  [
    1,
    (random, catalog) => {
      const rule = partOf(random, catalog, ({ rules }) => rules);
      return rule && alter(rule.table, `${firing(random)} RULE ${quoted(rule.part.name)}`);
    },
  ],
  [
    1,
    (random, catalog) => {
      const found = partOf(random, catalog, ({ triggers }) => triggers.filter(one => !one.constraint));
      const id = found?.part.function.id;
      const routine = id === undefined ? undefined : catalog.objects.get(id);
      return found && routine?.kind === 'routine'
        ? `CREATE OR REPLACE TRIGGER ${quoted(found.part.name)} BEFORE DELETE ON ${fullName(found.table)} FOR EACH ROW EXECUTE FUNCTION ${fullName(routine)}()`
        : undefined;
    },
  ],
  [
    1,
    (random, catalog) => {
      const part = random.pick(tables(catalog).filter(one => one.partitionOf));
      const parent = part?.partitionOf && catalog.objects.get(part.partitionOf.parent);
      const column = isTable(parent) ? random.pick(parent.columns) : undefined;
      if (!part || !isTable(parent) || !column || part.schema !== parent.schema) return undefined;
      const [whole, own] = [freshName(random), freshName(random)];
      const schema = part.schema === 'public' ? '' : `${quoted(part.schema)}.`;
      return [
        `CREATE INDEX ${whole} ON ONLY ${fullName(parent)} (${quoted(column.name)})`,
        `CREATE INDEX ${own} ON ${fullName(part)} (${quoted(column.name)})`,
        `ALTER INDEX ${schema}${whole} ATTACH PARTITION ${schema}${own}`,
      ].join('; ');
    },
  ],
  [
    1,
    (random, catalog) => {
      const parent = random.pick(tables(catalog).filter(({ partitionBy }) => partitionBy?.strategy === 'hash'));
      const part = freshName(random);
      return (
        parent &&
        `CREATE TABLE ${part} (LIKE ${fullName(parent)}); ${alter(parent, `ATTACH PARTITION ${part} FOR VALUES WITH (MODULUS 64, REMAINDER ${random.below(64)})`)}`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const rule = partOf(random, catalog, ({ rules }) => rules);
      return rule && `COMMENT ON RULE ${quoted(rule.part.name)} ON ${fullName(rule.table)} IS 'a rule'`;
    },
  ],
  // of views, domains and sequences
  [
    1,
    (random, catalog) => {
      const statistics = random.pick(ofKind(catalog, 'statistics'));
      const schema = random.pick(ofKind(catalog, 'schema'));
      return statistics && schema && `ALTER STATISTICS ${fullName(statistics)} SET SCHEMA ${quoted(schema.name)}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const source = random.pick([...tables(catalog), ...views(catalog)].filter(one => one.columns.length > 0));
      return (
        source &&
        `CREATE MATERIALIZED VIEW ${freshName(random)} WITH (fillfactor = 60) AS SELECT * FROM ${fullName(source)}`
      );
    },
  ],
  [1, random => `CREATE DOMAIN ${freshName(random)} AS text COLLATE "C" CHECK (VALUE > 'a')`],
  [1, random => `CREATE UNLOGGED SEQUENCE ${freshName(random)} START 3`],
  [
    1,
    (random, catalog) => {
      const domain = random.pick(
        ofKind(catalog, 'domain').filter(({ type }) => enums(catalog).some(({ id }) => id === type.id)),
      );
      const type = domain ? enums(catalog).find(({ id }) => id === domain.type.id) : random.pick(enums(catalog));
      if (!domain) return type && `CREATE DOMAIN ${freshName(random)} AS ${fullName(type)}`;
      return `ALTER DOMAIN ${fullName(domain)} ${random.pick([
        `SET DEFAULT ${literal(random.pick(type?.labels ?? []))}`,
        `ADD CONSTRAINT ${freshName(random)} CHECK (VALUE <> ${literal(random.pick(type?.labels ?? []))})`,
      ])}`;
    },
  ],
  // of owners and publications
  [
    1,
    (random, catalog) => {
      const object = random.pick(
        objects(catalog).filter(
          one =>
            OWNED.includes(one.kind) &&
            !(one.kind === 'sequence' && (one.identity || one.ownedBy)) &&
            // whose it was before is not in the catalog: that of the server's own schema is another than of all else
            !(one.kind === 'schema' && one.name === 'public'),
        ),
      );
      return object && `ALTER ${namedText(catalog, object)} OWNER TO CURRENT_USER`;
    },
  ],
  [
    2,
    (random, catalog) => {
      const publication = random.pick(
        others(catalog, 'publication').filter(({ definition }) => definition && definition.refs.length > 0),
      );
      const table = random.pick(
        tables(catalog).filter(one => one.persistence === 'permanent' && one.foreignServer === undefined),
      );
      const isPublished = ({ id }: Table) => publication?.definition?.refs.includes(id);
      const published = random.pick(tables(catalog).filter(isPublished));
      if (!table) return undefined;
      if (!publication) return `CREATE PUBLICATION ${freshName(random)} FOR TABLE ${fullName(table)}`;
      const unpublished = random.pick(
        tables(catalog).filter(
          one => one.persistence === 'permanent' && one.foreignServer === undefined && !isPublished(one),
        ),
      );
      return `ALTER PUBLICATION ${quoted(publication.name)} ${random.pick([
        `ADD TABLE ${fullName(unpublished ?? table)}`,
        `DROP TABLE ${fullName(published ?? table)}`,
        `SET TABLE ${fullName(table)}`,
      ])}`;
    },
  ],
  // of how rows are stored
  [
    1,
    (random, catalog) => {
      const relation = random.pick([
        ...tables(catalog),
        ...views(catalog).filter(one => one.kind === 'materializedView'),
      ]);
      const kind = relation?.kind === 'materializedView' ? 'MATERIALIZED VIEW' : 'TABLE';
      return (
        relation && `ALTER ${kind} ${fullName(relation)} SET ACCESS METHOD ${random.pick(['heap2', 'heap', 'DEFAULT'])}`
      );
    },
  ],
  [
    2,
    (random, catalog) => {
      const relation = random.pick([
        ...tables(catalog),
        ...views(catalog).filter(one => one.kind === 'materializedView'),
      ]);
      const space = random.pick(['fast', 'fast', 'pg_default']);
      const kind = relation?.kind === 'table' ? 'TABLE' : 'MATERIALIZED VIEW';
      const index = random.pick(relation?.indexes ?? []);
      return index && relation && random.chance(0.5)
        ? `ALTER INDEX ${fullName({ schema: relation.schema, name: index.name })} SET TABLESPACE ${space}`
        : relation && `ALTER ${kind} ${fullName(relation)} SET TABLESPACE ${space}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const table = random.pick(tables(catalog).filter(one => one.columns.length > 0));
      const column = random.pick(table?.columns ?? []);
      return random.pick([
        `CREATE TABLE ${freshName(random)} (id int PRIMARY KEY USING INDEX TABLESPACE fast, n int) TABLESPACE fast`,
        `CREATE TABLE ${freshName(random)} (id int, n int) PARTITION BY HASH (id) TABLESPACE fast`,
        table && column && `CREATE INDEX ON ${fullName(table)} (${quoted(column.name)}) TABLESPACE fast`,
      ]);
    },
  ],
  // of foreign tables
  [
    1,
    (random, catalog) => {
      const table = random.pick(tables(catalog).filter(one => one.foreignServer !== undefined));
      return table && `DROP ${namedText(catalog, table)}`;
    },
  ],
  // of casts
  [
    1,
    (random, catalog) => {
      const type = random.pick([...enums(catalog), ...ofKind(catalog, 'composite'), ...ofKind(catalog, 'range')]);
      const other = random.pick(enums(catalog));
      const target = random.pick(['text[]', 'int', 'jsonb', other ? fullName(other) : 'bigint']);
      return type && `CREATE CAST (${fullName(type)} AS ${target}) WITH INOUT${random.pick(['', ' AS ASSIGNMENT'])}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const type = random.pick([...enums(catalog), ...ofKind(catalog, 'composite')]);
      const routine = freshName(random);
      return (
        type &&
        `CREATE FUNCTION ${routine}(${fullName(type)}) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE CAST (${fullName(type)} AS int) WITH FUNCTION ${routine}(${fullName(type)})`
      );
    },
  ],
  [
    1,
    (random, catalog) => {
      const cast = random.pick(others(catalog, 'cast'));
      return cast && `DROP ${namedText(catalog, cast)}`;
    },
  ],
  // of aggregates and operators
  [
    1,
    (random, catalog) => {
      const type = random.pick([...enums(catalog), ...ofKind(catalog, 'composite'), ...ofKind(catalog, 'range')]);
      if (!type) return undefined;
      const [routine, name] = [freshName(random), fullName(type)];
      return random.pick([
        `CREATE FUNCTION ${routine}(${name}, int) RETURNS ${name} LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE ${freshName(random)}(int) (SFUNC = ${routine}, STYPE = ${name})`,
        `CREATE FUNCTION ${routine}(int, ${name}) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE ${freshName(random)}(${name}) (SFUNC = ${routine}, STYPE = int)`,
        `CREATE FUNCTION ${routine}(${name}, int) RETURNS int LANGUAGE sql AS 'SELECT $2'; CREATE OPERATOR <~> (FUNCTION = ${routine}, LEFTARG = ${name}, RIGHTARG = int)`,
      ]);
    },
  ],
  [
    1,
    (random, catalog) => {
      const made = random.pick([...others(catalog, 'aggregate'), ...others(catalog, 'operator')]);
      return made && `DROP ${namedText(catalog, made)}`;
    },
  ],
  [
    1,
    (random, catalog) => {
      const made = random.pick(others(catalog, 'aggregate'));
      return made && `ALTER ${namedText(catalog, made)} RENAME TO ${freshName(random)}`;
    },
  ],
  // what is kept by its text
  [1, random => `CREATE CONVERSION ${freshName(random)} FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8`],
  [
    1,
    (random, catalog) => {
      const server = random.pick(others(catalog, 'server'));
      return server && `DROP ${namedText(catalog, server)}`;
    },
  ],
  [
    1,
    random => {
      const [wrapper, server] = [freshName(random), freshName(random)];
      return [
        `CREATE FOREIGN DATA WRAPPER ${wrapper}`,
        `CREATE SERVER ${server} FOREIGN DATA WRAPPER ${wrapper}`,
        `CREATE USER MAPPING FOR pg_monitor SERVER ${server}`,
      ].join('; ');
    },
  ],
  [
    1,
    (random, catalog) => {
      const server = random.pick(others(catalog, 'server'));
      return (
        server &&
        `CREATE USER MAPPING FOR ${random.pick(['CURRENT_USER', 'PUBLIC', 'pg_monitor'])} SERVER ${quoted(server.identity)}`
      );
    },
  ],
  [
    1,
    random => {
      const [routine, trigger] = [freshName(random), freshName(random)];
      return `CREATE FUNCTION ${routine}() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER ${trigger} ON ddl_command_end WHEN TAG IN ('CREATE LANGUAGE') EXECUTE FUNCTION ${routine}()`;
    },
  ],
  [
    1,
    random =>
      `CREATE OPERATOR FAMILY ${freshName(random)} USING hash; CREATE OPERATOR CLASS ${freshName(random)} FOR TYPE int4 USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int4, int4)`,
  ],
  [
    1,
    (random, catalog) => {
      const other = random.pick(ofKind(catalog, 'other').filter(({ what }) => SELDOM_DROPPED.includes(what)));
      return other && `DROP ${namedText(catalog, other)}`;
    },
  ],
];
