/** What the functions behind triggers do, as far as their text tells. */
import type { Catalog } from '../catalog/catalog';
import type { Routine, Table, Trigger } from '../catalog/object';

/** The function that a trigger calls; nothing where it is not known, or is several. */
export function routineOf(catalog: Catalog, { id, name, schema }: Trigger['function']): Routine | undefined {
  const known = id === undefined ? undefined : catalog.objects.get(id);
  if (known?.kind === 'routine') return known;
  const found: Routine[] = [];
  for (const object of catalog.objects.values())
    if (object.kind === 'routine' && object.name === name && (schema === undefined || object.schema === schema))
      found.push(object);
  return found.length === 1 ? found[0] : undefined;
}

/** The text of a program without its comments, and its literals empty. */
export const withoutLiterals = (body: string): string =>
  body.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').replace(/'(?:[^']|'')*'/g, "''");

/** What a statement in a text changes: by UPDATE, DELETE, and the UPDATE of an INSERT that meets a row. */
export interface TextChange {
  readonly does: 'update' | 'delete';
  readonly table: string;
  readonly columns: readonly string[];
  /** Behind WHERE. */
  readonly condition: string;
  readonly start: number;
}

const CHANGE =
  /\bupdate\s+(?:only\s+)?([\w."`[\]]+)\s+(?:as\s+)?(?:(?!set\b)\w+\s+)?set\s+([^;]*)|\bdelete\s+from\s+(?:only\s+)?([\w."`[\]]+)([^;]*)|\binsert\s+into\s+([\w."`[\]]+)[^;]*?\bon\s+conflict\b[^;]*?\bdo\s+update\s+set\s+([^;]*)/gi;

export function changesInText(text: string): readonly TextChange[] {
  return [...text.matchAll(CHANGE)].map(match => {
    const [, updated, set, deleted, rest, inserted, merged] = match;
    const tail = set ?? rest ?? merged ?? '';
    const where = /\bwhere\b/i.exec(tail);
    const assigned = where ? tail.slice(0, where.index) : tail;
    return {
      does: deleted === undefined ? 'update' : 'delete',
      table: lastName(updated ?? deleted ?? inserted ?? ''),
      columns: [...assigned.matchAll(/(?:^|,)\s*\(?\s*["`[]?(\w+)["`\]]?\s*=/g)].map(([, name = '']) => name),
      condition: where ? tail.slice(where.index) : '',
      start: match.index,
    };
  });
}

const lastName = (written: string): string =>
  written
    .slice(written.lastIndexOf('.') + 1)
    .replace(/["`[\]]/g, '')
    .toLowerCase();

/** Tables in which a write is a record of the change, and decides nothing. */
const RECORDS =
  /(?:^|_)(?:audit\w*|history|histories|log|logs|logged_actions|journal|changes?|changelog|versions?|revisions?|archive\w*|outbox|events?|notifications?|queue|tombstones?|deleted_\w+|shadow|snapshots?|fts\d?)(?:_|$)|_(?:aud|hist|h|log|audit)$/;

/** Columns that a trigger may fill: times, what is searched by, copies in another spelling. */
const DERIVED =
  /(?:_at|_on|_time|_date|timestamp|_by|version|revision|search\w*|tsv|ts_?vector|_vector|document|slug|_lower|_normali[sz]ed|normali[sz]ed_\w+|_hash|checksum|geom|geog\w*|id|uuid|updated|modified|created)$/i;

/** What a trigger's function decides of the business; nothing where it keeps records, times, indexes and balances. */
export function businessLogicIn(body: string, own: Pick<Table, 'name'>): string | undefined {
  const text = withoutLiterals(body);
  const written = [
    ...text.matchAll(/\b(?:insert\s+into|delete\s+from(?:\s+only)?|update(?:\s+only)?)\s+((?:[\w"]+\.)?[\w"]+)/gi),
  ]
    .map(([, name = '']) => lastName(name))
    .find(name => name !== own.name && !RECORDS.test(name) && !/^(?:of|set|nowait|skip|new|old|on)$/.test(name));
  if (written !== undefined) return `writes \`${written}\``;
  const decided = /\bif\b[^;]*?\b(?:new|old)\.(\w+)\s*(?:=|<>|!=|<|>|<=|>=|in\b)\s*(?:\(?\s*(?:'[^']*'|\d))/i;
  for (const branch of body
    .replace(/--[^\n]*/g, ' ')
    .matchAll(/\b(?:els)?if\b([\s\S]*?)\bthen\b([\s\S]*?)(?=\belsif\b|\belse\b|\bend\s+if\b)/gi)) {
    const [, condition = '', then = ''] = branch;
    const on = decided.exec(`if ${condition}`)?.[1];
    if (on === undefined || /\btg_op\b/i.test(on)) continue;
    const set = /\bnew\.(\w+)\s*:?=\s*/i.exec(then)?.[1];
    if (set !== undefined && !DERIVED.test(set)) return `decides \`${set}\` by \`${on}\``;
    if (
      /\braise\s+exception\b|\bsignal\s+sqlstate\b|\braiserror\b|\bthrow\s+\d/i.test(then) &&
      /^(?:status|state|stage|phase|kind|type|plan|tier|role)$|_(?:status|state)$/i.test(on)
    )
      return `decides what may follow by \`${on}\``;
  }
  return undefined;
}

/** Whether a function adds up what is debited and credited, and refuses what differs. */
export const isBalanceCheck = (body: string, columns: readonly string[]): boolean => {
  const text = withoutLiterals(body);
  return /\bsum\s*\(/i.test(text) && /\braise\b/i.test(text) && columns.some(name => text.includes(name));
};
