/** The way back of a step whose statements move behind others, into a migration of their own. */
import { decidingDifferences } from '../catalog/compare';
import type { FoldOptions } from '../catalog/fold';
import { wayBack } from '../catalog/wayBack';
import type { PostgresTrees } from '../sql/postgresTree';
import { splitStatements } from '../sql/statements';
import { foldScript, type SchemaStep } from './folding';
import type { HistoryStep } from './history';
import type { Script } from './script';

/**
 * What takes the up back once these statements have run before it, each with its semicolon: the step's own down where that
 * does, else one that is made up; undefined where there is none.
 */
export function downBehind(
  { up, upAt, down, downInferred }: HistoryStep,
  schema: SchemaStep,
  ahead: readonly string[],
  trees: PostgresTrees,
  options: FoldOptions = {},
): readonly string[] | undefined {
  const first: Script = {
    statements: ahead.map(sql => ({ sql, at: upAt, pieces: [] })),
    untranslated: [],
    inTransaction: false,
  };
  const before = foldScript(schema.before, first, trees, options);
  const after = foldScript(before.catalog, up, trees, options);
  const isKnown = [before, after].every(({ failed, isPartial }) => failed === undefined && !isPartial);
  if (!isKnown || after.catalog.dialect !== undefined) return undefined;
  if (down && !downInferred && down.statements.length > 0 && down.untranslated.length === 0) {
    const { catalog, failed, isPartial } = foldScript(after.catalog, down, trees, options);
    if (!failed && !isPartial && decidingDifferences(before.catalog, catalog).length === 0) return statementsOf(down);
  }
  const { statements, obstacles } = wayBack(after.catalog, before.catalog);
  return obstacles.length > 0 ? undefined : statements;
}

/** Without those that begin and end a transaction, which the new migration has a way of its own for. */
const statementsOf = ({ statements }: Script): readonly string[] =>
  statements
    .flatMap(({ sql }) => splitStatements(sql, 'postgresql'))
    .filter(({ text }) => !/^(?:begin|start\s+transaction|commit|end)\b/i.test(text))
    .map(({ text }) => `${text};`);
