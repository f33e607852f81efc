/** What a workspace tells whoever answers questions about it: read on first need, each once. */
import { posix } from 'node:path';
import { resolvedPath } from '../engine/configuration';
import { messageOf } from '../engine/finding';
import { linesOf } from '../engine/lines';
import type { Concern } from '../engine/rule';
import type { SchemaScript } from '../facts/schemaScripts';
import { mayContribute } from '../migrations/history';
import type {
  FindingsFacts,
  GroundedFinding,
  Grounding,
  MigrationsFacts,
  Reference,
  SchemaFacts,
  TableFacts,
} from '../persona/grounding';
import { ruleDescriptions } from '../rules/all.generated';
import { readSource } from './decode';
import type { AbsolutePath } from './fileAccess';
import { fixDiff } from './fixDiff';
import { gitChanges } from './git/gitChanges';
import { insideFolder } from './insideFolder';
import { projectRootOf } from './project';
import type { DeclaredSchema } from './projectSchema';
import type { Reviewer } from './reviewer';
import { type ReportedFinding, type RunDependencies, reviewPaths } from './run';
import { tableFactsOf } from './schemaFacts';
import type { StepInHistory } from './schemaHistory';
import { keptOutBy, type SelectedFile, selectFiles } from './selection';
import { teamFilesIn } from './teamFiles';
import { techStackOf } from './techStack';

export interface GroundingOptions {
  /** Absolute, with `/`. */
  readonly folder: AbsolutePath;
  readonly trusted: boolean;
  /** How long a review of the whole workspace may go on for one question. */
  readonly reviewForMs?: number;
  readonly signal?: AbortSignal;
}

/** A person waits for the answer. What was not looked at by then is said. */
const REVIEW_FOR_MS = 30_000;

/** Enough to spread work over threads, and to look at the clock now and then. */
const AT_ONCE = 150;

/** Texts that are searched for a table's name. */
const MOST_SEARCHED = 3_000;

export function groundingOf(options: GroundingOptions, dependencies: RunDependencies): Grounding {
  const { folder, trusted, signal } = options;
  const { files, configurations } = dependencies;
  const root = projectRootOf(folder, files);
  const reviewers = new Map<AbsolutePath, Reviewer>();
  const createReviewer = (at: AbsolutePath): Reviewer => {
    const reviewer = reviewers.get(at) ?? dependencies.createReviewer(at);
    reviewers.set(at, reviewer);
    return reviewer;
  };
  const inWorkspace = (path: AbsolutePath): string => posix.relative(folder, path) || '.';
  const selected = once(async () => (await selectFiles([folder], { ...dependencies, signal })).files);

  const review = async (paths: readonly AbsolutePath[]): Promise<FindingsFacts> => {
    const until = Date.now() + (options.reviewForMs ?? REVIEW_FOR_MS);
    const all = (await selectFiles(paths, { ...dependencies, signal })).files.map(({ path }) => path);
    const findings: GroundedFinding[] = [];
    let reviewed = 0;
    while (reviewed < all.length && (reviewed === 0 || Date.now() < until)) {
      const some = all.slice(reviewed, reviewed + AT_ONCE);
      const result = await reviewPaths(some, { signal }, { ...dependencies, createReviewer });
      for (const finding of result.findings)
        findings.push(grounded(finding, path => result.sources.get(path)?.text ?? '', inWorkspace));
      reviewed += some.length;
    }
    return { findings, reviewed, of: all.length };
  };
  const whole = once(() => review([folder]));

  const steps = once(async () => lastSteps(await selected(), createReviewer(root), root));

  return {
    name: posix.basename(folder),
    trusted,
    stack: once(async () =>
      techStackOf(
        folder,
        files,
        configurations.configurationOf(posix.join(folder, 'package.json')).configuration.sql.dialect,
      ),
    ),
    async findings({ rules, path } = {}) {
      const at = path === undefined ? undefined : resolvedPath(folder, path);
      const facts =
        at === undefined || at === folder ? await whole() : await (files.exists(at) ? review([at]) : whole());
      const own =
        at === undefined || files.exists(at)
          ? facts.findings
          : facts.findings.filter(({ file }) => file.includes(path ?? ''));
      return { ...facts, findings: rules ? own.filter(({ rule }) => rules.includes(rule)) : own };
    },
    schema: once(async () =>
      schemaIn(
        await steps(),
        await createReviewer(root).declaredSchemas(),
        path => inWorkspace(resolvedPath(root, path)),
        async file => {
          const source = await readSource(files, resolvedPath(root, file));
          return 'text' in source ? source.text : '';
        },
      ),
    ),
    migrations: once(async () =>
      (await steps()).map(step => migrationsFacts(step, path => inWorkspace(resolvedPath(root, path)))),
    ),
    files: once(async () => (await selected()).map(({ path }) => inWorkspace(path))),
    async uses(table) {
      const found: Reference[] = [];
      const pattern = usePattern(table);
      for (const { path } of (await selected()).slice(0, MOST_SEARCHED)) {
        signal?.throwIfAborted();
        if (mayContribute(path) && /migrat|\.sql$/i.test(path)) continue;
        const source = await readSource(files, path);
        const match = 'text' in source ? pattern.exec(source.text) : null;
        if (match && 'text' in source)
          found.push({ file: inWorkspace(path), line: linesOf(source.text).positionAt(match.index).line });
      }
      return found;
    },
    teamFiles: once(async () => (trusted ? teamFilesIn(folder, files) : [])),
    async read(file) {
      const at = await insideFolder(folder, file);
      if (at === undefined) throw new Error(`${file} lies outside of the workspace`);
      const because = SECRETS.test(at) ? 'it is there to hold secrets' : keptOutBy(at, root, dependencies);
      if (because !== undefined) throw new Error(`${file} is not read: ${because}`);
      if (!files.exists(at)) throw new Error(`there is no file ${file}`);
      const source = await readSource(files, at);
      if ('reason' in source) throw new Error(`${file} cannot be read: ${source.reason}`);
      return source.text;
    },
    changes: once(async () =>
      trusted
        ? gitChanges(folder, signal)
        : { because: 'in a workspace that is not trusted I run nothing, git neither' },
    ),
  };
}

/** Names of files that nobody means when asking about code. */
const SECRETS =
  /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|\.npmrc|\.pypirc|\.netrc|\.git\/.*|id_(?:rsa|dsa|ecdsa|ed25519)|[\w.-]+\.(?:pem|key|p12|pfx|jks|keystore))$/i;

/** A table’s name where a statement has a table, or quoted as a builder takes it. */
const usePattern = (table: string): RegExp =>
  new RegExp(
    `\\b(?:from|join|into|update|table|references)\\s+["\`[]?(?:\\w+["\`\\]]?\\.["\`[]?)?${table}\\b|(['"\`])(?:\\w+\\.)?${table}(?: as \\w+)?\\1`,
    'i',
  );

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const CONCERNS: ReadonlyMap<string, Concern> = new Map(ruleDescriptions.map(({ id, concern }) => [id, concern]));

/** A finding in the words of answers. */
export function grounded(
  finding: ReportedFinding,
  textOf: (path: AbsolutePath) => string,
  name: (path: AbsolutePath) => string,
): GroundedFinding {
  return {
    rule: finding.rule,
    level: finding.level,
    concern: CONCERNS.get(finding.rule) ?? 'errors',
    file: name(finding.at.path),
    line: finding.at.start.line,
    what: finding.what || messageOf(finding),
    why: finding.why,
    remedy: finding.remedy,
    ...(finding.sketch === undefined ? {} : { sketch: finding.sketch }),
    fingerprint: finding.fingerprint,
    fixes: finding.fixes.map(fix => ({
      title: fix.title,
      safety: fix.safety,
      diff: fixDiff(fix, textOf, name).join('\n'),
    })),
    related: finding.related.map(({ at, message }) => ({ file: name(at.path), line: at.start.line, says: message })),
  };
}

/** The last step of each history of the project’s migrations, with the schema after it. */
async function lastSteps(
  selected: readonly SelectedFile[],
  reviewer: Reviewer,
  root: AbsolutePath,
): Promise<readonly StepInHistory[]> {
  const found = new Map<string, StepInHistory>();
  const known = new Set<string>();
  for (const { path } of selected) {
    const file = posix.relative(root, path);
    if (known.has(file) || !mayContribute(file) || !LIKELY.test(file)) continue;
    for (const { history } of await reviewer.stepsIn(file)) {
      const key = `${history.tool} ${history.folder}`;
      for (const step of history.steps) known.add(step.file);
      const last = history.steps.findLast(({ repeatable }) => !repeatable) ?? history.steps.at(-1);
      if (!last || found.has(key)) continue;
      const step = (await reviewer.stepsIn(last.file)).find(({ step }) => step === last || step.name === last.name);
      if (step) found.set(key, step);
    }
  }
  return [...found.values()];
}

/** Files that are worth the question whether they are migrations: code elsewhere would be parsed for nothing. */
const LIKELY = /\.sql$|\.xml$|\.ya?ml$|(?:^|\/)(?:[\w-]*migrations?|migrate|versions|alembic|db|database)\//i;

function migrationsFacts({ history }: StepInHistory, name: (path: string) => string): MigrationsFacts {
  const last = history.steps.findLast(({ repeatable }) => !repeatable);
  return {
    tool: history.tool,
    folder: name(history.folder),
    dialect: history.dialect,
    steps: history.steps.length,
    ...(last ? { last: { name: last.name, file: name(last.file) } } : {}),
    withoutDown: history.withoutDowns
      ? []
      : history.steps
          .filter(({ down, repeatable, downInferred }) => !down && !repeatable && !downInferred)
          .map(({ file }) => name(file)),
    downsByDesign: history.withoutDowns !== undefined,
  };
}

async function schemaIn(
  steps: readonly StepInHistory[],
  declared: readonly DeclaredSchema[],
  name: (path: string) => string,
  textOf: (file: string) => Promise<string>,
): Promise<SchemaFacts> {
  const tables = new Map<string, TableFacts>();
  const limits: string[] = [];
  for (const { history, schema } of steps) {
    if (!schema) {
      limits.push(
        `The migrations in \`${name(history.folder)}\` are written for ${history.dialect}, and could not be followed.`,
      );
      continue;
    }
    if (!schema.after.complete && history.steps.length > 0)
      limits.push(
        `Not all of \`${name(history.folder)}\` could be followed: something may be there that I do not see.`,
      );
    for (const table of tableFactsOf(schema.after)) {
      const key = `${table.schema}.${table.name}`;
      // of two histories the one that creates a table knows it, the other one assumes it
      const known = tables.get(key);
      if (known && (known.complete || !table.complete)) continue;
      const maker = history.steps.find(({ up }) => up.statements.some(({ sql }) => makes(sql, table.name)));
      if (!maker) {
        tables.set(key, table);
        continue;
      }
      const line = lineNaming(await textOf(maker.file), table.name);
      tables.set(key, { ...table, from: { file: name(maker.file), ...(line === undefined ? {} : { line }) } });
    }
  }
  for (const { head, scripts } of declared) {
    if (!head.isUnderstood)
      limits.push(`Not all of ${[...scripts.keys()].map(file => `\`${name(file)}\``).join(', ')} could be followed.`);
    for (const table of tableFactsOf(head.catalog)) {
      const key = `${table.schema}.${table.name}`;
      // what migrations make is what is there
      if (tables.get(key)?.complete || (tables.has(key) && !table.complete)) continue;
      const file = [...scripts].find(([, { changes }]) =>
        changes.some(change => createsTable(change, table.name)),
      )?.[0];
      const line = file === undefined ? undefined : lineNaming(await textOf(file), table.name);
      tables.set(key, {
        ...table,
        ...(file === undefined ? {} : { from: { file: name(file), ...(line === undefined ? {} : { line }) } }),
      });
    }
  }
  return { tables: [...tables.values()], limits };
}

const createsTable = ({ operation }: SchemaScript['changes'][number], table: string): boolean =>
  operation.kind === 'createTable' && operation.name.name === table;

const makes = (sql: string, table: string): boolean =>
  new RegExp(
    `^\\s*create\\s+(?:\\w+\\s+)*?table\\s+(?:if\\s+not\\s+exists\\s+)?(?:"?\\w+"?\\.)?"?${table}"?(?![\\w"])`,
    'i',
  ).test(sql);

function lineNaming(text: string, table: string): number | undefined {
  const at = text.search(new RegExp(`\\b${table}\\b`));
  return at < 0 ? undefined : linesOf(text).positionAt(at).line;
}
