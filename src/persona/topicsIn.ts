/** Which playbooks and pages a question is answered with. */

import { nearest } from '../engine/nearest';
import { CONFIDENT, type Hit, type Library } from './library';
import type { Playbook } from './playbook';
import { partsOf } from './question';
import { termsOf } from './vocabulary';

/** An answer about more than this is read by nobody. */
const MOST = 3;

/** A part of a question must be this sure to open a topic of its own: short parts hold few words. */
const PART_CONFIDENT = 0.6;

/**
 * @param first   playbooks that something before has called for
 * @param tables  names of the workspace, which a question may misspell
 * @returns each once, the most fitting first
 */
export function topicsIn(
  question: string,
  library: Library,
  first: readonly string[],
  tables: readonly string[] = [],
): readonly Playbook[] {
  const nouns = nounsIn(question, tables);
  const chosen = new Map<string, Playbook>();
  const take = (playbook: Playbook | undefined): void => {
    if (playbook && chosen.size < MOST) chosen.set(playbook.id, playbook);
  };
  for (const id of first) take(library.playbook(id));
  const whole = bestIn(library.search(question, nouns), CONFIDENT);
  if (chosen.size === 0) take(whole);
  const parts = partsOf(question);
  if (parts.length > 1) for (const part of parts) take(bestIn(library.search(part, nouns), PART_CONFIDENT));
  return [...chosen.values()];
}

/** A rule's page that wins leads to the playbook that holds the rule, where there is one. */
function bestIn(hits: readonly Hit[], confident: number): Playbook | undefined {
  const best = hits.find(({ kind }) => kind === 'playbook');
  return best?.kind === 'playbook' && best.confidence >= confident ? best.playbook : undefined;
}

/** The terms of a question that name a table, or nearly so. */
function nounsIn(question: string, tables: readonly string[]): ReadonlySet<string> {
  const names = [...new Set(tables.flatMap(name => termsOf(name.replaceAll('_', ' '))))];
  return new Set(
    termsOf(question).filter(term => names.includes(term) || (term.length > 4 && nearest(term, names) !== undefined)),
  );
}
