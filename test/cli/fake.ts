/** A product with fake findings: a marker in a file's text is a finding, so that outputs are tested without a parser. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Review, Terminal } from '../../src/cli/check';
import type { RuleDescription } from '../../src/cli/report';
import { runCommand } from '../../src/cli/run';
import type { Finding } from '../../src/engine/finding';
import { hash64, toldApart } from '../../src/engine/fingerprint';
import { type ConfigurationFiles, configurationFiles } from '../../src/workspace/configurationFiles';
import { readSource } from '../../src/workspace/decode';
import { type FileAccess, nodeFiles } from '../../src/workspace/fileAccess';
import type { FileReview, Reviewer } from '../../src/workspace/reviewer';

export const RULES: readonly RuleDescription[] = [
  {
    id: 'sql-injection',
    level: 'error',
    concern: 'security',
    summary: 'SQL text is built from input.',
    page: '# sql-injection\n\nText.',
  },
  { id: 'n-plus-one', level: 'warning', summary: 'A query runs once for every item of a list.' },
  {
    id: 'irreversible-migration',
    level: 'warning',
    summary: 'A migration cannot be undone.',
    uri: 'https://example.org/r',
  },
  { id: 'unused-suppression', level: 'info', summary: 'A comment ignores nothing.' },
];

/** `@error name`, `@warning name`, `@info name`: the word behind the marker is what is found. */
export function fakeReviewer(root: string, files: FileAccess, configurations: ConfigurationFiles): Reviewer {
  const unchanging = () => undefined;
  const opened = new Map<string, string>();
  return {
    root,
    open: (file, text) => void opened.set(file, text),
    change: unchanging,
    close: file => void opened.delete(file),
    touched: unchanging,
    prepare: async () => undefined,
    columnUses: async () => ({
      uses: [],
      unread: [],
      inSchema: [],
      called: { tables: [], columns: [] },
      migrations: new Set(),
      left: 0,
    }),
    placesIn: async () => [],
    stepsIn: async () => [],
    declaredSchemas: async () => [],
    async review(file, options): Promise<FileReview> {
      options?.signal?.throwIfAborted();
      const path = `${root}/${file}`;
      const edited = opened.get(file);
      const source = edited === undefined ? await readSource(files, path) : { text: edited };
      const none = { file, findings: [], notifications: [] };
      if ('reason' in source) return { ...none, coverage: { kind: 'skipped', reason: source.reason } };
      const { text } = source;
      if (text.includes('@crash')) throw new Error('the reviewer fell over');
      if (!text.includes('@')) return { ...none, coverage: { kind: 'nothing-to-review' } };
      const settings = configurations.configurationOf(path).configuration.rules;
      const drafts = [...text.matchAll(/@(error|warning|info) (\w+)/g)].flatMap(match => {
        const rule =
          match[1] === 'error' ? 'sql-injection' : match[1] === 'warning' ? 'n-plus-one' : 'unused-suppression';
        const setting = settings[rule];
        if (options?.rules ? !options.rules.has(rule) : setting === 'off') return [];
        const start = match.index + match[0].length - (match[2]?.length ?? 0);
        return [fakeFinding(file, rule, setting ?? match[1] ?? '', start, match[2] ?? '', text)];
      });
      const fingerprints = toldApart(drafts.map(draft => hash64(`${draft.rule} ${file} ${draft.what}`)));
      return {
        file,
        findings: drafts.map((draft, index) => ({ ...draft, fingerprint: fingerprints[index] ?? '' })),
        notifications: text.includes('@note') ? [{ file, message: 'a rule failed here' }] : [],
        coverage: text.includes('@broken') ? { kind: 'partly-parsed', problems: 2 } : { kind: 'reviewed' },
      };
    },
  };
}

function fakeFinding(file: string, rule: string, level: string, start: number, name: string, text: string): Finding {
  const at = { file, start, end: start + name.length };
  return {
    rule,
    level: level === 'error' || level === 'warning' ? level : 'info',
    at,
    what: `${name} does something.`,
    why: 'Production will feel it.',
    remedy: `Do without ${name}.`,
    related: text.startsWith('loop') ? [{ at: { file, start: 0, end: 4 }, message: 'repeats here' }] : [],
    fixes: [
      {
        title: `Remove ${name}`,
        safety: rule === 'sql-injection' ? 'safe' : 'suggestion',
        edits: [{ at, newText: 'gone' }],
      },
    ],
    fingerprint: '',
  };
}

/** A folder on the disk with these files, gone when `dispose` is called. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'backend-reviewer-')));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface FakeRun {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface FakeTerminal {
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** What stands on standard input. */
  readonly input?: string | Uint8Array;
}

export function fakeReview(overrides: Partial<Review> = {}): Review {
  const files = overrides.files ?? nodeFiles;
  const configurations = configurationFiles({ files, knownRules: RULES.map(({ id }) => id) });
  return {
    rules: RULES,
    files,
    configurations,
    createReviewer: root => fakeReviewer(root, files, configurations),
    isReviewable: path => /\.(?:ts|js|sql)$/.test(path),
    ...overrides,
  };
}

/** Runs the command line in `folder` over the fake product. */
export async function run(
  words: readonly string[],
  folder: string,
  { isTerminal = false, columns, environment = {}, input = '' }: FakeTerminal = {},
  overrides: Partial<Review> = {},
): Promise<FakeRun> {
  const out: string[] = [];
  const err: string[] = [];
  const into = (texts: string[]) => async (text: string) => {
    texts.push(text);
  };
  const terminal: Terminal = {
    stdout: { write: into(out), isTerminal, columns },
    stderr: { write: into(err), isTerminal, columns },
    environment,
    folder,
    input: async () => (typeof input === 'string' ? Buffer.from(input) : input),
  };
  const status = await runCommand(words, terminal, {
    version: '1.2.3',
    prepareRun: () => undefined,
    openReview: async files => fakeReview({ ...overrides, ...(files ? { files } : {}) }),
    openLab: () => {
      throw new Error('no test of these asks for the lab');
    },
    serveEditor: () => {
      err.push('serving');
    },
    serveAgents: async workspaces => {
      err.push(`serving ${workspaces.join(' ')}`);
    },
  });
  return { status, out: out.join(''), err: err.join('') };
}
