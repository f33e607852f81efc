/** What a step would be with other statements: a fix that parts it in several knows by it whether they come to the same. */
import type { Catalog } from '../catalog/catalog';
import { decidingDifferences } from '../catalog/compare';
import type { FoldOptions } from '../catalog/fold';
import type { Operation } from '../catalog/operation';
import { readPostgres } from '../catalog/readPostgres';
import { wayBack } from '../catalog/wayBack';
import type { PostgresTrees } from '../sql/postgresTree';
import { splitStatements } from '../sql/statements';
import { foldScript, type SchemaStep } from './folding';
import type { HistoryStep } from './history';
import type { Script } from './script';

/** Statements each have their semicolon. */
export interface OtherStatements {
  /** Whether these make of the schema what the step makes of it. */
  comeToTheSame(statements: readonly string[]): boolean;
  /**
   * What takes statements back that run behind these others; none where nobody keeps ways back, and undefined where there is no
   * honest one. The step's own way back where that does, else one that is made up.
   */
  wayBackOf(up: readonly string[], ahead: readonly string[], instead?: Instead): readonly string[] | undefined;
}

/** Statements in the place of one of the step's own way back. */
export interface Instead {
  isOf(operation: Operation): boolean;
  readonly by: readonly string[];
}

export function otherStatements(
  { up, upAt, down, downInferred }: HistoryStep,
  schema: SchemaStep,
  trees: PostgresTrees,
  options: FoldOptions = {},
): OtherStatements {
  const foldedOver = (catalog: Catalog, statements: readonly string[]): Catalog | undefined => {
    const script: Script = {
      statements: statements.map(sql => ({ sql, at: upAt, pieces: [] })),
      untranslated: [],
      inTransaction: false,
    };
    const { catalog: after, failed, isPartial } = foldScript(catalog, script, trees, options);
    return failed || isPartial || after.dialect !== undefined ? undefined : after;
  };
  const hasOwn = down && !downInferred && down.statements.length > 0 && down.untranslated.length === 0;
  return {
    comeToTheSame(statements) {
      const after = up.untranslated.some(({ dataOnly }) => !dataOnly)
        ? undefined
        : foldedOver(schema.before, statements);
      return after !== undefined && decidingDifferences(after, schema.after).length === 0;
    },
    wayBackOf(statements, ahead, instead) {
      const before = foldedOver(schema.before, ahead);
      const after = before && foldedOver(before, statements);
      if (!before || !after) return undefined;
      const own = hasOwn ? statementsOf(down, trees) : [];
      // what takes the step itself back stays in its transaction; a new migration has a way of its own
      const isItsOwn = ahead.length === 0;
      const written = own.flatMap(({ text, operations }) => {
        if (operations.some(({ kind }) => kind === 'transaction')) return isItsOwn ? [text] : [];
        return instead && operations.length === 1 && operations.every(instead.isOf) ? instead.by : [text];
      });
      const back = hasOwn && foldedOver(after, written);
      if (back && decidingDifferences(before, back).length === 0) return written;
      const made = wayBack(after, before);
      if (made.obstacles.length > 0) return undefined;
      const isOne = isItsOwn && own.some(({ operations }) => operations.some(({ kind }) => kind === 'transaction'));
      return isOne ? ['BEGIN;', ...made.statements, 'COMMIT;'] : made.statements;
    },
  };
}

const statementsOf = ({ statements }: Script, trees: PostgresTrees) =>
  statements
    .flatMap(({ sql }) => splitStatements(sql, 'postgresql'))
    .map(({ text }) => ({
      text: `${text};`,
      operations: readPostgres(trees, text).flatMap(({ operations }) => operations),
    }));
