/** Which playbooks and pages a question is answered with. */

import { nearest } from '../engine/nearest';
import { CONFIDENT, type Hit, type Library, RATHER_CONFIDENT } from './library';
import type { Playbook } from './playbook';
import { partsOf } from './question';
import { termsOf } from './vocabulary';

/** An answer about more than this is read by nobody. */
const MOST = 3;

/** Words of other trades: a word of ours beside them is likely chance, so the answer has to be surer. */
const FOREIGN =
  /\b(?:useeffect|usestate|css|flexbox|div|html|tailwind|excel|photoshop|weather|recipe|pizza|football|world cup|poem|haiku|joke|translate|song|movie|horoscope|homework|android|ios|swift)\b/i;

/** A part of a question must be this sure to open a topic of its own: short parts hold few words. */
const PART_CONFIDENT = 0.6;

/**
 * @param first   playbooks that something before has called for
 * @param names   of the workspace’s tables and columns, which a question may misspell
 * @returns each once, the most fitting first
 */
export function topicsIn(
  question: string,
  library: Library,
  first: readonly string[],
  names: readonly string[] = [],
): readonly Playbook[] {
  const nouns = nounsIn(question, names);
  const chosen = new Map<string, Playbook>();
  const take = (playbook: Playbook | undefined): void => {
    if (playbook && chosen.size < MOST) chosen.set(playbook.id, playbook);
  };
  for (const id of first) take(library.playbook(id));
  const hits = library.search(question, nouns);
  const whole = bestIn(hits, FOREIGN.test(question) ? PART_CONFIDENT : CONFIDENT);
  const isSure = bestIn(hits, PART_CONFIDENT) === whole;
  if (chosen.size === 0 || isSure) take(whole);
  const parts = partsOf(question);
  if (parts.length > 1) for (const part of parts) take(bestIn(library.search(part, nouns), PART_CONFIDENT));
  return [...chosen.values()];
}

/** The best playbook, where it is sure enough: by itself, or because it stands out among those on topic. */
function bestIn(hits: readonly Hit[], confident: number): Playbook | undefined {
  const playbooks = hits.flatMap(hit => (hit.kind === 'playbook' ? [hit] : []));
  const [best, second] = playbooks;
  if (!best) return undefined;
  if (best.confidence >= confident) return best.playbook;
  if (confident > CONFIDENT) return undefined;
  if (best.confidence >= NEARLY && best.score >= STANDS_OUT * (second?.score ?? 0)) return best.playbook;
  const [onTopic, next] = playbooks.filter(hit => hit.isOnTopic);
  const standsOut = onTopic !== undefined && onTopic.score >= STANDS_OUT * (next?.score ?? 0);
  return standsOut && onTopic.confidence >= RATHER_CONFIDENT ? onTopic.playbook : undefined;
}

const NEARLY = 0.38;
const STANDS_OUT = 1.2;

/** The terms of a question that name something of the workspace, or nearly so. */
function nounsIn(question: string, own: readonly string[]): ReadonlySet<string> {
  const names = [...new Set(own.flatMap(name => termsOf(name.replaceAll('_', ' '))))];
  return new Set(
    termsOf(question).filter(term => names.includes(term) || (term.length > 4 && nearest(term, names) !== undefined)),
  );
}
