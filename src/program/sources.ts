/** Sets of sources, bounded: what a value depends on. */
import type { Source } from './value';

/** More sources than this say no more than that a value depends on much. */
const MAX_SOURCES = 24;

export const sourceKey = (source: Source): string => {
  switch (source.kind) {
    case 'parameter':
      return `p ${source.unit} ${source.index}`;
    case 'item':
      return `l ${source.loop}`;
    case 'input':
      return `i ${source.label} ${source.at.unit} ${source.at.start}`;
    case 'call':
      return `c ${source.call}`;
  }
};

/** All sources, each once. Inputs and parameters are the last to be dropped when there are too many. */
export function unionOf(first: readonly Source[], ...others: readonly (readonly Source[])[]): readonly Source[] {
  const more = others.filter(other => other.length > 0 && other !== first);
  if (more.length === 0) return first;
  if (first.length === 0 && more.length === 1) return more[0] ?? first;
  const all = new Map<string, Source>();
  for (const sources of [first, ...more]) for (const source of sources) all.set(sourceKey(source), source);
  return all.size === first.length ? first : bounded(all);
}

function bounded(all: ReadonlyMap<string, Source>): readonly Source[] {
  const union = [...all.values()];
  if (union.length <= MAX_SOURCES) return union;
  const rank = { input: 0, parameter: 1, item: 2, call: 3 };
  return union.sort((left, right) => rank[left.kind] - rank[right.kind]).slice(0, MAX_SOURCES);
}

/** The union of many sets, each looked at once. */
export function unionOfAll(sets: Iterable<readonly Source[]>): readonly Source[] {
  const seen = new Set<readonly Source[]>();
  const all = new Map<string, Source>();
  for (const sources of sets) {
    if (seen.has(sources)) continue;
    seen.add(sources);
    for (const source of sources) all.set(sourceKey(source), source);
  }
  return bounded(all);
}
