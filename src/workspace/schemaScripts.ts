/** Brings together what `facts/schemaScripts.ts` needs: the file's way up, the server's own parser, the configuration. */
import { emptyCatalog } from '../catalog/catalog';
import type { Operation } from '../catalog/operation';
import type { Configuration } from '../engine/configuration';
import type { Place, UnitId } from '../engine/place';
import type { HistoryTail } from '../facts/newMigrations';
import {
  type DownAs,
  type Quote,
  type SchemaScript,
  type SchemaScriptInput,
  schemaScriptOf,
} from '../facts/schemaScripts';
import type { SourcePiece } from '../migrations/code/values';
import { unwrapInCode } from '../migrations/codeUnwrap';
import { readStatements } from '../migrations/folding';
import { isGenerated } from '../migrations/generated';
import type { MigrationHistory } from '../migrations/history';
import { otherStatements } from '../migrations/otherStatements';
import type { Script, ScriptStatement } from '../migrations/script';
import { timeInName } from '../migrations/timeInName';
import { mayChangeSchema, type UpScript, upScriptInSql } from '../migrations/upScript';
import { type BuilderStatement, builderStatementOf, withoutStatement } from '../migrations/written/builderStatement';
import { literalAnew } from '../migrations/written/literal';
import type { Module, Statement, Try } from '../program/model';
import { nodesIn } from '../program/nodes';
import type { Dialect } from '../sql/dialect';
import { loadPostgresTrees, type PostgresTrees } from '../sql/postgresTree';
import type { AbsolutePath } from './fileAccess';
import { matcherOf } from './globs';
import type { PlainScript } from './plainSchemas';
import type { MigrationSubject, StepInHistory } from './schemaHistory';

/** What a fix may write beside a step: behind its history, and as its way back. */
export interface BesideStep {
  tailOf(history: MigrationHistory): Promise<HistoryTail | undefined>;
  downAsOf(step: StepInHistory): Promise<DownAs | undefined>;
}

let trees: Promise<PostgresTrees> | undefined;

export interface SchemaSubject extends MigrationSubject {
  readonly path: AbsolutePath;
  readonly settings: Configuration<unknown>['migrations'];
  /** The project has drivers of servers of several kinds. */
  readonly hasOtherServers: boolean;
}

/** What a file does to a live server, and what it says of a schema. */
export interface ReadSchema {
  /** Empty for what is no step of a migration. */
  readonly schemaScripts: readonly SchemaScript[];
  readonly schemaFiles: readonly SchemaScript[];
}

/**
 * @param steps  the file's steps in their history, as far as it is read
 * @param plain  the file among those of its folder, where no tool has it
 * @param beside what a fix may write beside a step
 */
export async function schemaScriptsIn(
  subject: SchemaSubject,
  steps: readonly StepInHistory[],
  plain: PlainScript | undefined,
  beside: BesideStep,
): Promise<ReadSchema> {
  const { file, path, text, dialect, settings } = subject;
  const own = steps.filter(({ step }) => step.file === file);
  const { module } = subject;
  const inCode = ({ history: { tool } }: StepInHistory) => module && unwrapInCode(tool, module);
  const scripts = async (...read: readonly Promise<SchemaScript>[]): Promise<ReadSchema> => ({
    schemaScripts: await Promise.all(read),
    schemaFiles: [],
  });
  if (!file.toLowerCase().endsWith('.sql'))
    return scripts(
      ...own.map(step => readScript(scriptOf(step.step.up, inCode(step)), step.history.dialect, subject, step, beside)),
    );
  if (!mayChangeSchema(text)) return scripts();
  const [first] = own;
  if (!first && plain)
    return plain.kind === 'step'
      ? { schemaScripts: [plain.script], schemaFiles: [] }
      : { schemaScripts: [], schemaFiles: [plain.script] };
  // a file of changesets is several migrations
  if (first?.history.tool === 'liquibase')
    return scripts(
      ...own.map(step =>
        readScript(scriptOf(step.step.up, changesetOf(step)), step.history.dialect, subject, step, beside),
      ),
    );
  const named = settings.folders !== undefined && matcherOf(settings.folders)(path);
  const written = upScriptInSql(file, text, dialect, named);
  const script = written && first ? { ...written, ...wrapsByHistory(written, first) } : written;
  const read = script ?? (first && scriptOf(first.step.up));
  return read ? scripts(readScript(read, first?.history.dialect ?? dialect, subject, first, beside)) : scripts();
}

/** The attribute of a changeset's line. */
const changesetOf = ({ step: { upAt } }: StepInHistory): UpScript['unwrap'] => ({
  at: { ...upAt, start: upAt.end },
  newText: ' runInTransaction:false',
});

/** Whether a transaction is around it is told by a file beside it, or by the list that it stands in. */
const wrapsByHistory = (
  { wraps }: UpScript,
  { history: { tool }, step: { up } }: StepInHistory,
): Pick<UpScript, 'wraps'> =>
  wraps === undefined && (tool === 'diesel' || tool === 'drizzle') && up.inTransaction ? { wraps: 'always' } : {};

const scriptOf = ({ statements, untranslated, inTransaction }: Script, unwrap?: UpScript['unwrap']): UpScript => ({
  statements,
  untranslated,
  ...(inTransaction ? { wraps: 'always', ...(unwrap ? { unwrap } : {}) } : {}),
});

async function readScript(
  script: UpScript,
  dialect: Dialect,
  { settings, postgresVersion, module, hasOtherServers, text }: SchemaSubject,
  step: StepInHistory | undefined,
  beside: BesideStep,
): Promise<SchemaScript> {
  trees ??= loadPostgresTrees();
  const parser = await trees;
  const { schema, head } = step ?? {};
  const tail = step && !step.alone ? await beside.tailOf(step.history) : undefined;
  const downAs = tail && step && (await beside.downAsOf(step));
  const before =
    schema?.before ?? emptyCatalog({ complete: false, dialect: dialect === 'postgresql' ? undefined : dialect });
  return schemaScriptOf({
    script: { ...script, ...assumed(script, settings.assumeInTransaction) },
    trees: parser,
    dialect,
    ...(step ? { tool: step.history.tool } : {}),
    server: postgresVersion,
    isFirst: step?.alone !== true && step?.index === 0,
    // what an uncertain history does not have may be there all the same
    before: schema?.isCertain === false ? { ...before, complete: false } : before,
    ...(schema ? { folded: schema.up.statements } : {}),
    ...(step
      ? {
          earlier: () => earlierThan(step, parser),
          recent: days => recentBefore(step, parser, days),
          down: () => (step.step.down ? operationsOf(step.step.down, parser) : []),
        }
      : {}),
    ...(step && !step.alone
      ? { place: { behind: step.history.steps.length - 1 - step.index, of: step.history.steps.length } }
      : {}),
    ...(module ? { quoteAt: quotesIn(module), literalOf: literalsIn(module), isCaught: caughtIn(module) } : {}),
    ...(module && step
      ? {
          builderOf: builderIn(step, module, { hasOtherServers }),
          withoutIt: (statement: ScriptStatement, says: string) =>
            withoutStatement({ module, script: step.step.up }, statement, says),
        }
      : {}),
    ...(head ? { head } : {}),
    ...(tail ? { tail } : {}),
    ...(downAs ? { downAs } : {}),
    ...(tail && step && schema
      ? {
          others: {
            ...otherStatements(step.step, schema, parser, { postgresVersion }),
            // nobody keeps ways back
            ...(step.history.withoutDowns ? { wayBackOf: () => [] } : {}),
          },
        }
      : {}),
    isGenerated: step !== undefined && isGenerated(step.history.tool, text),
    isNewest: step !== undefined && !step.alone && step.index === step.history.steps.length - 1,
  });
}

const builderIn = (
  { history: { tool }, step: { up } }: StepInHistory,
  module: Module,
  { hasOtherServers }: Pick<SchemaSubject, 'hasOtherServers'>,
): ((statement: ScriptStatement) => BuilderStatement | undefined) => {
  const subject = { tool, module, script: up, hasOtherServers };
  return statement => builderStatementOf(subject, statement);
};

/** What all steps of a history do, in order, and where each begins; by the history, which is made anew when a file of it changes. */
const inOrder = new WeakMap<
  MigrationHistory,
  { readonly all: readonly Operation[]; readonly starts: readonly number[] }
>();

/** What the steps before one do. Every step asks, so that they are put in a row once. */
function earlierThan({ history, index }: StepInHistory, parser: PostgresTrees): readonly Operation[] {
  const known = inOrder.get(history);
  if (known) return known.all.slice(0, known.starts[index]);
  const all: Operation[] = [];
  const starts = history.steps.map(({ up }) => {
    const start = all.length;
    for (const operation of operationsOf(up, parser)) all.push(operation);
    return start;
  });
  inOrder.set(history, { all, starts });
  return all.slice(0, starts[index]);
}

const operationsOf = (script: Script, parser: PostgresTrees): readonly Operation[] =>
  readStatements(script, parser).flatMap(({ operations }) => operations);

const DAY_MS = 24 * 3600 * 1000;

/** What the migrations of so many days before a step do, as far back as the names tell the time. */
function recentBefore(
  { history, index, step }: StepInHistory,
  parser: PostgresTrees,
  days: number,
): readonly Operation[] {
  const now = timeInName(step.name);
  const found: Operation[] = [];
  for (let at = index - 1; at >= 0; at--) {
    const { name = '', up } = history.steps[at] ?? {};
    const then = timeInName(name);
    if (!up || now === undefined || then === undefined || then > now || now - then > days * DAY_MS) break;
    found.push(...operationsOf(up, parser));
  }
  return found;
}

/** The quote before a stretch of a literal; where none stands there, the one that lets least through. */
const quotesIn =
  (module: Module) =>
  ({ unit, start }: SourcePiece): Quote => {
    const text = unit === module.top.id ? module.top.text : (module.units.find(({ id }) => id === unit)?.text ?? '');
    const before = text.slice(Math.max(0, start - 3), start);
    if (before === "'''" || before === '"""') return before;
    const quote = before.slice(-1);
    return quote === '"' || quote === '`' ? quote : "'";
  };

const literalsIn =
  (module: Module): SchemaScriptInput['literalOf'] =>
  (piece, sql) => {
    const unit = [module.top, ...module.units].find(({ id }) => id === piece.unit);
    return unit && literalAnew(unit, piece, sql);
  };

/** In a `try` whose handlers do not raise the error again. A unit is walked once for all of its statements. */
function caughtIn(module: Module): (at: Place) => boolean {
  const caught = new Map<UnitId, readonly Statement[]>();
  const caughtOf = (unit: UnitId): readonly Statement[] => {
    const source = unit === module.top.id ? module.top : module.units.find(({ id }) => id === unit);
    return nodesIn(source?.function ?? []).flatMap(node => {
      if (node.kind !== 'try') return [];
      const { body, handlers } = node as Try;
      const goesOn =
        handlers.length > 0 && !handlers.some(each => nodesIn(each.body).some(({ kind }) => kind === 'throw'));
      return goesOn ? body : [];
    });
  };
  return ({ unit, start, end }) => {
    const statements = caught.get(unit) ?? caughtOf(unit);
    caught.set(unit, statements);
    return statements.some(statement => statement.start <= start && end <= statement.end);
  };
}

/** What the configuration says of transactions holds; how a tool wraps what it wraps is the tool's own. */
function assumed({ wraps }: UpScript, inTransaction: boolean | undefined): Pick<UpScript, 'wraps'> {
  if (inTransaction === undefined) return { wraps };
  return { wraps: inTransaction ? (wraps ?? 'several') : undefined };
}
