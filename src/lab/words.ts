/** A verdict in words, the same wherever it is shown. */
import { titleOfTool } from '../engine/migrationTools';
import { type Difference, describe } from './differences';
import type { Ending } from './lab';
import type { Again, Failure, NotReversible, NotVerifiable, Twice, Verdict } from './verdict';

/** A few words: `reversible: proven`. */
export function headline({ verdict }: Verdict): string {
  switch (verdict) {
    case 'proven':
      return 'reversible: proven';
    case 'data-only':
      return 'changes no structure';
    case 'structure-proven-data-lost':
      return 'structure proven, data lost';
    case 'not-reversible':
      return 'not reversible';
    case 'not-verifiable':
      return 'not verified';
  }
}

/**
 * What there is to say below the headline, one sentence each.
 * @param isTold whether a step of the history, by its name, has been spoken of already
 */
export function details(verdict: Verdict, isTold: (step: string) => boolean = () => false): readonly string[] {
  const lines: string[] = [];
  if (verdict.verdict === 'not-reversible') lines.push(...notReversible(verdict.because));
  if (verdict.verdict === 'not-verifiable') lines.push(notVerifiable(verdict.because, isTold));
  if (verdict.verdict === 'structure-proven-data-lost') lines.push(`Lost on the way: ${verdict.lost.join(', ')}.`);
  if ('again' in verdict && verdict.again) lines.push(again(verdict.again));
  lines.push(...verdict.soft.map(difference => `Does not count: ${describe(difference)}.`));
  if (verdict.twice) lines.push(twice(verdict.twice));
  return lines;
}

const sentences = (differences: readonly Difference[]): readonly string[] =>
  differences.map(difference => `After up and down, ${describe(difference)}.`);

function notReversible(because: NotReversible): readonly string[] {
  switch (because.reason) {
    case 'no-down':
      return [`It has no down, and changes the structure: ${because.differences.map(changeOfUp).join(', ')}.`];
    case 'down-throws':
      return [
        `Its down only fails, and the up changes the structure: ${because.differences.map(changeOfUp).join(', ')}.`,
      ];
    case 'down-fails':
      return [`The down fails ${at(because.failure)}`];
    case 'differs':
      return sentences(because.differences);
  }
}

/** What an up has done, from a difference between before and after. */
function changeOfUp(difference: Difference): string {
  const { kind, name, change, aspect } = difference;
  switch (change) {
    case 'missing':
      return `${kind} ${name} dropped`;
    case 'left':
      return `${kind} ${name} created`;
    case 'renamed':
      return `${kind} ${name} renamed`;
    case 'changed':
      return `${aspect} of ${kind} ${name} changed`;
  }
}

function notVerifiable(because: NotVerifiable, isTold: (step: string) => boolean): string {
  switch (because.reason) {
    case 'untranslated':
      return `Its ${because.direction} cannot be told as SQL without running it: ${because.what.join(', ')}.`;
    case 'refused':
      return `Its tool does not run it: ${because.message}.`;
    case 'without-downs':
      return `There is no way back to prove: ${titleOfTool(because.tool)} knows none.`;
    case 'repeatable':
      return 'There is no way back to prove: it is run again whenever it changes.';
    case 'unordered':
      return `The order of its history is not certain: ${because.message}.`;
    case 'dialect':
      return `It is written for ${because.dialect}, and what runs here is a PostgreSQL.`;
    case 'extension':
      return `It needs the extension ${because.extension}, which the embedded PostgreSQL does not have.`;
    case 'up-fails':
      return `The up fails ${at(because.failure)}`;
    case 'history':
      return isTold(because.step)
        ? `The history before it ends at ${because.step}.`
        : `The history before it ends at ${because.step}. ${notVerifiable(because.because, isTold)}`;
    case 'ended':
      return `Its ${because.direction} was stopped in statement ${because.statement + 1}${because.sql === undefined ? '' : `, ${shownSql(because.sql)}`}: ${ENDINGS[because.ending]}`;
    case 'lab':
      return `The embedded PostgreSQL could not do it: ${because.message}.`;
  }
}

const ENDINGS: Readonly<Record<Ending, string>> = {
  time: 'it ran longer than it may on tables without rows. Look for a wait or a loop that does not end, or run it on a server of your own.',
  memory:
    'it took more memory than it may on tables without rows. Have it work in smaller parts, or run it on a server of your own.',
  cancelled: 'it was cancelled.',
  crashed: 'the embedded PostgreSQL crashed.',
};

function at({ statement, sql, error }: Failure): string {
  return `in statement ${statement + 1}, ${shownSql(sql)}: ${error.message}.${error.detail ? ` ${error.detail}` : ''}`;
}

function shownSql(sql: string): string {
  const line = sql.trim().replace(/\s+/g, ' ');
  return `\`${line.length > 80 ? `${line.slice(0, 79)}…` : line}\``;
}

const again = (what: Again): string =>
  what.outcome === 'fails'
    ? `After the down, the up fails ${at(what.failure)}`
    : `After the down, the up gives another schema: ${what.differences.map(describe).join('; ')}.`;

function twice(what: Twice): string {
  switch (what.outcome) {
    case 'same':
      return 'Run twice, the up leaves the schema as it is.';
    case 'changes':
      return `Run twice, the up changes the schema again: ${what.differences.map(describe).join('; ')}.`;
    case 'fails':
      return `Run twice, the up fails ${at(what.failure)}${what.undone ? '' : ' What came before it stays.'}`;
  }
}
