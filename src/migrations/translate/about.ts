/** What a call that could not be translated can touch, where its own words say it: a table that it names first, and what else it names. */
import { HOLE } from '../../sql/tokens';
import { type Chain, constantText, type Entry, partsOf, type Value } from '../code/values';
import type { Translator } from './translation';

/** A statement about one thing, whatever comes behind its name. */
const NAMES_FIRST =
  /^\s*(?:alter\s+table|create\s+table|drop\s+table|update|insert\s+into|delete\s+from)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?[\w."`]+(?=[\s(;]|$)/i;

/** Calls that are handed SQL. */
const SENDS = new Set(['raw', 'query', 'execute', 'sql', 'runSql', 'addSql', 'statement', 'unprepared', 'all']);

/** The names that a chain speaks of; undefined where it may touch what it does not name. */
export function aboutOf({ steps }: Chain): readonly string[] | undefined {
  const called = steps.filter(step => step.arguments !== undefined);
  // what is asked for, or begun, names nothing that it changes
  const first = called.find(({ name }) => !/^(?:get|withSchema$|connection$|transaction$|then$)/.test(name));
  if (!first) return undefined;
  const named = first.arguments?.[0]?.value;
  const texts: string[] = [];
  if (SENDS.has(first.name)) {
    if (called.length > 1 || named?.kind !== 'text') return undefined;
    const parts = named.value.split(';');
    if (!parts.every(part => !part.includes(HOLE) || NAMES_FIRST.test(part))) return undefined;
    return parts.map(part => part.replaceAll(HOLE, ' '));
  }
  if (constantText(named) === undefined) return undefined;
  const collect = (value: Value): void => {
    for (const part of partsOf(value))
      if (part.kind === 'text') texts.push(part.value.replaceAll(HOLE, ' '));
      else if (part.kind === 'record') texts.push(...part.entries.keys());
  };
  const visit = (entry: Entry): void => {
    if (entry.kind === 'unfollowed') entry.repeats?.forEach(visit);
    if (entry.kind !== 'chain') return;
    for (const step of entry.steps) {
      for (const { value } of step.arguments ?? []) collect(value);
      step.inner.forEach(visit);
    }
  };
  for (const step of called) {
    for (const { value } of step.arguments ?? []) collect(value);
    step.inner.forEach(visit);
  }
  return texts;
}

/** The same of what a loop does in each of its turns. */
export function aboutAll(entries: readonly Entry[], { acts }: Pick<Translator, 'acts'>): readonly string[] | undefined {
  const found: string[] = [];
  for (const entry of entries) {
    const about =
      entry.kind === 'chain'
        ? acts(entry.root)
          ? aboutOf(entry)
          : undefined
        : entry.kind === 'unfollowed' && entry.repeats
          ? aboutAll(entry.repeats, { acts })
          : undefined;
    if (!about) return undefined;
    found.push(...about);
  }
  return found;
}
