/**
 * Select lists of PostgREST, as its clients take them: columns under other names, cast, or reached into, and embedded tables
 * with lists of their own. See https://postgrest.org/en/stable/references/api/tables_views.html and …/resource_embedding.html.
 */

/** What one list names; offsets count from the start of the whole text. */
export interface SelectedTable {
  readonly columns: readonly { readonly name: string; readonly start: number }[];
  readonly embedded: readonly EmbeddedTable[];
}

export interface EmbeddedTable {
  /** Of the table, or of a key that leads to it. */
  readonly name: string;
  readonly start: number;
  /** How the rest of the statement names it. */
  readonly alias: string;
  readonly list: SelectedTable;
}

const NAME = /[A-Za-z_]\w*/y;
const ALIAS = /\s*(?:"([^"]+)"|([A-Za-z_][\w$]*))\s*:(?!:)/y;
/** What may stand behind a name before the next item: hints, casts, paths into a value, aggregates. */
const REST = /\s*(?:!\w+|::[\w ]+|->>?[\w"'-]+|\.\w+\(\))/y;
const SPREAD = /\s*\.{3}/y;
const OPENING = /\s*\(/y;
const NEXT = /\s*,/y;
const SPACE = /\s*/y;
const STAR = /\*/y;

/** Reads as far as it understands the text: nothing behind what it does not. */
export function selectionIn(text: string): SelectedTable {
  return listAt(text, 0).list;
}

function listAt(text: string, from: number): { readonly list: SelectedTable; readonly end: number } {
  const columns: { name: string; start: number }[] = [];
  const embedded: EmbeddedTable[] = [];
  let at = from;
  const take = (form: RegExp): RegExpExecArray | undefined => {
    form.lastIndex = at;
    const match = form.exec(text) ?? undefined;
    if (match) at = form.lastIndex;
    return match;
  };
  do {
    take(SPREAD);
    const [, quoted, plain] = take(ALIAS) ?? [];
    take(SPACE);
    if (take(STAR)) continue;
    const start = at;
    const [name] = take(NAME) ?? [];
    if (name === undefined) break;
    while (take(REST));
    if (!take(OPENING)) {
      columns.push({ name, start });
      continue;
    }
    const { list, end } = listAt(text, at);
    at = end;
    take(SPACE);
    // `count()` is a function
    if (list.columns.length + list.embedded.length > 0 || text.slice(end - 1, end) === '*')
      embedded.push({ name, start, alias: quoted ?? plain ?? name, list });
    if (text[at] !== ')') break;
    at += 1;
  } while (take(NEXT));
  return { list: { columns, embedded }, end: at };
}
