/** What of the team's own files a question is answered with: the sections that speak of it, within a budget of tokens. */
import MiniSearch from 'minisearch';
import type { TeamFile } from './grounding';
import { tokensIn, withinTokens } from './tokens';
import { termsOf } from './vocabulary';

export interface Passage {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly heading: string;
  readonly text: string;
}

/** Where teams keep what those who work for them should know. */
export const TEAM_FILES: readonly RegExp[] = [
  /^\.workos\/context\/[^/]+\.md$/,
  /^projects\/prds\/[^/]+$/,
  /^\.ai\/(?:workflows|standards)\/[^/]+\.md$/,
  /^stacks\/.+\.(?:md|txt)$/,
  /^(?:.*\/)?AGENTS\.md$/,
  /^(?:.*\/)?CONTRIBUTING\.md$/,
];

/** Files whose every section counts a little even where it does not speak of the question: the stack, the conventions. */
const GENERAL = /(?:tech-stack|AGENTS|CONTRIBUTING)\.md$/;

/** @returns passages, the most telling first, that together hold no more than `budget` tokens */
export function passagesFor(question: string, files: readonly TeamFile[], budget: number): readonly Passage[] {
  const passages = files.flatMap(file => sectionsOf(file));
  const index = new MiniSearch<Passage & { readonly id: number }>({
    fields: ['heading', 'text', 'file'],
    tokenize: text => [...termsOf(text)],
    processTerm: term => term,
    searchOptions: { boost: { heading: 2 }, prefix: term => term.length > 4 },
  });
  index.addAll(passages.map((passage, id) => ({ ...passage, id })));
  const wanted = new Set(termsOf(question)).size;
  const chosen: Passage[] = [];
  let left = budget;
  for (const { id, queryTerms } of index.search(question)) {
    const passage = passages[Number(id)];
    if (!passage) continue;
    // one word in common is chance, unless the question has hardly more or the file is about everything
    if (queryTerms.length < Math.min(2, wanted) && !GENERAL.test(passage.file)) continue;
    const fitting = withinTokens(passage.text, Math.min(left, LONGEST));
    if (fitting === '') break;
    left -= tokensIn(fitting);
    chosen.push({ ...passage, text: fitting });
    if (left < 50) break;
  }
  return chosen;
}

/** No single passage takes the whole budget. */
const LONGEST = 400;

function sectionsOf({ path, text }: TeamFile): readonly Passage[] {
  const passages: Passage[] = [];
  let heading = path;
  let start = 1;
  let lines: string[] = [];
  let isCode = false;
  const flush = (): void => {
    const body = lines.join('\n').trim();
    if (body !== '') passages.push({ file: path, line: start, heading, text: body });
    lines = [];
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.startsWith('```')) isCode = !isCode;
    const found = isCode ? undefined : /^#{1,4} (.+)/.exec(line)?.[1];
    if (found === undefined) lines.push(line);
    else {
      flush();
      heading = found.trim();
      start = index + 1;
    }
  }
  flush();
  return passages;
}
