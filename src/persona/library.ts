/**
 * What can be answered from: playbooks, the pages of the rules, and the findings of the workspace, in one search index.
 * How sure an answer is counts by what of the question it holds: an unknown word of the question weighs as a rare one.
 */
import MiniSearch from 'minisearch';
import { type Playbook, SECTIONS, sectionOf } from './playbook';
import { spelling } from './spelling';
import { isOfTheTrade, knownWords, termsOf } from './vocabulary';

export interface RulePage {
  readonly id: string;
  readonly summary: string;
  /** Markdown. */
  readonly page: string;
}

export type Hit = (
  | { readonly kind: 'playbook'; readonly playbook: Playbook }
  | { readonly kind: 'rule'; readonly rule: RulePage }
) & {
  readonly score: number;
  /** How much of the question it speaks of, from 0 to 1. */
  readonly confidence: number;
  /** A word of the trade that the question holds is what it is about. */
  readonly isOnTopic: boolean;
};

export interface Library {
  readonly playbooks: readonly Playbook[];
  readonly rules: readonly RulePage[];
  /**
   * Best first.
   * @param nouns  names of the workspace’s own: what a question is about, but not what it asks
   */
  search(question: string, nouns?: ReadonlySet<string>): readonly Hit[];
  playbook(id: string): Playbook | undefined;
  rule(id: string): RulePage | undefined;
}

/** From here on an answer is no guess. */
export const CONFIDENT = 0.45;
/** Enough for what is on topic and stands out from all others. */
export const RATHER_CONFIDENT = 0.2;

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly asks: string;
  readonly body: string;
}

/** What a term weighs towards confidence, by the field in which it was found. */
const FOUND_IN: Readonly<Record<string, number>> = { asks: 1, title: 1, body: 0.35 };

export function openLibrary(playbooks: readonly Playbook[], rules: readonly RulePage[]): Library {
  const byId = new Map(playbooks.map(each => [each.id, each]));
  const ruleById = new Map(rules.map(each => [each.id, each]));
  const index = new MiniSearch<Entry>({
    fields: ['title', 'asks', 'body'],
    tokenize: text => [...termsOf(text)],
    processTerm: term => term,
    searchOptions: {
      boost: { title: 3, asks: 4, body: 0.5 },
      prefix: term => term.length > 4,
      fuzzy: term => (term.length > 7 ? 2 : term.length > 4 ? 1 : false),
      maxFuzzy: 2,
      weights: { fuzzy: 0.4, prefix: 0.5 },
    },
  });
  index.addAll([
    ...playbooks.map(each => ({
      id: `playbook ${each.id}`,
      title: each.title,
      asks: each.asks.join(' ; '),
      body: SECTIONS.filter(section => section !== 'Sketch')
        .map(section => sectionOf(each, section))
        .join('\n'),
    })),
    ...rules.map(({ id, summary, page }) => ({
      id: `rule ${id}`,
      title: id.replaceAll('-', ' '),
      asks: summary,
      body: page,
    })),
  ]);
  const size = playbooks.length + rules.length;
  const asked = new Set(playbooks.flatMap(({ title, asks }) => wordsIn(`${title} ${asks.join(' ')}`)));
  const said = new Set(playbooks.flatMap(({ sections }) => [...sections.values()].flatMap(wordsIn)));
  const respelt = spelling(said, new Set([...asked, ...knownWords]));

  return {
    playbooks,
    rules,
    playbook: id => byId.get(id),
    rule: id => ruleById.get(id),
    search(question, nouns = new Set()) {
      const terms = [...new Set(termsOf(respelt(codeInWords(question))))];
      if (terms.length === 0) return [];
      const found = index.search(terms.join(' '));
      const holders = new Map<string, number>();
      for (const { queryTerms } of found)
        for (const term of queryTerms) holders.set(term, (holders.get(term) ?? 0) + 1);
      const weightOf = (term: string): number => Math.log(1 + size / (1 + (holders.get(term) ?? 0)));
      return found
        .flatMap(({ id, score, match, queryTerms, terms: matched }): Hit[] => {
          const spoken = new Map<string, number>();
          for (const term of queryTerms) spoken.set(term, foundAs(term, matched, match));
          // a name of the workspace is what the question is about: it is nothing that an answer would have to know
          const asking = terms.filter(term => !nouns.has(term) || (spoken.get(term) ?? 0) >= 1);
          const whole = asking.reduce((sum, term) => sum + weightOf(term), 0);
          const told = asking.reduce((sum, term) => sum + weightOf(term) * (spoken.get(term) ?? 0), 0);
          const onlyNames = asking.every(term => nouns.has(term));
          const confidence = whole === 0 ? 0 : (told / whole) * (onlyNames ? 0.5 : 1);
          const isOnTopic = terms.some(term => isOfTheTrade(term) && (spoken.get(term) ?? 0) >= 1);
          const [kind, name = ''] = String(id).split(' ');
          const playbook = kind === 'playbook' ? byId.get(name) : undefined;
          if (playbook) return [{ kind: 'playbook', playbook, score, confidence, isOnTopic }];
          const rule = ruleById.get(name);
          return rule ? [{ kind: 'rule', rule, score: score * RULES_WEIGH, confidence, isOnTopic }] : [];
        })
        .sort((left, right) => right.score - left.score);
    },
  };
}

/** A playbook says what to do, a rule's page why a line is marked: on a question in words the playbook comes first. */
const RULES_WEIGH = 0.6;

/** How well a term of the question was found: itself in the best field, or something that is spelt like it. */
function foundAs(term: string, matched: readonly string[], match: Readonly<Record<string, readonly string[]>>): number {
  let best = 0;
  for (const each of matched) {
    const alike = each === term ? 1 : isAlike(each, term) ? 0.8 : 0;
    for (const field of match[each] ?? []) best = Math.max(best, alike * (FOUND_IN[field] ?? 0));
  }
  return best;
}

const isAlike = (found: string, term: string): boolean =>
  found.startsWith(term) || (Math.abs(found.length - term.length) <= 2 && found[0] === term[0]);

/** SQL with a hole in it asks about injection, though no word says so. */
const codeInWords = (question: string): string =>
  /\b(?:select|where|insert|update|from|sql|query)\b/i.test(question)
    ? question.replace(/\$\{[^}]*\}|['"]\s*\+\s*\w+/g, ' sql injection ')
    : question;

const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(/[a-z]{4,}/g) ?? [];
