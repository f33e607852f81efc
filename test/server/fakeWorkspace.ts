/** A workspace in memory, with one rule that a regular expression can tell: what a test of the server needs and no more. */
import { posix } from 'node:path';
import { vi } from 'vitest';
import { ConfigurationError } from '../../src/engine/configuration';
import type { Finding, Fix, Notification } from '../../src/engine/finding';
import type { HistoryStep, MigrationHistory } from '../../src/migrations/history';
import { offlineGuide } from '../../src/persona/guide';
import { openLibrary } from '../../src/persona/library';
import { readPlaybooks } from '../../src/persona/playbooks/all';
import type { Workspace } from '../../src/server/workspace';
import type { AbsolutePath } from '../../src/workspace/fileAccess';
import type { Coverage, FileReview, Reviewer } from '../../src/workspace/reviewer';
import { fakeGrounding } from '../persona/fakeGrounding';

export interface FakeWorkspace extends Workspace {
  readonly files: Map<AbsolutePath, string>;
  readonly roots: AbsolutePath[];
  readonly reviewers: Map<AbsolutePath, FakeReviewer>;
  /** What is wrong with the configuration. */
  problems: readonly string[];
  /** The configuration is no JSON. */
  unusable?: string;
  /** Called with the file at the beginning of each review. */
  onReview: (file: AbsolutePath, signal: AbortSignal | undefined) => Promise<void> | void;
}

export interface FakeReviewer extends Reviewer {
  readonly texts: Map<string, string>;
  readonly touched: ReturnType<typeof vi.fn<(file: string) => void>>;
}

/**
 * Rules of the fake: `BAD(x)` is an error whose safe fix makes it `good(x)`, with `seen again in other.ts` as related; `WEAK` is
 * a warning with two suggestions; `TIDY` a hygiene finding with a sketch; `THROW` makes the review throw, `SKIP` skips the file.
 */
export function fakeWorkspace(files: Record<AbsolutePath, string>, roots: AbsolutePath[] = ['/w']): FakeWorkspace {
  const disk = new Map(Object.entries(files));
  const reviewers = new Map<AbsolutePath, FakeReviewer>();
  const workspace: FakeWorkspace = {
    files: disk,
    roots,
    reviewers,
    problems: [],
    onReview: () => undefined,
    rootOf: path =>
      workspace.roots.filter(root => path.startsWith(`${root}/`)).sort((a, b) => b.length - a.length)[0] ??
      posix.dirname(path),
    createReviewer(root) {
      const reviewer = fakeReviewer(workspace, root);
      reviewers.set(root, reviewer);
      return reviewer;
    },
    keptOutBy(path) {
      if (workspace.unusable) throw new ConfigurationError(workspace.unusable);
      return path.includes('/node_modules/') ? 'in a folder called node_modules' : undefined;
    },
    configurationProblems: () => workspace.problems,
    filesBelow: async folder => [...disk.keys()].filter(path => path.startsWith(`${folder}/`)),
    readText: async path => disk.get(path),
    baseLevelOf: rule => (rule === 'tidy' ? 'info' : 'warning'),
    answers: fakeAnswers(),
    verifyMigration: async ({ root }, file, { signal, onStep }) => {
      onStep('1_orders');
      if (signal.aborted) return [];
      const text = reviewers.get(root)?.texts.get(file) ?? '';
      return [{ name: '1_orders', verdict: 'proven', headline: 'reversible: proven', details: [text] }];
    },
    toolHost: () => {
      throw new Error('tools are asked of a whole workspace');
    },
    pageOf: rule => `/docs/rules/${rule}.md`,
  };
  return workspace;
}

function fakeReviewer(workspace: FakeWorkspace, root: AbsolutePath): FakeReviewer {
  const texts = new Map<string, string>();
  return {
    root,
    texts,
    open: (file, text) => void texts.set(file, text),
    change(file, changes) {
      let text = texts.get(file) ?? '';
      for (const { start, end, newText } of changes) text = text.slice(0, start) + newText + text.slice(end);
      texts.set(file, text);
    },
    close: file => void texts.delete(file),
    touched: vi.fn<(file: string) => void>(),
    columnUses: async () => ({
      uses: [],
      unread: [],
      inSchema: [],
      called: { tables: [], columns: [] },
      migrations: new Set(),
      left: 0,
    }),
    placesIn: async file => (file.includes('migrations/') ? [{ history: HISTORY, index: 0, step: STEP }] : []),
    stepsIn: async () => [],
    declaredSchemas: async () => [],
    prepare: vi.fn<Reviewer['prepare']>(async () => undefined),
    async review(file, options): Promise<FileReview> {
      const path = posix.join(root, file);
      const text = texts.get(file) ?? workspace.files.get(path) ?? '';
      await workspace.onReview(path, options?.signal);
      options?.signal?.throwIfAborted();
      if (text.includes('THROW')) throw new Error('the fake fell over');
      const skipped: Coverage = { kind: 'skipped', reason: 'asked to' };
      const coverage: Coverage = text.includes('SKIP') ? skipped : { kind: 'reviewed' };
      const notifications: Notification[] = text.includes('NOTE') ? [{ file, message: 'a note' }] : [];
      return { file, findings: coverage === skipped ? [] : findingsIn(file, text), notifications, coverage };
    },
  };
}

const AT = { unit: 'migrations/1_orders.sql', start: 0, end: 2 };
const STEP: HistoryStep = {
  name: '1_orders',
  file: 'migrations/1_orders.sql',
  up: { statements: [], untranslated: [], inTransaction: true },
  upAt: AT,
};
const HISTORY: MigrationHistory = { tool: 'dbmate', folder: 'migrations', dialect: 'postgresql', steps: [STEP] };

function findingsIn(file: string, text: string): Finding[] {
  const lines = text.split('\n');
  const silenced = (offset: number, rule: string): boolean => {
    const line = text.slice(0, offset).split('\n').length - 1;
    return text.includes(`ignore-file ${rule}`) || (lines[line - 1] ?? '').includes(`ignore-next-line ${rule}`);
  };
  const found: Finding[] = [];
  const add = (rule: string, level: Finding['level'], match: RegExpExecArray, more: Partial<Finding>): void => {
    if (silenced(match.index, rule)) return;
    found.push({
      rule,
      level,
      at: { file, start: match.index, end: match.index + match[0].length },
      what: `${match[0]} is here.`,
      why: 'It hurts.',
      remedy: 'Write it well.',
      related: [],
      fixes: [],
      fingerprint: `${rule}:${match.index}`,
      ...more,
    });
  };
  const edit = (start: number, end: number, newText: string) => ({ at: { file, start, end }, newText });
  for (const match of text.matchAll(/BAD\((\w+)\)/g)) {
    const fix: Fix = {
      title: 'Make it good',
      safety: 'safe',
      edits: [edit(match.index, match.index + 3, 'good')],
    };
    const elsewhere = { at: { file: 'other.ts', start: 9, end: 13 }, message: 'seen again' };
    add('bad', 'error', match, { fixes: [fix], related: [elsewhere] });
  }
  for (const match of text.matchAll(/WEAK/g)) {
    const fix = (title: string): Fix => ({
      title,
      safety: 'suggestion',
      edits: [edit(match.index, match.index + 4, 'strong')],
    });
    add('weak', 'warning', match, { fixes: [fix('Strengthen'), fix('Replace')] });
  }
  for (const match of text.matchAll(/TIDY/g)) add('tidy', 'info', match, { sketch: '```ts\ntidied();\n```' });
  return found.sort((one, other) => one.at.start - other.at.start);
}

/** The guide, and a workspace in memory. */
function fakeAnswers(): Workspace['answers'] {
  const library = openLibrary(readPlaybooks(), []);
  return {
    guide: options => offlineGuide(library, options),
    open({ trusted }) {
      const grounding = fakeGrounding({ trusted });
      return { grounding, tools: [] };
    },
  };
}
