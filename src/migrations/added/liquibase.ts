/**
 * New changesets of Liquibase's formatted SQL, behind the last one of the newest file, where every changelog that includes it has
 * them. Source: docs.liquibase.com/concepts/changelogs/sql-format.html.
 */
import type { WriteNew } from './newMigration';

export const newInLiquibase: WriteNew = ({ newest, lists }, { name }, migration) => {
  const { comments, up, down, alone } = migration;
  const text = lists.get(newest.file);
  const [author] = /^[^:]+(?=:)/.exec(newest.name) ?? [];
  const space = /^[ \t]*--([ \t]*)changeset[ \t]/im.exec(text ?? '')?.[1];
  if (text === undefined || author === undefined || space === undefined) return undefined;
  // it parts a text at each semicolon, inside a body too
  const isBody = (statements: readonly string[]): boolean => statements.some(each => each.includes('$$'));
  const attributes = [
    ...(alone ? ['runInTransaction:false'] : []),
    ...(isBody(up) ? ['splitStatements:false'] : []),
    ...(isBody(down) ? ['rollbackSplitStatements:false'] : []),
  ];
  const back = down.length > 0 ? down.join('\n').split('\n') : ['empty'];
  const lines = [
    `--${space}changeset ${[`${author}:${name}`, ...attributes].join(' ')}`,
    ...comments.map(each => `-- ${each}`),
    ...up,
    ...back.map(each => `--rollback ${each}`),
  ];
  return [{ file: newest.file, text: `${text.trimEnd()}\n\n${lines.join('\n')}\n` }];
};
