/** The PostgreSQL server's own parse trees, statement by statement: one that does not parse costs only itself. */
import type { Node } from 'libpg-query';
import { fromBytes, type PostgresLibrary } from './postgres';
import type { SqlSpan } from './query';
import { type StatementText, splitStatements } from './statements';

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
export async function loadPostgresTrees(): Promise<PostgresTrees> {
  const library = await import('libpg-query');
  await library.loadModule();
  return postgresTrees(library);
}

export const postgresTrees = (library: PostgresLibrary): PostgresTrees => ({
  read: text =>
    splitStatements(text, 'postgresql').map(statement => {
      const toUnits = fromBytes(statement.text);
      const at = (location: number) => statement.start + toUnits(location);
      return { ...statement, ...parsed(library, statement, at), at };
    }),
});

function parsed(
  library: PostgresLibrary,
  statement: StatementText,
  at: (location: number) => number,
): Pick<PostgresStatement, 'tree' | 'error'> {
  try {
    const [first, more] = library.parseSync(statement.text).stmts ?? [];
    if (first?.stmt && !more) return { tree: first.stmt };
    return { error: { message: 'not exactly one statement', span: statement } };
  } catch (error) {
    // a syntax error, or a nesting deeper than the stack; what else it may throw is a fault that must be seen
    if (!(error instanceof RangeError) && !(error instanceof Error && error.name === 'SqlError')) throw error;
    const position =
      'sqlDetails' in error ? (error.sqlDetails as { cursorPosition?: number }).cursorPosition : undefined;
    const start = Math.min(at(position ?? 0), statement.end);
    const token = statement.tokens.find(candidate => candidate.start >= start);
    return {
      error: { message: error.message, span: { start: token?.start ?? start, end: token?.end ?? statement.end } },
    };
  }
}
