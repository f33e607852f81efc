/**
 * DO blocks that make it so: `IF` the server's own lists say that something is not (or still is) there, `THEN` a statement
 * that names it. Run on a schema that is known, such a block does what is not done yet, and nothing else.
 */
import { sourceOf, type Token, tokensOf } from '../sql/tokens';
import type { Operation } from './operation';

/** What the statements of a text do, statement by statement. */
export type Read = (text: string) => readonly { readonly operations: readonly Operation[] }[];

/** What makes of a block a program that has to be run. */
const PROGRAM = new Set(
  'execute loop while for foreach case else elsif elseif exception call return perform exit'.split(' '),
);

/** Of rows, which change no schema. */
const ROWS = new Set('select insert update delete with null raise'.split(' '));

const LISTS = /\b(?:information_schema|pg_\w+|to_reg\w+)\b/i;

/** `column_name = 'total'`: what a condition asks for. */
const ASKED =
  /\b(?:table_name|tablename|relname|column_name|attname|constraint_name|conname|indexname|index_name|typname|trigger_name|tgname|policyname|polname|enumlabel|proname|routine_name|viewname|sequence_name|schema_name|nspname|extname)\s*=\s*'([^']+)'/gi;

interface Piece {
  readonly words: readonly string[];
  readonly text: string;
}

/** What a block does where it is not done; undefined where that cannot be told. */
export function ensuredBy(read: Read, body: string): readonly Operation[] | undefined {
  const pieces = piecesOf(body);
  if (!pieces) return undefined;
  const known = new Map<string, string>();
  const guards: string[] = [];
  const found: Operation[] = [];
  for (const { words, text } of pieces) {
    let statement = text;
    let [first = ''] = words;
    while (first === 'if') {
      const condition = /^\s*if\b([\s\S]*?)\bthen\b([\s\S]*)$/i.exec(statement);
      if (!condition) return undefined;
      guards.push(withVariables(condition[1] ?? '', known));
      statement = condition[2] ?? '';
      first = /^\s*(\w+)/.exec(statement)?.[1]?.toLowerCase() ?? '';
    }
    if (first === '' || (first === 'end' && words[1] !== 'if')) continue;
    if (first === 'end') {
      if (guards.pop() === undefined) return undefined;
      continue;
    }
    const variable = variableOf(statement);
    if (variable !== undefined) known.set(variable, statement);
    if (variable !== undefined || ROWS.has(first)) {
      if (/^\s*raise\s+exception\b/i.test(statement)) return undefined;
      continue;
    }
    const [only, more] = read(statement);
    if (!only || more || !isFollowed(only.operations) || !guards.every(guard => asksFor(guard, statement)))
      return undefined;
    found.push(...only.operations);
  }
  return guards.length === 0 && found.length > 0 ? found : undefined;
}

export const isFollowed = (operations: readonly Operation[]): boolean =>
  operations.length > 0 && operations.every(({ kind }) => kind !== 'unread');

/** The statements between BEGIN and END, with `IF … THEN` before the first that it guards. */
function piecesOf(body: string): readonly Piece[] | undefined {
  const tokens = tokensOf(body, 'postgresql').filter(({ kind }) => kind !== 'comment');
  const wordOf = (token: Token): string => sourceOf(body, token).toLowerCase();
  const begins = tokens.findIndex(token => token.kind === 'word' && wordOf(token) === 'begin');
  if (begins < 0) return undefined;
  const pieces: Piece[] = [];
  let piece: Token[] = [];
  for (const token of tokens.slice(begins + 1)) {
    const word = token.kind === 'text' || token.kind === 'body' ? '' : wordOf(token);
    if (token.kind === 'word' && (PROGRAM.has(word) || word === 'begin')) return undefined;
    if (word !== ';') {
      piece.push(token);
      continue;
    }
    pieces.push(pieceOf(piece));
    piece = [];
  }
  return [...pieces, pieceOf(piece)];

  function pieceOf(of: readonly Token[]): Piece {
    const [first, last] = [of[0], of[of.length - 1]];
    return { words: of.slice(0, 2).map(wordOf), text: first && last ? body.slice(first.start, last.end) : '' };
  }
}

/** What a statement puts a value into. */
const variableOf = (statement: string): string | undefined =>
  (/^\s*(\w+)\s*:?=/.exec(statement) ??
    /^\s*select\b[\s\S]*?\binto\s+(?:strict\s+)?(\w+)/i.exec(statement))?.[1]?.toLowerCase();

/** A condition with what its variables were made from. */
const withVariables = (condition: string, known: ReadonlyMap<string, string>): string =>
  [condition, ...(condition.toLowerCase().match(/[a-z_]\w*/g) ?? []).flatMap(word => known.get(word) ?? [])].join(' ');

/** Whether a condition asks the server's lists for what the statement names, and for nothing else. */
function asksFor(condition: string, statement: string): boolean {
  if (!LISTS.test(condition)) return false;
  const named = statement.toLowerCase();
  const asked = [...condition.matchAll(ASKED)].map(([, name = '']) => name.toLowerCase());
  return asked.length > 0 && asked.every(name => name === 'public' || named.includes(name));
}
