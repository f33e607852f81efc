/** The parsers of SQL that a project needs, each loaded when it is first asked for. */
import type { Facts } from '../facts/facts';
import type { Dialect } from '../sql/dialect';
import { loadSqlParser, type SqlParser } from '../sql/parser';

export interface SqlParsers {
  /** Nothing for one that is not loaded yet. */
  readonly of: (dialect: Dialect) => SqlParser | undefined;
  /** @returns whether one was loaded that was not there before */
  load(dialects: Iterable<Dialect>): Promise<boolean>;
  /** Those for the statements of some code. */
  loadFor(facts: Pick<Facts, 'queryExecutions' | 'fragments'> & Partial<Pick<Facts, 'looseTexts'>>): Promise<boolean>;
}

export function sqlParsers(): SqlParsers {
  const loaded = new Map<Dialect, SqlParser>();
  const load = async (dialects: Iterable<Dialect>): Promise<boolean> => {
    const missing = [...new Set(dialects)].filter(each => !loaded.has(each));
    for (const each of missing) loaded.set(each, await loadSqlParser(each));
    return missing.length > 0;
  };
  return {
    of: dialect => loaded.get(dialect),
    load,
    loadFor: ({ queryExecutions, fragments, looseTexts = [] }) =>
      load([...queryExecutions, ...fragments, ...looseTexts].map(({ dialect }) => dialect)),
  };
}
