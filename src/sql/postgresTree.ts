/** The PostgreSQL server's own parse trees, statement by statement: one that does not parse costs only itself. */
import type { Node } from 'libpg-query';
import { parsingOnce } from './parsingOnce';
import { fromBytes, type PostgresLibrary } from './postgres';
import type { SqlSpan } from './query';
import { type StatementText, splitStatements } from './statements';
import type { Token } from './tokens';

/** One statement of a text. All offsets are UTF-16 units of the whole text. */
export interface PostgresStatement extends StatementText {
  /** Absent where the server would refuse the text. */
  readonly tree?: Node;
  /** Why it would, in the parser's words. */
  readonly error?: { readonly message: string; readonly span: SqlSpan };
  /** From a `location` of the tree to an offset. */
  at(location: number): number;
}

export interface PostgresTrees {
  read(text: string): readonly PostgresStatement[];
}

/**
 * The parser, which looks for its `libpg-query.wasm` beside the module or bundle that it was loaded from.
 * @throws when it cannot be loaded: a broken installation
 */
export function loadPostgresTrees(): Promise<PostgresTrees> {
  loaded ??= load();
  return loaded;
}

let loaded: Promise<PostgresTrees> | undefined;

async function load(): Promise<PostgresTrees> {
  const library = await import('libpg-query');
  await library.loadModule();
  return postgresTrees(library);
}

export function postgresTrees(parser: PostgresLibrary): PostgresTrees {
  const library = parsingOnce(parser);
  return {
    read: text =>
      splitStatements(text, 'postgresql').map(statement => {
        const toUnits = fromBytes(statement.text);
        const at = (location: number) => statement.start + toUnits(location);
        return { ...statement, ...parsed(library, statement, at), at };
      }),
  };
}

function parsed(
  library: PostgresLibrary,
  statement: StatementText,
  at: (location: number) => number,
): Pick<PostgresStatement, 'tree' | 'error'> {
  const outcome = treeOf(library, statement.text);
  if ('tree' in outcome) return outcome;
  // psql puts values in before the server sees the statement; where they are names, what is meant is not known
  const variables = statement.tokens.filter(token => isVariable(statement, token));
  if (variables.length > 0) {
    const filled = treeOf(library, withValues(statement, variables));
    if ('tree' in filled) return filled;
  }
  const { error } = outcome;
  const position = 'sqlDetails' in error ? (error.sqlDetails as { cursorPosition?: number }).cursorPosition : undefined;
  if (position === undefined) return { error: { message: error.message, span: statement } };
  const start = Math.min(at(position), statement.end);
  const token = statement.tokens.find(candidate => candidate.start >= start);
  return {
    error: { message: error.message, span: { start: token?.start ?? start, end: token?.end ?? statement.end } },
  };
}

function treeOf(library: PostgresLibrary, text: string): { readonly tree: Node } | { readonly error: Error } {
  try {
    const [first, more] = library.parseSync(text).stmts ?? [];
    if (first?.stmt && !more) return { tree: first.stmt };
    return { error: new Error('not exactly one statement') };
  } catch (error) {
    // a syntax error, or a nesting deeper than the stack; what else it may throw is a fault that must be seen
    if (error instanceof RangeError || (error instanceof Error && error.name === 'SqlError')) return { error };
    throw error;
  }
}

const isVariable = ({ text, start }: StatementText, token: Token): boolean =>
  token.kind === 'placeholder' && text[token.start - start] === ':';

/** The text with a value of the same length in the place of each variable. */
function withValues({ text, start }: StatementText, variables: readonly Token[]): string {
  let filled = text;
  for (const token of variables) {
    const [from, to] = [token.start - start, token.end - start];
    const value = text[from + 1] === "'" ? ` ${text.slice(from + 1, to)}` : '0'.padEnd(to - from);
    filled = filled.slice(0, from) + value + filled.slice(to);
  }
  return filled;
}
