/**
 * Django's migrations: operations on the models of an app, each as what it makes of the state before it, and as the SQL that
 * the schema editor sends for that, forwards and backwards. Source: docs.djangoproject.com/en/5.2/ref/migration-operations/.
 */
import type { Place } from '../../engine/place';
import type { Value } from '../code/values';
import type { OthersTable, Script, ScriptStatement, Untranslated } from '../script';
import { Editor, type Send } from './djangoEditor';
import { madeIn } from './djangoFields';
import { type DjangoOperation, isNoOperation, reversedBy, type Step, type StepSide, stepOf } from './djangoOperations';
import type { State } from './djangoState';
import { NotTranslated, writesRows, writeText } from './translation';

/** What a file says of its migration; what its SQL is, the state before it decides. */
export interface DjangoMigration {
  readonly operations: readonly DjangoOperation[];
  /** Its operations are not all in sight. */
  readonly isPartial: boolean;
  readonly isAtomic: boolean;
  readonly at: Place;
  /** What a function of its file sends by itself. */
  readonly sentBy?: (fn: Value) => Pick<Script, 'statements' | 'untranslated'>;
}

export interface DjangoScripts {
  readonly up: Script;
  readonly down: Script;
  /** Operations that Django refuses to take back: `RunPython`. */
  readonly irreversible: readonly Irreversible[];
  /** Operations for which people have written a way back. */
  readonly reversed: readonly Irreversible[];
  readonly after: State;
}

export interface Irreversible {
  readonly name: string;
  readonly at: Place;
}

/** Both directions of a migration, and the state that it leaves. */
export function djangoScripts(migration: DjangoMigration, before: State): DjangoScripts {
  const steps: Step[] = [];
  let state = before;
  for (const operation of migration.operations) {
    const step = stepOf(operation, state);
    steps.push(step);
    state = step.after;
  }
  const up = scriptOf(
    migration,
    steps.map(step => ({ step, side: step.forwards })),
  );
  const back = [...steps].reverse();
  const down = scriptOf(
    migration,
    back.map(step => ({ step, side: step.backwards })),
  );
  const irreversible = steps.flatMap(({ operation: { made }, isIrreversible }) =>
    isIrreversible ? [{ name: made.name, at: made.at }] : [],
  );
  const reversed = steps.flatMap(({ operation: { made } }) => reversedBy(made).map(({ name, at }) => ({ name, at })));
  return { up, down, irreversible, reversed, after: migration.isPartial ? { ...state, isPartial: true } : state };
}

function scriptOf(
  { isPartial, isAtomic, at, sentBy }: DjangoMigration,
  sides: readonly { readonly step: Step; readonly side: StepSide }[],
): Script {
  const statements: ScriptStatement[] = [];
  const untranslated: Untranslated[] = [];
  if (isPartial) untranslated.push({ at, what: 'a list of operations that is made elsewhere', dataOnly: false });
  const send: Send = (sql, step, { partly, ...said } = {}) => {
    statements.push({ sql, at: step.at, pieces: [], ...said });
    if (partly !== undefined) untranslated.push({ at: step.at, what: partly, dataOnly: writesRows(sql) });
  };
  const others = new Map<string, OthersTable>();
  const editor = new Editor(send, {
    note: (what, made) => untranslated.push({ at: made.at, what, dataOnly: false }),
    leansOn: other => others.set(other.table, other),
  });
  for (const { step, side } of sides) {
    const { made } = step.operation;
    const from = statements.length;
    const isPut = editor.mark();
    try {
      side({
        editor,
        sql: value => runSql(value, made.name, (sql, pieces) => statements.push({ sql, at: made.at, pieces })),
        code(value, dataOnly) {
          const sent = value && sentBy?.(value);
          for (const each of sent?.statements ?? []) statements.push(each);
          untranslated.push(...(sent?.untranslated ?? []));
          untranslated.push({ at: made.at, what: `what \`${nameOf(value)}\` does`, dataOnly });
        },
      });
    } catch (error) {
      if (!(error instanceof NotTranslated)) throw error;
      statements.length = from;
      isPut();
      untranslated.push({ at: made.at, what: error.what, dataOnly: error.dataOnly });
    }
  }
  editor.finish();
  const leansOn = [...others.values()];
  return { statements, untranslated, inTransaction: isAtomic, ...(leansOn.length > 0 ? { leansOn } : {}) };
}

const nameOf = (value: Value | undefined): string =>
  value?.kind === 'function' ? (value.function.name ?? 'a function') : 'a function';

/** Texts of SQL: one, a list of them, or of pairs of one and its values. */
function runSql(
  value: Value | undefined,
  called: string,
  add: (sql: string, pieces: ScriptStatement['pieces']) => void,
): void {
  if (value === undefined || isNoOperation(value)) return;
  if (value.kind === 'list') {
    for (const item of value.items) {
      const [sql] = item.kind === 'list' ? item.items : [item];
      runSql(sql, called, add);
    }
    return;
  }
  const found = madeIn(value);
  // `textwrap.dedent("…")`
  if (found && (found.made.name === 'dedent' || found.made.name === 'strip'))
    runSql(found.made.arguments?.[0]?.value, called, add);
  else
    writeText(value, called, { name: called, at: { unit: '', start: 0, end: 0 }, inner: [] }, (sql, _, pieces = []) =>
      add(sql, pieces),
    );
}
