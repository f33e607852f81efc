/** What the translators of all builders share: the statements that they have written so far, and how they say what they cannot write. */
import type { Place } from '../../engine/place';
import { splitStatements } from '../../sql/statements';
import { HOLE } from '../../sql/tokens';
import {
  type Chain,
  type ChainStep,
  type Condition,
  constantText,
  type Entry,
  type Root,
  type SourcePiece,
  type Value,
} from '../code/values';
import type { Script, ScriptStatement, Untranslated } from '../script';
import { aboutAll, aboutOf } from './about';

/** Thrown by a translator at what it does not know; caught around the entry that holds it. */
export class NotTranslated extends Error {
  constructor(
    readonly what: string,
    readonly dataOnly = false,
  ) {
    super(what);
  }
}

/** How one tool's chains become SQL. */
export interface Translator {
  /** Whether a chain that hangs on this acts on the database. What acts on nothing is harmless, unless it is handed what does. */
  readonly acts: (root: Root) => boolean;
  /** What, at the end of a chain, gives the name of the server: `client.config.client`. */
  readonly asksServer?: readonly string[];
  /** Writes what one chain sends. @throws NotTranslated */
  readonly translate: (chain: Chain, write: Write) => void;
}

/** What is known of a statement beside its text. */
export interface Said extends Pick<ScriptStatement, 'typeBefore' | 'repeatsType' | 'namesInPart' | 'guards'> {
  /** What of it is not constant: it can be read, but not run. */
  readonly partly?: string;
}

export interface Write {
  /** Notes a statement that stands for a call. */
  (sql: string, at: ChainStep, pieces?: readonly SourcePiece[], said?: Said): void;
  /** Notes that a call writes rows, which are not told as SQL. */
  readonly rows: (at: ChainStep) => void;
  /** Writes what the callbacks of a call send. */
  readonly all: (entries: readonly Entry[]) => void;
}

/** Every entry as SQL; what cannot be written is said with its place, and the rest goes on. */
export function translateAll(entries: readonly Entry[], translator: Translator, inTransaction: boolean): Script {
  const statements: ScriptStatement[] = [];
  const untranslated: Untranslated[] = [];
  const write: Write = Object.assign(
    (sql: string, { at }: ChainStep, pieces: readonly SourcePiece[] = [], { partly, ...said }: Said = {}) => {
      statements.push({ sql, at, pieces, ...said });
      if (partly !== undefined) untranslated.push({ at, what: partly, dataOnly: writesRows(sql) });
    },
    {
      rows: ({ name, at }: ChainStep) =>
        void untranslated.push({ at, what: `rows that \`${name}\` writes`, dataOnly: true }),
      all: (each: readonly Entry[]) => each.forEach(one),
    },
  );
  entries.forEach(one);
  return { statements, untranslated, inTransaction };

  function one(entry: Entry): void {
    if (entry.kind === 'unfollowed') {
      const { at, what, repeats } = entry;
      const turn = repeats && translateAll(repeats, translator, inTransaction);
      const about = repeats && aboutAll(repeats, translator);
      if (!turn || isAnything(turn))
        untranslated.push({
          at,
          what,
          dataOnly: turn !== undefined && isRowsAlone(turn),
          ...(about ? { about } : {}),
        });
    }
    if (entry.kind !== 'chain') return;
    if (!translator.acts(entry.root)) {
      if (handsOver(entry) && !isQuestion(entry))
        untranslated.push({ at: placeOfChain(entry), what: 'a call of something else', dataOnly: false });
      return;
    }
    const before = { statements: statements.length, untranslated: untranslated.length };
    try {
      translator.translate(entry, write);
    } catch (error) {
      if (!(error instanceof NotTranslated)) throw error;
      statements.length = before.statements;
      untranslated.length = before.untranslated;
      const { what } = error;
      const about = aboutOf(entry);
      untranslated.push({
        at: placeOfChain(entry),
        what,
        dataOnly: (error.dataOnly && !handsOverMore(entry)) || isRowsUnderCondition(entry),
        ...(about ? { about } : {}),
      });
    }
  }

  /** Whether what a chain's calls are handed does more than read and write rows: it is not followed with them. */
  function handsOverMore({ steps }: Chain): boolean {
    return steps.some(({ inner }) => !isRowsAlone(translateAll(inner, translator, inTransaction)));
  }

  function isRowsUnderCondition(chain: Chain): boolean {
    if (chain.conditions.length === 0) return false;
    return isRowsAlone(translateAll([{ ...chain, conditions: [] }], translator, inTransaction));
  }
}

const isAnything = ({ statements, untranslated }: Script): boolean => statements.length > 0 || untranslated.length > 0;

const isRowsAlone = ({ statements, untranslated }: Script): boolean =>
  statements.every(({ sql }) => writesRows(sql)) && untranslated.every(({ dataOnly }) => dataOnly);

/** `DatabaseInfo.isMySQL(knex)` of another package asks, whatever it is handed. */
const isQuestion = ({ root, steps }: Chain): boolean =>
  root.kind === 'import' && /^(?:is|has)_?[A-Z]/.test(steps.at(-1)?.name ?? '');

/** Whether a chain's calls are handed anything that could act on the database. */
const handsOver = ({ steps }: Chain): boolean =>
  steps.some(
    step =>
      step.inner.length > 0 ||
      step.arguments?.some(({ value }) => value.kind === 'chain' && value.root.kind === 'parameter'),
  );

function placeOfChain({ steps }: Chain): Place {
  const [first] = steps.filter(step => step.arguments !== undefined);
  const at = first?.at ?? steps[0]?.at;
  if (!at) throw new Error('a chain without steps is no entry');
  return at;
}

/** Whether all statements of a text read or write rows, and leave the schema alone. */
export function writesRows(sql: string): boolean {
  const statements = splitStatements(sql, 'postgresql');
  return statements.length > 0 && statements.every(({ text }) => ROWS.test(text));
}

const ROWS = /^(?:insert|update|delete|select|with|replace)\b/i;

/**
 * A text as the statement that it is. What is not constant may stand in a literal, where the rest can be read all the same:
 * `DEFAULT '${Status.OPEN}'`.
 * @throws NotTranslated
 */
export function writeText(
  value: Value | undefined,
  called: string,
  step: ChainStep,
  write: (sql: string, at: ChainStep, pieces?: readonly SourcePiece[], said?: Said) => void,
): void {
  const partly = `\`${called}\` of a text that is not constant`;
  if (value?.kind !== 'text') throw new NotTranslated(partly);
  const withoutAdded = value.complete ? value.value : withoutAddedStatements(value.value);
  if (value.complete) write(value.value, step, value.pieces);
  else if (/\w/.test(withoutAdded) && !withoutAdded.includes(HOLE) && !writesRows(withoutAdded))
    write(withoutAdded, step, value.pieces, { partly });
  else if (value.value.split("'").every((part, index) => index % 2 === 1 || !part.includes(HOLE)))
    write(value.value, step, value.pieces, { partly });
  else if (isNamedInPart(value.value))
    write(withoutPrefixes(value.value), step, value.pieces, { partly, namesInPart: true });
  else throw new NotTranslated(partly, writesRows(value.value));
}

/**
 * Whether what is not constant, outside of literals, is the beginning of names alone: a prefix or a schema of the
 * configuration, `${prefix}orders`, `"${schema}"."orders"`, which is the same for all of them.
 */
const isNamedInPart = (sql: string): boolean =>
  sql.split("'").every((part, index) => index % 2 === 1 || !part.replaceAll(BEGINS_NAME, '').includes(HOLE));

const BEGINS_NAME = new RegExp(`${HOLE}(?="?\\.["\\w]|\\w)`, 'g');

/** The text with the names as they are without; every place of it stays where it is. */
const withoutPrefixes = (sql: string): string =>
  sql
    .replaceAll(new RegExp(`"${HOLE}"\\.`, 'g'), '    ')
    .replaceAll(new RegExp(`(?<![\\w"])${HOLE}\\.`, 'g'), '  ')
    .replaceAll(new RegExp(`"${HOLE}(?=\\w)`, 'g'), ' "')
    .replaceAll(new RegExp(`(?<![\\w"])${HOLE}(?=\\w)`, 'g'), ' ');

/** What a call adds between two statements stands for some of its own: the others are as they are written. */
const withoutAddedStatements = (sql: string): string =>
  sql.replaceAll(ADDED, (_, before: string, hole: string) => before + ' '.repeat(hole.length));

const ADDED = new RegExp(
  `((?:^|;)\\s*)(${HOLE})(?=\\s*(?:;|$|(?:create|alter|drop|comment|insert|update|delete)\\s))`,
  'gi',
);

/** The text of an argument. @throws NotTranslated when it is not constant */
export function textArgument(step: ChainStep, index: number): string {
  const text = constantText(step.arguments?.[index]?.value);
  if (text === undefined) throw new NotTranslated(`\`${step.name}\` with a name that is not constant`);
  return text;
}

export const argument = (step: Pick<ChainStep, 'arguments'>, index: number): Value | undefined =>
  step.arguments?.[index]?.value;

/** What the server is asked before the chain runs: `if (!(await knex.schema.hasTable('orders')))`. */
export interface Existence {
  readonly call: ChainStep;
  /** Whether it runs where the thing exists, or where it does not. */
  readonly exists: boolean;
}

/** The question of a chain's condition, when its last step is a call of one of these names. */
export function existenceIn(condition: Condition, calls: ReadonlySet<string>): Existence | undefined {
  let { value, holds } = condition;
  while (value.kind === 'not') {
    value = value.value;
    holds = !holds;
  }
  if (value.kind !== 'chain') return undefined;
  const call = value.steps[value.steps.length - 1];
  return call?.arguments && calls.has(call.name) ? { call, exists: holds } : undefined;
}
