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
import { suggestion } from '../engine/finding';
import { defineRule } from '../facts/rule';
import { listed } from '../facts/schemaChanges';
import type { SchemaDrift } from '../facts/schemaDrift';

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
        if (drift.gone?.to !== undefined || drift.nearest !== undefined)
          return isPlain(drift.gone?.to ?? drift.nearest)
            ? [
                suggestion(`Write ${drift.gone?.to ?? drift.nearest}`, [
                  { at: drift.at, newText: drift.gone?.to ?? drift.nearest ?? '' },
                ]),
              ]
            : [];
        return drift.gone
          ? [suggestion(`Take ${drift.column} out of the document`, [{ at: drift.line, newText: '' }])]
          : [];
      case 'undocumented':
        return [
          suggestion(`Add ${drift.columns.length === 1 ? `the column ${drift.columns[0]?.name}` : 'the columns'}`, [
            { at: drift.insertAt, newText: drift.columns.map(({ written }) => `\n${drift.indent}${written}`).join('') },
          ]),
        ];
      case 'type':
        return [suggestion(`Write ${drift.is}`, [{ at: drift.at, newText: quotedType(drift.is) }])];
      case 'null':
        return drift.isSaid
          ? [
              suggestion(`Write ${drift.isNotNull ? 'not null' : 'null'}`, [
                { at: drift.at, newText: drift.isNotNull ? 'not null' : 'null' },
              ]),
            ]
          : [];
      case 'labels':
        return drift.insertAt && drift.missing.length > 0 && drift.left.length === 0
          ? [
              suggestion(`Add ${drift.missing.join(', ')}`, [
                {
                  at: drift.insertAt,
                  newText: drift.missing
                    .map(label => `\n${drift.indent}${isPlain(label) ? label : `"${label}"`}`)
                    .join(''),
                },
              ]),
            ]
          : [];
      default:
        return [];
    }
  },
});

const isPlain = (name: string | undefined): boolean => name !== undefined && /^\w+$/.test(name);

const quotedType = (type: string): string => (/^[\w.]+(?:\([\w, ]*\))?(?:\[\])?$/.test(type) ? type : `"${type}"`);

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
      return `${code(drift.table)}.${code(drift.column)} is ${code(drift.is)}, and not ${code(drift.said)}.`.replace(
        '`.`',
        '.',
      );
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
  if ('gone' in drift && drift.gone?.to !== undefined) return `Write ${code(drift.gone.to)}.`;
  if ('nearest' in drift && drift.nearest !== undefined) return `Did you mean ${code(drift.nearest)}?`;
  if ('gone' in drift && drift.gone) return 'Take it out of the document.';
  return drift.kind === 'undocumented' || drift.kind === 'tables'
    ? 'Add what is there to the document.'
    : 'Correct the document, or add the migration that is missing.';
}
