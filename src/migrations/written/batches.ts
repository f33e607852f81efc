/** SQL Server takes some statements alone in their batch: where a client knows GO, and where it sends a file as it is. */
import { isBatchOfItsOwn, literalTsql } from '../../catalog/tsqlText';
import type { DownText } from './statements';

/** As sqlcmd, Flyway and others read it: GO between batches, which is no SQL. */
export function inBatches(statements: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const [at, statement] of statements.entries()) {
    const isAlone = isBatchOfItsOwn(statement);
    if (isAlone && at > 0 && lines.at(-1) !== 'GO') lines.push('GO');
    lines.push(statement);
    if (isAlone && at < statements.length - 1) lines.push('GO');
  }
  return lines;
}

/** As one batch, in which such statements are sent as texts. */
export const inOneBatch = ({ comments, statements }: DownText): string =>
  [
    ...comments.map(comment => `-- ${comment}`),
    ...statements.map(statement =>
      isBatchOfItsOwn(statement) ? `EXEC(${literalTsql(statement.replace(/;$/, ''))});` : statement,
    ),
    '',
  ].join('\n');

/** Whether a client that cuts at each semicolon would cut a statement apart. */
export const holdsOthers = (statement: string): boolean =>
  isBatchOfItsOwn(statement) ? /;[^;]*\S/.test(statement.replace(/;\s*$/, '')) : /;\s*\n/.test(statement);
