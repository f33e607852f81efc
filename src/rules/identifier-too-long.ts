/**
 * A name that PostgreSQL cuts.
 *
 * Names end after 63 bytes, and what is beyond that is left out with no more than a notice. Two names that differ only there
 * are one, and whoever looks the whole name up in the catalog finds nothing. Said once for each name.
 * ## Flags
 * ```sql
 * CREATE INDEX CONCURRENTLY orders_customer_id_created_at_state_total_partial_where_not_cancelled_idx ON orders (customer_id);
 * ```
 * ## Stays silent
 * ```sql
 * CREATE INDEX CONCURRENTLY orders_customer_open_idx ON orders (customer_id);
 * ```
 * ## When to leave it
 * Never: write the name as it is stored.
 */

import { suggestion } from '../engine/finding';
import type { Place } from '../engine/place';
import { defineRule } from '../facts/rule';
import type { SchemaScript, SchemaStatement } from '../facts/schemaScripts';
import type { Token } from '../sql/tokens';

/** NAMEDATALEN - 1 of a server as it is shipped. */
const MOST = 63;

export const identifierTooLong = defineRule({
  id: 'identifier-too-long',
  level: 'warning',
  concern: 'maintainability',

  *check({ schemaScripts }) {
    for (const script of schemaScripts) {
      if (script.dialect !== 'postgresql') continue;
      for (const [name, mentions] of longNamesIn(script)) {
        const [first] = mentions;
        if (first) yield { at: first.at, name, mentions };
      }
    }
  },

  explain: ({ name }) => ({
    what: `This name has ${bytesOf(name).length} bytes: PostgreSQL cuts it to \`${cut(name)}\`.`,
    why: 'A second name that begins alike is taken for the same, and nothing that looks the whole name up finds it.',
    remedy: `Give it a name of at most ${MOST} bytes.`,
    related: [],
  }),

  fix: ({ name, mentions }) => {
    const written = mentions.filter(({ exact }) => exact);
    return written.length === mentions.length
      ? [
          suggestion(
            'Write the name as it is stored',
            written.map(({ at, isQuoted }) => ({
              at,
              newText: isQuoted ? `"${cut(name).replaceAll('"', '""')}"` : cut(name),
            })),
          ),
        ]
      : [];
  },
});

interface Mention {
  readonly at: Place;
  readonly exact: boolean;
  readonly isQuoted: boolean;
}

function longNamesIn({ statements }: SchemaScript): ReadonlyMap<string, readonly Mention[]> {
  const found = new Map<string, Mention[]>();
  for (const statement of statements) {
    // what is dropped or does not parse is given no name
    if (statement.operations.every(({ kind }) => kind === 'drop' || kind === 'unread')) continue;
    for (const token of statement.tokens) {
      // a name is no longer in bytes than thrice its characters
      if (token.end - token.start <= MOST / 3 || (token.kind !== 'word' && token.kind !== 'name')) continue;
      const name = nameIn(statement, token);
      if (name === undefined || bytesOf(name).length <= MOST) continue;
      const at = statement.exact(token);
      const mention = { at: at ?? statement.at, exact: at !== undefined, isQuoted: token.kind === 'name' };
      const known = found.get(name);
      if (known) known.push(mention);
      else found.set(name, [mention]);
    }
  }
  return found;
}

function nameIn(statement: SchemaStatement, token: Token): string | undefined {
  const written = statement.textOf(token);
  // a part that is not known may be shorter
  if (written.includes('\uE000')) return undefined;
  return token.kind === 'name' ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}

const bytesOf = (name: string): Uint8Array => new TextEncoder().encode(name);

/** The first bytes, and no half of a character. */
function cut(name: string): string {
  let length = 0;
  let kept = '';
  for (const character of name) {
    length += bytesOf(character).length;
    if (length > MOST) break;
    kept += character;
  }
  return kept;
}
