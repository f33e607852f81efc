/**
 * T-SQL's guards: `IF NOT EXISTS (SELECT … FROM sys.…) BEGIN … END`, `IF OBJECT_ID('…') IS NULL …`. What they guard is read as
 * the statements with IF [NOT] EXISTS of other servers are.
 */
import type { SqlSpan } from '../sql/query';
import type { DialectClauses } from './dialectCursor';
import type { Operation } from './operation';

export interface Guarded {
  /** The condition with its IF. */
  readonly guard: SqlSpan;
  /** It asks whether something is there, whether it is not, or whether the migration has run already. */
  readonly asksFor: 'presence' | 'absence' | 'history';
  /** The statements behind it. */
  readonly body: SqlSpan;
}

/** What tells whether a thing is there: `OBJECT_ID('dbo.orders')`. */
const ID_OF = /^(?:object_id|col_length|schema_id|type_id|db_id|indexproperty|columnproperty|index_col)$/i;

/** Catalogs in which a server looks for its own things. */
const CATALOGS = /\b(?:sys\s*\.|sysobjects\b|syscolumns\b|sysindexes\b|information_schema\s*\.)/i;

/** In what a tool writes down the migrations that have run: Entity Framework's. */
const HISTORIES = /\b__EFMigrationsHistory\b/i;

/** Nothing where the condition is about rows, or another branch is there. */
export function guardedIn(clauses: DialectClauses): Guarded | undefined {
  if (clauses.dialect !== 'transactsql' || !clauses.reads(0, 'IF')) return undefined;
  const condition = conditionAt(clauses, clauses.source(1) === '(' && !clauses.reads(2, 'SELECT') ? 2 : 1);
  if (!condition) return undefined;
  let from = condition.to;
  while (clauses.source(from) === ')') from += 1;
  let { to } = clauses.all;
  if (clauses.reads(from, 'AND') || clauses.reads(from, 'OR')) return undefined;
  if (clauses.find({ from, to }, 'ELSE') !== undefined) return undefined;
  if (clauses.reads(from, 'BEGIN')) {
    if (!clauses.reads(to - 1, 'END')) return undefined;
    from += 1;
    to -= 1;
  }
  if (from >= to) return undefined;
  return {
    guard: clauses.span({ from: 0, to: condition.to }),
    asksFor: condition.asksFor,
    body: clauses.span({ from, to }),
  };
}

function conditionAt(
  clauses: DialectClauses,
  at: number,
): { readonly to: number; readonly asksFor: Guarded['asksFor'] } | undefined {
  const isNot = clauses.reads(at, 'NOT');
  const start = isNot ? at + 1 : at;
  if (clauses.reads(start, 'EXISTS')) {
    const to = clauses.next(start + 1);
    const asked = clauses.textOf(clauses.span({ from: start + 1, to }));
    if (isNot && HISTORIES.test(asked)) return { to, asksFor: 'history' };
    return CATALOGS.test(asked) ? { to, asksFor: isNot ? 'absence' : 'presence' } : undefined;
  }
  if (!ID_OF.test(clauses.source(start))) return undefined;
  const behind = clauses.next(start + 1);
  if (clauses.reads(behind, 'IS', 'NULL')) return { to: behind + 2, asksFor: isNot ? 'presence' : 'absence' };
  return clauses.reads(behind, 'IS', 'NOT', 'NULL') ? { to: behind + 3, asksFor: 'presence' } : undefined;
}

/** What is made only where it is not there, and dropped only where it is. */
export function underGuard(operation: Operation, { guard, asksFor }: Guarded): Operation {
  switch (operation.kind) {
    case 'createTable':
    case 'createIndex':
    case 'createSchema':
    case 'createOther':
    case 'addColumn':
      return asksFor === 'absence' ? { ...operation, ifNotExists: guard } : operation;
    case 'drop':
    case 'dropColumn':
    case 'dropConstraint':
      return asksFor === 'presence' ? { ...operation, ifExists: guard } : operation;
    default:
      return operation;
  }
}
