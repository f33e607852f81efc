/** Brings together what `facts/schemaScripts.ts` needs: the file's way up, the server's own parser, the configuration. */
import { emptyCatalog } from '../catalog/catalog';
import type { Operation } from '../catalog/operation';
import type { Configuration } from '../engine/configuration';
import { type Quote, type SchemaScript, schemaScriptOf } from '../facts/schemaScripts';
import type { SourcePiece } from '../migrations/code/values';
import { readStatements } from '../migrations/folding';
import type { Script } from '../migrations/script';
import { mayChangeSchema, type UpScript, upScriptInSql } from '../migrations/upScript';
import type { Module } from '../program/model';
import type { Dialect } from '../sql/dialect';
import { loadPostgresTrees, type PostgresTrees } from '../sql/postgresTree';
import type { AbsolutePath } from './fileAccess';
import { matcherOf } from './globs';
import type { MigrationSubject, StepInHistory } from './schemaHistory';

let trees: Promise<PostgresTrees> | undefined;

export interface SchemaSubject extends MigrationSubject {
  readonly path: AbsolutePath;
  readonly settings: Configuration<unknown>['migrations'];
}

/**
 * What a file does to a live server; nothing for one that is no step of a migration.
 * @param steps  the file's steps in their history, as far as it is read
 */
export async function schemaScriptsIn(
  subject: SchemaSubject,
  steps: readonly StepInHistory[],
): Promise<readonly SchemaScript[]> {
  const { file, path, text, dialect, settings } = subject;
  const own = steps.filter(({ step }) => step.file === file);
  if (!file.toLowerCase().endsWith('.sql'))
    return Promise.all(own.map(step => readScript(scriptOf(step.step.up), step.history.dialect, subject, step)));
  if (!mayChangeSchema(text)) return [];
  const named = settings.folders !== undefined && matcherOf(settings.folders)(path);
  const [first] = own;
  const script = upScriptInSql(file, text, dialect, named) ?? (first && scriptOf(first.step.up));
  return script ? [await readScript(script, dialect, subject, first)] : [];
}

const scriptOf = ({ statements, untranslated, inTransaction }: Script): UpScript => ({
  statements,
  untranslated,
  ...(inTransaction ? { wraps: 'always' } : {}),
});

async function readScript(
  script: UpScript,
  dialect: Dialect,
  { settings, postgresVersion, module }: SchemaSubject,
  step: StepInHistory | undefined,
): Promise<SchemaScript> {
  trees ??= loadPostgresTrees();
  const parser = await trees;
  const schema = step?.schema;
  const before = schema?.before ?? emptyCatalog({ complete: false });
  return schemaScriptOf({
    script: { ...script, ...assumed(script, settings.assumeInTransaction) },
    trees: parser,
    dialect,
    server: postgresVersion,
    isFirst: step?.index === 0,
    // what an uncertain history does not have may be there all the same
    before: schema?.isCertain === false ? { ...before, complete: false } : before,
    ...(step ? { earlier: () => earlierThan(step, parser) } : {}),
    ...(module ? { quoteAt: quotesIn(module) } : {}),
  });
}

/** A history's scripts are read once, whoever asks. */
const earlierThan = ({ history, index }: StepInHistory, parser: PostgresTrees): readonly Operation[] =>
  history.steps.slice(0, index).flatMap(({ up }) => readStatements(up, parser).flatMap(each => each.operations));

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

/** What the configuration says of transactions holds; how a tool wraps what it wraps is the tool's own. */
function assumed({ wraps }: UpScript, inTransaction: boolean | undefined): Pick<UpScript, 'wraps'> {
  if (inTransaction === undefined) return { wraps };
  return { wraps: inTransaction ? (wraps ?? 'several') : undefined };
}
