/**
 * A document of the schema, in DBML, that says another thing than the schema that the migrations make.
 *
 * Who joins the team, draws a diagram or generates a client goes by the document. Where it is wrong they write against a table
 * that is not so, and find out when the statement fails; where a column is missing from it nobody knows that there is one.
 * ## Flags
 * ```dbml
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12, 2) NOT NULL);
 * //- docs/schema.dbml
 * Table orders {
 *   id bigint [pk]
 *   total integer [not null]
 * }
 * ```
 * ```dbml
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12, 2) NOT NULL);
 * //- migrations/2_coupons.up.sql
 * ALTER TABLE orders ADD COLUMN coupon text;
 * //- docs/schema.dbml
 * Table orders {
 *   id bigint [pk]
 *   total numeric
 * }
 * ```
 * ## Stays silent
 * ```dbml
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12, 2) NOT NULL, placed_at timestamptz NOT NULL DEFAULT now());
 * //- docs/schema.dbml
 * Table orders {
 *   id int8 [pk]
 *   total decimal [not null, note: 'with tax']
 *   placed_at timestamptz [default: `now()`]
 * }
 * ```
 * ## When to leave it
 * A document of what is planned, which no migration makes yet.
 */
import { type ProposedFix, suggestion } from '../engine/finding';
import { defineRule } from '../facts/rule';
import { listed } from '../facts/schemaChanges';
import type { Insertion, SchemaDrift } from '../facts/schemaDrift';
import { nameInDbml, typeInDbml } from '../migrations/dbml/written';

export const schemaDrift = defineRule({
  id: 'schema-drift',
  level: 'warning',
  concern: 'errors',

  *check({ schemaDrift: found }) {
    for (const drift of found) yield { at: drift.at, loweredBy: drift.isMinor ? 1 : 0, drift };
  },

  explain({ drift }) {
    const gone = 'gone' in drift ? drift.gone : undefined;
    return {
      what: whatOf(drift),
      why: WHY[drift.kind],
      remedy: remedyOf(drift),
      related: gone ? [{ at: gone.at, says: gone.to === undefined ? 'dropped here' : 'renamed here' }] : [],
    };
  },

  fix({ drift }) {
    switch (drift.kind) {
      case 'column':
        if (drift.called !== undefined)
          return [suggestion(`Write ${drift.called}`, [{ at: drift.at, newText: nameInDbml(drift.called) }])];
        return drift.gone && drift.lines
          ? [suggestion(`Take ${drift.column} out of the document`, [{ at: drift.lines, newText: '' }])]
          : [];
      case 'undocumented': {
        const { columns, insert } = drift;
        const title = columns.length === 1 ? `Add the column ${columns[0]?.name}` : 'Add the columns';
        return insert
          ? [
              added(
                title,
                insert,
                columns.map(({ written }) => written),
              ),
            ]
          : [];
      }
      case 'type':
        return [suggestion(`Write ${drift.is}`, [{ at: drift.at, newText: typeInDbml(drift.is) }])];
      case 'null': {
        const words = drift.isNotNull ? 'not null' : 'null';
        return drift.isSaid ? [suggestion(`Write ${words}`, [{ at: drift.at, newText: words }])] : [];
      }
      case 'labels':
        return drift.insert && drift.missing.length > 0 && drift.left.length === 0
          ? [added(`Add ${drift.missing.join(', ')}`, drift.insert, drift.missing.map(nameInDbml))]
          : [];
      default:
        return [];
    }
  },
});

const added = (title: string, { at, indent }: Insertion, lines: readonly string[]): ProposedFix =>
  suggestion(title, [{ at, newText: lines.map(line => `\n${indent}${line}`).join('') }]);

const code = (name: string): string => `\`${name}\``;

function whatOf(drift: SchemaDrift): string {
  switch (drift.kind) {
    case 'table':
      if (!drift.gone) return `No migration makes a table ${code(drift.table)}.`;
      return drift.gone.to === undefined
        ? `The migration ${drift.gone.migration} has dropped the table ${code(drift.table)}.`
        : `The migration ${drift.gone.migration} has renamed the table ${code(drift.table)} to ${code(drift.gone.to)}.`;
    case 'column':
      if (!drift.gone) return `${code(drift.table)} has no column ${code(drift.column)}.`;
      return drift.gone.to === undefined
        ? `The migration ${drift.gone.migration} has dropped the column ${code(drift.column)} of ${code(drift.table)}.`
        : `The migration ${drift.gone.migration} has renamed the column ${code(drift.column)} of ${code(drift.table)} to ${code(drift.gone.to)}.`;
    case 'undocumented': {
      const names = drift.columns.map(({ name }) => code(name));
      return names.length === 1
        ? `The column ${names[0]} of ${code(drift.table)} is not in the document.`
        : `The columns ${some(names)} of ${code(drift.table)} are not in the document.`;
    }
    case 'type':
      return `${code(`${drift.table}.${drift.column}`)} is ${code(drift.is)}, and not ${code(drift.said)}.`;
    case 'null':
      return `${code(`${drift.table}.${drift.column}`)} ${drift.isNotNull ? 'is NOT NULL' : 'may be NULL'}, and the document says that it ${drift.isNotNull ? 'may be NULL' : 'is not'}.`;
    case 'default':
      return drift.is === undefined
        ? `${code(`${drift.table}.${drift.column}`)} has no default, and the document says ${code(drift.said.replaceAll('`', ''))}.`
        : `The default of ${code(`${drift.table}.${drift.column}`)} is ${code(drift.is)}, and not ${code(drift.said.replaceAll('`', ''))}.`;
    case 'primaryKey':
      return drift.is.length === 0
        ? `${code(drift.table)} has no primary key, and the document says ${listed(drift.said.map(code))}.`
        : `The primary key of ${code(drift.table)} is ${listed(drift.is.map(code))}, and not ${listed(drift.said.map(code))}.`;
    case 'index':
      return drift.isUnique
        ? `Nothing makes ${listed(drift.columns.map(code))} of ${code(drift.table)} unique.`
        : `${code(drift.table)} has no index on ${listed(drift.columns.map(code))}.`;
    case 'reference':
      return drift.is === undefined
        ? `No foreign key leads from ${code(`${drift.table}.${drift.column}`)} to ${code(drift.said)}.`
        : `The foreign key on ${code(`${drift.table}.${drift.column}`)} leads to ${code(drift.is)}, and not to ${code(drift.said)}.`;
    case 'labels':
      return [
        ...(drift.missing.length > 0
          ? [`The type ${code(drift.table)} also has ${listed(drift.missing.map(code))}.`]
          : []),
        ...(drift.left.length > 0 ? [`The type ${code(drift.table)} has no ${listed(drift.left.map(code))}.`] : []),
      ].join(' ');
    case 'tables':
      return drift.tables.length === 1
        ? `The table ${code(drift.tables[0] ?? '')} is in no document.`
        : `The tables ${some(drift.tables.map(code))} are in no document.`;
  }
}

/** The first few of many. */
const some = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : listed(names);

const WHY: Readonly<Record<SchemaDrift['kind'], string>> = {
  table: 'A statement that somebody writes by this document fails.',
  column: 'A statement that somebody writes by this document fails.',
  undocumented:
    'Who goes by the document does not know of it: an INSERT may miss what it needs, and a change overlooks it.',
  type: 'Values that fit the document may be refused, cut or rounded by the server.',
  null: 'Code that goes by the document handles a NULL that never comes, or fails on one that does.',
  default: 'Rows get another value than who goes by the document expects.',
  primaryKey: 'Rows are told apart by other columns than the document says.',
  index: 'Who goes by the document counts on what the server does not do.',
  reference: 'Who goes by the document counts on rows that the server does not keep together.',
  labels: 'Code that goes by the document meets values that it does not know, or sends one that the server refuses.',
  tables: 'Who goes by the document does not know of them.',
};

function remedyOf(drift: SchemaDrift): string {
  const gone = 'gone' in drift ? drift.gone : undefined;
  const called =
    drift.kind === 'table' ? (gone?.to ?? drift.nearest) : drift.kind === 'column' ? drift.called : undefined;
  if (called !== undefined) return gone ? `Write ${code(called)}.` : `Did you mean ${code(called)}?`;
  if (gone) return 'Take it out of the document.';
  return drift.kind === 'undocumented' || drift.kind === 'tables'
    ? 'Add what is there to the document.'
    : 'Correct the document, or add the migration that is missing.';
}
