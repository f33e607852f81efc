/**
 * The histories of a project's migrations with the catalog before and after each step, read and folded on first need and
 * kept: an edit costs one reading, and folding from the edited step on. What is kept of a file is kept with its text.
 */
import { posix } from 'node:path';
import { type Catalog, emptyCatalog } from '../catalog/catalog';
import type { FileId } from '../engine/place';
import type { Contribution } from '../migrations/contribution';
import { foldStep, isCertainBehind, type SchemaStep } from '../migrations/folding';
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
import type { SourceText } from './sources';

/** A step in which a file takes part. */
export interface StepInHistory {
  readonly history: MigrationHistory;
  readonly index: number;
  readonly step: HistoryStep;
  /** The catalogs around its up; absent where it is written for another server than PostgreSQL. */
  readonly schema?: SchemaStep;
  /** Whether its down undoes its up; absent where there is no catalog. */
  readonly reversal?: Reversal;
}

export interface MigrationSubject {
  readonly file: FileId;
  readonly text: string;
  readonly module: Module | undefined;
  readonly dialect: Dialect;
  /** The server's major version. */
  readonly postgresVersion: number;
}

export interface SchemaHistory {
  /** The steps of a history in which a file takes part, in order; none for a file that is no migration. */
  stepsIn(subject: MigrationSubject): Promise<readonly StepInHistory[]>;
  /** A file has another text, is gone, or is new. */
  changed(file: FileId): void;
}

export interface SchemaHistoryOptions {
  readonly root: AbsolutePath;
  readonly files: FileAccess;
  textOf(file: FileId): Promise<SourceText>;
  load(file: FileId): Promise<Module | undefined>;
  isCode(file: FileId): boolean;
}

interface ReadFile {
  readonly text: string;
  readonly dialect: Dialect;
  readonly contributions: readonly Contribution[];
}

/** What is kept of one tool's folder. */
interface Kept {
  isCurrent: boolean;
  history?: MigrationHistory;
  /** Of each step, as far as it was asked for, with what it was folded from. */
  folded: { readonly from: HistoryStep; readonly version: number; readonly step: SchemaStep }[];
}

let trees: Promise<PostgresTrees> | undefined;

export function schemaHistoryOf({ root, files, textOf, load, isCode }: SchemaHistoryOptions): SchemaHistory {
  const read = new Map<FileId, ReadFile>();
  const kept = new Map<string, Kept>();

  function contributions(file: FileId, text: string, module: Module | undefined, dialect: Dialect) {
    const known = read.get(file);
    if (known?.text === text && known.dialect === dialect) return known.contributions;
    const found = contributionsOf({ file, text, ...(module ? { module } : {}) }, dialect);
    read.set(file, { text, dialect, contributions: found });
    return found;
  }

  async function contributionsIn(file: FileId, dialect: Dialect): Promise<readonly Contribution[]> {
    if (!mayContribute(file)) return [];
    const source = await textOf(file);
    // an empty file is one half of a pair that does nothing
    if (!('text' in source)) return source.reason === 'empty' ? contributions(file, '', undefined, dialect) : [];
    const known = read.get(file);
    if (known?.text === source.text && known.dialect === dialect) return known.contributions;
    if (!mayContribute(file, source.text)) return [];
    const module = isCode(file) ? await load(file) : undefined;
    return contributions(file, source.text, module, dialect);
  }

  async function historyOf(tool: string, folder: string, dialect: Dialect): Promise<Kept> {
    const key = `${tool} ${folder} ${dialect}`;
    const known = kept.get(key);
    if (known?.isCurrent) return known;
    const group: Kept = known ?? { isCurrent: false, folded: [] };
    kept.set(key, group);
    // what changes while this is read makes it stale again
    group.isCurrent = true;
    const found: Contribution[] = [];
    for (const file of filesOf(tool, folder))
      for (const each of await contributionsIn(file, dialect))
        if (each.tool === tool && each.folder === folder) found.push(each);
    group.history = historiesFrom(found, dialect)[0];
    return group;
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

  async function schemaBefore(group: Kept, index: number, version: number): Promise<SchemaStep | undefined> {
    const { history, folded } = group;
    if (history?.dialect !== 'postgresql') return undefined;
    trees ??= loadPostgresTrees();
    const parser = await trees;
    for (let at = 0; at <= index; at += 1) {
      const step = history.steps[at];
      if (!step) return undefined;
      const known = folded[at];
      if (known && isFoldedFrom(known.from, step) && known.version === version) continue;
      folded.length = at;
      const last = folded[at - 1]?.step;
      const before: Pick<SchemaStep, 'before' | 'isCertain'> = last
        ? { before: last.after, isCertain: isCertainBehind(last) && step.refused === undefined }
        : { before: EMPTY, isCertain: history.unordered === undefined };
      folded.push({ from: step, version, step: foldStep(before, step.up, parser, { postgresVersion: version }) });
    }
    return folded[index]?.step;
  }

  return {
    async stepsIn({ file, text, module, dialect, postgresVersion }) {
      if (!mayContribute(file, text)) return [];
      const own = contributions(file, text, module, dialect).find(({ kind }) => kind === 'migration');
      if (!own) return [];
      const group = await historyOf(own.tool, own.folder, dialect);
      const { history } = group;
      if (!history) return [];
      const found: StepInHistory[] = [];
      for (const [index, step] of history.steps.entries()) {
        if (step.file !== file && step.downFile !== file) continue;
        const schema = await schemaBefore(group, index, postgresVersion);
        const reversal = schema && trees && reversalOf(step, schema, await trees, { postgresVersion });
        found.push({ history, index, step, ...(schema ? { schema } : {}), ...(reversal ? { reversal } : {}) });
      }
      return found;
    },
    changed(file) {
      if (!mayContribute(file)) return;
      for (const group of kept.values()) group.isCurrent = false;
    },
  };
}

/** Of tools whose migrations are folders, or stand in folders below the one that the tool is pointed at: in which. */
const NESTED: Readonly<Record<string, (name: string, depth: number) => boolean>> = {
  diesel: (name, depth) => depth === 0 && /^\d/.test(name),
  prisma: (name, depth) => depth === 0 && /^\d/.test(name),
  drizzle: (name, depth) => depth === 0 && name === 'meta',
  sqitch: (name, depth) => depth > 0 || name === 'deploy' || name === 'revert',
};

const isFoldedFrom = (one: HistoryStep, other: HistoryStep): boolean =>
  one.up.statements === other.up.statements && one.refused === other.refused;

const EMPTY: Catalog = emptyCatalog({ complete: true });
