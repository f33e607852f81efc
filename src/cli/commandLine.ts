/** The command line as typed, turned into what was meant, or into a sentence about what was not understood. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { LEVELS, type Level } from '../engine/level';
import { didYouMean, nearest } from '../engine/nearest';
import { UsageError } from '../workspace/usageError';

export const FORMATS = ['pretty', 'json', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

export interface CheckArguments {
  readonly format: Format;
  readonly output?: string;
  readonly rules: readonly string[];
  readonly failLevel?: Level;
  readonly baseline?: string;
  readonly explain?: string;
  /** A git reference: only what has changed since. */
  readonly changedSince?: string;
  /** What the text on standard input would be called: it is reviewed in place of paths. */
  readonly stdinFilename?: string;
  readonly paths: readonly string[];
}

export interface VerifyArguments {
  readonly paths: readonly string[];
}

export interface DownArguments {
  readonly file: string;
  readonly write: boolean;
}

export const ANSWER_FORMATS = ['markdown', 'json'] as const;

export interface AskArguments {
  readonly question: string;
  /** The current folder where absent. */
  readonly workspace?: string;
  readonly format: (typeof ANSWER_FORMATS)[number];
  /** Who answers; the offline guide where absent. */
  readonly model?: { readonly name: string; readonly baseUrl?: string };
}

export interface McpArguments {
  /** The folders that it may look into; the client's where there is none. */
  readonly workspaces: readonly string[];
}

export type Command =
  | ({ readonly name: 'check' } & CheckArguments)
  | ({ readonly name: 'migration verify' } & VerifyArguments)
  | ({ readonly name: 'migration down' } & DownArguments)
  | ({ readonly name: 'ask' } & AskArguments)
  | { readonly name: 'lsp' }
  | ({ readonly name: 'mcp' } & McpArguments)
  | { readonly name: 'help'; readonly about?: HelpTopic }
  | { readonly name: 'version' };

export type HelpTopic = 'check' | 'migration' | 'ask' | 'mcp';

const TOPICS: readonly HelpTopic[] = ['check', 'migration', 'ask', 'mcp'];

const COMMANDS = ['check', 'lsp', 'migration', 'ask', 'mcp'];

const CHECK_OPTIONS = {
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  rule: { type: 'string', multiple: true },
  'fail-level': { type: 'string' },
  baseline: { type: 'string' },
  explain: { type: 'string' },
  'changed-since': { type: 'string' },
  'stdin-filename': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param words  without the runtime and the script
 * @throws UsageError
 */
export function parseCommandLine(words: readonly string[]): Command {
  const [first, ...rest] = words;
  if (first === undefined)
    throw new UsageError(
      'which command? `backend-reviewer check PATH…` reviews files and folders; `--help` shows more',
    );
  if (first === '--help' || first === '-h' || first === 'help') {
    const about = TOPICS.find(topic => topic === rest[0]);
    return about ? { name: 'help', about } : { name: 'help' };
  }
  if (first === '--version' || first === '-v') return { name: 'version' };
  if (first === 'check') return parseCheck(rest);
  if (first === 'lsp') return rest.includes('--help') || rest.includes('-h') ? { name: 'help' } : { name: 'lsp' };
  if (first === 'migration') return parseMigration(rest);
  if (first === 'ask') return parseAsk(rest);
  if (first === 'mcp') return parseMcp(rest);
  if (first.startsWith('-')) throw new UsageError(`the command comes first: backend-reviewer check ${words.join(' ')}`);
  const near = nearest(first, COMMANDS);
  throw new UsageError(
    near === undefined
      ? `there is no command "${first}"; to review it: backend-reviewer check ${first}`
      : `there is no command "${first}"; did you mean "${near}"?`,
  );
}

function parseMigration([verb, ...words]: readonly string[]): Command {
  if (verb === undefined)
    throw new UsageError(
      'which? `backend-reviewer migration verify [PATH…]` proves ways back, `migration down FILE` writes one',
    );
  if (verb === '--help' || verb === '-h' || words.includes('--help') || words.includes('-h'))
    return { name: 'help', about: 'migration' };
  if (verb === 'down') return parseDown(words);
  if (verb !== 'verify')
    throw new UsageError(`there is no command "migration ${verb}"; ${didYouMean(verb, ['down', 'verify'])}`);
  const option = words.find(word => word.startsWith('-'));
  if (option !== undefined)
    throw new UsageError(`there is no option ${option}; migration verify takes folders and files`);
  return { name: 'migration verify', paths: words.length ? words : ['.'] };
}

function parseDown(words: readonly string[]): Command {
  const option = words.find(word => word.startsWith('-') && word !== '--write');
  if (option !== undefined) throw new UsageError(`there is no option ${option}; migration down takes --write`);
  const [file, ...more] = words.filter(word => word !== '--write');
  if (file === undefined || more.length > 0)
    throw new UsageError('which one? `backend-reviewer migration down FILE` writes the way back of one migration');
  return { name: 'migration down', file, write: words.includes('--write') };
}

const MCP_OPTIONS = {
  workspace: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

function parseMcp(words: readonly string[]): Command {
  const { values, positionals } = optionsIn(words, MCP_OPTIONS, 'mcp');
  if (values.help === true) return { name: 'help', about: 'mcp' };
  if (positionals.length > 0)
    throw new UsageError(`mcp takes no "${positionals[0]}"; name a folder with --workspace ${positionals[0]}`);
  return { name: 'mcp', workspaces: textsIn(values.workspace) };
}

const ASK_OPTIONS = {
  workspace: { type: 'string' },
  format: { type: 'string' },
  model: { type: 'string' },
  'base-url': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parseAsk(words: readonly string[]): Command {
  const { values, positionals } = optionsIn(words, ASK_OPTIONS, 'ask');
  if (values.help === true) return { name: 'help', about: 'ask' };
  const model = textIn(values.model);
  const baseUrl = textIn(values['base-url']);
  if (model === undefined && baseUrl !== undefined)
    throw new UsageError('which model? --base-url says where, --model NAME says which one answers');
  if (model?.trim() === '') throw new UsageError('--model needs a name');
  const question = positionals.join(' ').trim();
  if (question === '')
    throw new UsageError('what is the question? `backend-reviewer ask "how do we page through orders?"`');
  return {
    name: 'ask',
    question,
    workspace: textIn(values.workspace),
    format: choice('--format', textIn(values.format) ?? 'markdown', ANSWER_FORMATS),
    ...(model === undefined ? {} : { model: { name: model, baseUrl } }),
  };
}

const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : []).flatMap(each => textIn(each) ?? []);

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * The words of one command, its options checked by name and value.
 * @throws UsageError
 */
function optionsIn(words: readonly string[], options: NonNullable<ParseArgsConfig['options']>, command: string) {
  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const names = Object.keys(options);
  for (const token of tokens ?? []) {
    if (token.kind !== 'option') continue;
    if (!names.includes(token.name)) {
      const near = nearest(token.name, names);
      throw new UsageError(
        `there is no option ${token.rawName}; ${near === undefined ? `${command} takes ${names.map(name => `--${name}`).join(', ')}` : `did you mean --${near}?`}`,
      );
    }
    const isSwitch = options[token.name]?.type === 'boolean';
    if (!isSwitch && (token.value === undefined || (!token.inlineValue && /^--[a-z]/.test(token.value))))
      throw new UsageError(`${token.rawName} needs a value`);
  }
  return { values, positionals };
}

function parseCheck(words: readonly string[]): Command {
  const { values, positionals } = optionsIn(words, CHECK_OPTIONS, 'check');
  if (values.help === true) return { name: 'help', about: 'check' };
  const text = (name: string): string | undefined => textIn(values[name]);
  return {
    name: 'check',
    format: choice('--format', text('format') ?? 'pretty', FORMATS),
    output: text('output'),
    rules: textsIn(values.rule),
    failLevel: text('fail-level') === undefined ? undefined : choice('--fail-level', text('fail-level') ?? '', LEVELS),
    baseline: text('baseline'),
    explain: text('explain'),
    changedSince: text('changed-since'),
    stdinFilename: stdinFilename(positionals, text('stdin-filename'), text('changed-since')),
    paths: positionals.length ? positionals : ['.'],
  };
}

/** @throws UsageError where `-` and its name do not belong together */
function stdinFilename(
  paths: readonly string[],
  name: string | undefined,
  changedSince: string | undefined,
): string | undefined {
  const readsInput = paths.includes('-');
  if (!readsInput && name === undefined) return undefined;
  if (!readsInput) throw new UsageError('--stdin-filename names the text on standard input; add - to read it');
  if (name === undefined)
    throw new UsageError('- reads standard input; say which file it would be with --stdin-filename PATH');
  if (paths.length > 1)
    throw new UsageError('- reads standard input, and cannot be reviewed together with other paths');
  if (changedSince !== undefined)
    throw new UsageError('--changed-since compares files with git; standard input is reviewed whole');
  return name;
}

function choice<Value extends string>(option: string, value: string, values: readonly Value[]): Value {
  const found = values.find(known => known === value);
  if (found === undefined) throw new UsageError(`${option} is "${value}"; ${didYouMean(value, values)}`);
  return found;
}
