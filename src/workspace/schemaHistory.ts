/**
 * The histories of a project's migrations with the catalog before and after each step, read and folded on first need and
 * kept: an edit costs one reading, and folding from the edited step on. What is kept of a file is kept with its text.
 */
import { posix } from 'node:path';
import { type Catalog, emptyCatalog } from '../catalog/catalog';
import { isUnfollowed } from '../catalog/routineCalls';
import type { Configuration } from '../engine/configuration';
import type { FileId } from '../engine/place';
import type { Imported } from '../migrations/code/evaluation';
import type { Contribution } from '../migrations/contribution';
import { NO_DOUBT, WHOLE_DOUBT } from '../migrations/doubt';
import { doubtBehind, foldStep, readStatements, type SchemaStep, withRoutines } from '../migrations/folding';
import { runsOthers, type SchemaHead, schemaHeadOf, type Unread } from '../migrations/head';
import {
  contributionsOf,
  type HistoryStep,
  historiesFrom,
  type MigrationHistory,
  mayContribute,
} from '../migrations/history';
import { type Reversal, reversalOf } from '../migrations/reversal';
import type { Module } from '../program/model';
import type { Dialect } from '../sql/dialect';
import { loadPostgresTrees, type PostgresTrees } from '../sql/postgresTree';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { matcherOf } from './globs';
import type { SourceText } from './sources';

/** A step in which a file takes part. */
export interface PlaceInHistory {
  readonly history: MigrationHistory;
  readonly index: number;
  readonly step: HistoryStep;
}

export interface StepInHistory extends PlaceInHistory {
  /** The catalogs around its up. */
  readonly schema?: SchemaStep;
  /** Whether its down undoes its up; absent where there is no catalog. */
  readonly reversal?: Reversal;
  /** What the history comes to; absent where there is no catalog. */
  readonly head?: SchemaHead;
  /** Nothing but the file itself was looked at: where it stands among the others is not known. */
  readonly alone?: boolean;
}

export interface HistorySubject {
  readonly file: FileId;
  readonly text: string;
  readonly module: Module | undefined;
  /** The project's, which the statements may belie. */
  readonly dialect: Dialect;
}

export interface MigrationSubject extends HistorySubject {
  /** The server's major version. */
  readonly postgresVersion: number;
}

/** A history folded to its head. */
export interface HistoryState {
  /** Tells it from the project's other ones. */
  readonly key: string;
  readonly history: MigrationHistory;
  /** Each step with the catalogs around its up. */
  readonly steps: readonly SchemaStep[];
  readonly head?: SchemaHead;
}

export interface SchemaHistory {
  /** The history that a file belongs to; undefined for a file that is no migration. */
  stateOf(subject: MigrationSubject): Promise<HistoryState | undefined>;
  /** The steps of a history in which a file takes part, in order; none for a file that is no migration. No schema is folded. */
  placesIn(subject: HistorySubject): Promise<readonly PlaceInHistory[]>;
  /** The same, with the schemas around them. */
  stepsIn(subject: MigrationSubject): Promise<readonly StepInHistory[]>;
  /** Whether a SQL file belongs to a tool. */
  isClaimed(file: FileId, text: string): boolean;
  /**
   * The steps of a file as it alone tells them, without a catalog and without what stands before them: for a review that may
   * not look at the files around.
   */
  stepsAlone(subject: MigrationSubject): readonly StepInHistory[];
  /** A file has another text, is gone, or is new. */
  changed(file: FileId): void;
  /** Which files are migrations may have changed. */
  configurationChanged(): void;
}

export interface SchemaHistoryOptions {
  readonly root: AbsolutePath;
  readonly files: FileAccess;
  textOf(file: FileId): Promise<SourceText>;
  load(file: FileId): Promise<Module | undefined>;
  /** The same at once, in the middle of a computation. */
  module(file: FileId): Module | undefined;
  /** The file of the project that a specifier means. */
  resolve(from: FileId, specifier: string): FileId | undefined;
  isCode(file: FileId): boolean;
  /** What the configuration says of a file's migrations. */
  settingsOf(file: FileId): Configuration<unknown>['migrations'];
}

interface ReadFile {
  readonly text: string;
  readonly dialect: Dialect;
  readonly settings: Configuration<unknown>['migrations'];
  readonly contributions: readonly Contribution[];
  /** The other files that it was read with. */
  readonly with: ReadonlyMap<FileId, Module | undefined>;
}

/** What is kept of one tool's folder. */
interface Kept {
  /** Absent where something has changed since it was read. */
  history?: Promise<MigrationHistory | undefined>;
  /** Of each step, as far as it was asked for, with what it was folded from. */
  folded: { readonly from: HistoryStep; readonly version: number; readonly step: SchemaStep }[];
}

interface ReadHistory extends Pick<Kept, 'folded'> {
  readonly history: MigrationHistory | undefined;
}

let trees: Promise<PostgresTrees> | undefined;

export function schemaHistoryOf({
  root,
  files,
  textOf,
  load,
  module: moduleOf,
  resolve,
  isCode,
  settingsOf,
}: SchemaHistoryOptions): SchemaHistory {
  const read = new Map<FileId, ReadFile>();
  const kept = new Map<string, Kept>();
  const heads = new WeakMap<SchemaStep, SchemaHead>();
  /** By the step, which is made anew when any file of its history has changed, and by what it was folded to. */
  const reversals = new WeakMap<HistoryStep, { readonly of: SchemaStep; readonly reversal: Reversal }>();

  function contributions(file: FileId, text: string, module: Module | undefined, dialect: Dialect) {
    const settings = settingsOf(file);
    const known = read.get(file);
    if (known && isCurrent(known, text, dialect, settings)) return known.contributions;
    const consulted = new Map<FileId, Module | undefined>();
    const imported: Imported = (from, specifier) => {
      const other = resolve(from, specifier);
      if (other === undefined) return undefined;
      const found = moduleOf(other);
      consulted.set(other, found);
      return found;
    };
    const found = isAmong(settings, posix.join(root, file))
      ? contributionsOf({ file, text, imported, ...(module ? { module } : {}) }, dialect, settings.tool)
      : [];
    read.set(file, { text, dialect, settings, contributions: found, with: consulted });
    return found;
  }

  /** Whether what is kept of a file still holds: for its text, and for the files that it calls into. */
  const isCurrent = (known: ReadFile, text: string, dialect: Dialect, settings: ReadFile['settings']): boolean =>
    known.text === text &&
    known.dialect === dialect &&
    known.settings === settings &&
    [...known.with].every(([other, module]) => moduleOf(other) === module);

  async function contributionsIn(file: FileId, dialect: Dialect): Promise<readonly Contribution[]> {
    if (!mayContribute(file)) return [];
    const source = await textOf(file);
    // an empty file is one half of a pair that does nothing
    if (!('text' in source)) return source.reason === 'empty' ? contributions(file, '', undefined, dialect) : [];
    const known = read.get(file);
    if (known && isCurrent(known, source.text, dialect, settingsOf(file))) return known.contributions;
    if (!mayContribute(file, source.text, settingsOf(file).tool)) return [];
    const module = isCode(file) ? await load(file) : undefined;
    return contributions(file, source.text, module, dialect);
  }

  async function historyOf(tool: string, folder: string, dialect: Dialect): Promise<ReadHistory> {
    const key = `${tool} ${folder} ${dialect}`;
    const group: Kept = kept.get(key) ?? { folded: [] };
    kept.set(key, group);
    group.history ??= readHistory(tool, folder, dialect);
    return { history: await group.history, folded: group.folded };
  }

  async function readHistory(tool: string, folder: string, dialect: Dialect): Promise<MigrationHistory | undefined> {
    const found: Contribution[] = [];
    let hasRunner = false;
    for (const file of filesOf(tool, folder)) {
      const all = await contributionsIn(file, dialect);
      for (const each of all) if (each.tool === tool && each.folder === folder) found.push(each);
      hasRunner ||= tool === 'knex' && all.length === 0 && (await runsUps(file));
    }
    const outside = hasRunner ? found.flatMap(outsideTransaction) : [];
    return historiesFrom([...found, ...outside], dialect)[0];
  }

  /**
   * Whether a file among the migrations calls their ups itself. Knex refuses to run a folder with such a file in it, so the
   * project has a runner of its own, and with it no transaction that is known.
   */
  async function runsUps(file: FileId): Promise<boolean> {
    if (!isCode(file)) return false;
    const source = await textOf(file);
    if (!('text' in source) || !/\bup\s*\(\s*\w/.test(source.text)) return false;
    const module = await load(file);
    return module?.exports.every(({ name }) => name !== 'up' && name !== '=') ?? false;
  }

  /** The files that may belong to a tool's folder: its own, and those of folders below it where the tool has such. */
  function filesOf(tool: string, folder: string): readonly FileId[] {
    const found: FileId[] = [];
    const go = (path: string, depth: number): void => {
      for (const { name, kind } of files.entries(posix.join(root, path))) {
        const inside = path === '' ? name : `${path}/${name}`;
        if (kind === 'folder') {
          if (NESTED[tool]?.(name, depth)) go(inside, depth + 1);
        } else if (kind === 'file') found.push(inside);
      }
    };
    go(folder, 0);
    return found.sort();
  }

  async function schemaBefore(group: ReadHistory, index: number, version: number): Promise<SchemaStep | undefined> {
    const { history, folded } = group;
    if (!history) return undefined;
    trees ??= loadPostgresTrees();
    const parser = await trees;
    for (let at = 0; at <= index; at += 1) {
      const step = history.steps[at];
      if (!step) return undefined;
      const known = folded[at];
      if (known && isFoldedFrom(known.from, step) && known.version === version) continue;
      folded.length = at;
      const last = folded[at - 1]?.step;
      const previous = history.steps[at - 1];
      const before: Pick<SchemaStep, 'before' | 'doubt'> =
        last && previous
          ? {
              before: last.after,
              doubt: step.refused === undefined ? doubtBehind(last, previous.up, parser) : WHOLE_DOUBT,
            }
          : { before: emptyFor(history.dialect), doubt: history.unordered === undefined ? NO_DOUBT : WHOLE_DOUBT };
      folded.push({ from: step, version, step: foldStep(before, step.up, parser, { postgresVersion: version }) });
    }
    return folded[index]?.step;
  }

  /** Whether a step's down undoes it: both files of a pair ask. */
  function judged(step: HistoryStep, of: SchemaStep, parser: PostgresTrees, postgresVersion: number): Reversal {
    const known = reversals.get(step);
    if (known?.of === of) return known.reversal;
    const reversal = reversalOf(step, of, parser, { postgresVersion });
    reversals.set(step, { of, reversal });
    return reversal;
  }

  async function groupOf({ file, text, module, dialect }: HistorySubject): Promise<ReadHistory | undefined> {
    if (!mayContribute(file, text, settingsOf(file).tool)) return undefined;
    const own = contributions(file, text, module, dialect).find(({ kind }) => kind === 'migration');
    return own && historyOf(own.tool, own.folder, dialect);
  }

  function placesOf(file: FileId, { history }: ReadHistory): readonly PlaceInHistory[] {
    if (!history) return [];
    return history.steps.flatMap((step, index) =>
      step.file === file || step.downFile === file ? [{ history, index, step }] : [],
    );
  }

  /** The state behind the last step. */
  async function headOf(group: ReadHistory, version: number): Promise<SchemaHead | undefined> {
    const steps = group.history?.steps ?? [];
    const last = await schemaBefore(group, steps.length - 1, version);
    if (!last || !trees) return undefined;
    const known = heads.get(last);
    if (known) return known;
    const unread: Unread[] = [];
    const parser = await trees;
    for (const [at, { file, refused, up }] of steps.entries()) {
      const folded = group.folded[at]?.step;
      for (const { operations, statement } of readStatements(up, parser)) {
        const after = folded?.after ?? last.after;
        const unfollowed = operations.filter(each => isUnfollowed(after, each));
        if (unfollowed.length === 0) continue;
        const runs = unfollowed.some(runsOthers);
        // what is prepared, or a procedure that is dropped again, stands elsewhere in the script
        const text = runs ? withRoutines(after, up.statements.map(({ sql }) => sql).join('\n')) : statement.sql;
        unread.push({ step: at, text, isStatement: true, runsOthers: runs });
      }
      const isUntranslated = up.untranslated.some(({ dataOnly }) => !dataOnly);
      const fails = !isUntranslated && refused === undefined;
      if (fails && folded?.up.failed === undefined) continue;
      const source = await textOf(file);
      if ('text' in source) unread.push({ step: at, text: source.text, fails });
    }
    const head = schemaHeadOf(last.after, unread);
    heads.set(last, head);
    return head;
  }

  return {
    async placesIn(subject) {
      const group = await groupOf(subject);
      return group ? placesOf(subject.file, group) : [];
    },
    async stepsIn(subject) {
      const { file, postgresVersion } = subject;
      const group = await groupOf(subject);
      const found: StepInHistory[] = [];
      for (const place of group ? placesOf(file, group) : []) {
        const schema = group && (await schemaBefore(group, place.index, postgresVersion));
        const reversal = schema && trees && judged(place.step, schema, await trees, postgresVersion);
        const head = schema && group && (await headOf(group, postgresVersion));
        found.push({
          ...place,
          ...(schema ? { schema } : {}),
          ...(reversal ? { reversal } : {}),
          ...(head ? { head } : {}),
        });
      }
      return found;
    },
    async stateOf(subject) {
      const group = await groupOf(subject);
      if (!group?.history || placesOf(subject.file, group).length === 0) return undefined;
      const head = await headOf(group, subject.postgresVersion);
      const { tool, folder, dialect } = group.history;
      return {
        key: `${tool} ${folder} ${dialect}`,
        history: group.history,
        steps: head ? group.folded.map(({ step }) => step) : [],
        ...(head ? { head } : {}),
      };
    },
    isClaimed: (file, text) =>
      mayContribute(file, text, settingsOf(file).tool) &&
      contributionsOf({ file, text }, 'postgresql', settingsOf(file).tool).some(
        each => each.kind === 'migration' && !each.listed,
      ),
    stepsAlone({ file, text, module, dialect }) {
      if (!mayContribute(file, text, settingsOf(file).tool)) return [];
      const own = contributions(file, text, module, dialect);
      return historiesFrom(own, dialect).flatMap(history =>
        history.steps.map((step, index) => ({ history, index, step, alone: true })),
      );
    },
    changed(file) {
      if (!mayContribute(file)) return;
      for (const group of kept.values()) group.history = undefined;
    },
    configurationChanged() {
      for (const group of kept.values()) group.history = undefined;
    },
  };
}

/** Whether the configuration leaves a file among the migrations: where it names their folders, others hold none. */
export const isAmong = ({ folders }: Configuration<unknown>['migrations'], path: AbsolutePath): boolean =>
  folders === undefined || matcherOf(folders)(path);

const outsideTransaction = (each: Contribution): readonly Contribution[] =>
  each.kind === 'migration' && each.up
    ? [{ kind: 'outside-transaction', tool: each.tool, folder: each.folder, key: each.up.file }]
    : [];

/** Of tools whose migrations are folders, or stand in folders below the one that the tool is pointed at: in which. */
const NESTED: Readonly<Record<string, (name: string, depth: number) => boolean>> = {
  diesel: (name, depth) => depth === 0 && /^\d/.test(name),
  prisma: (name, depth) => depth === 0 && /^\d/.test(name),
  drizzle: (name, depth) => depth === 0 && name === 'meta',
  'db-migrate': (name, depth) => depth === 0 && name === 'sqls',
  knex: (name, depth) => depth === 0 && /^\d+\.\d+$/.test(name),
  sqitch: (name, depth) => depth > 0 || name === 'deploy' || name === 'revert',
};

const isFoldedFrom = (one: HistoryStep, other: HistoryStep): boolean =>
  one.up.statements === other.up.statements && one.refused === other.refused;

const emptyFor = (dialect: Dialect): Catalog =>
  emptyCatalog({ complete: true, dialect: dialect === 'postgresql' ? undefined : dialect });
