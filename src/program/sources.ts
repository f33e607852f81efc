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
  let union = first;
  let own: Source[] | undefined;
  for (const sources of others) {
    if (sources === first || sources.length === 0) continue;
    if (union.length === 0) {
      union = sources;
      continue;
    }
    // The sets are small: looking through them costs less than a map of keys.
    for (const source of sources) {
      if (sources === union) break;
      if (holds(union, source)) continue;
      own ??= [...union];
      own.push(source);
      union = own;
    }
  }
  return own && union.length > MAX_SOURCES ? bounded(union) : union;
}

const holds = (sources: readonly Source[], source: Source): boolean => {
  for (const each of sources) if (each === source || isSame(each, source)) return true;
  return false;
};

/** Sources of one key. */
function isSame(left: Source, right: Source): boolean {
  switch (left.kind) {
    case 'parameter':
      return right.kind === 'parameter' && left.index === right.index && left.unit === right.unit;
    case 'item':
      return right.kind === 'item' && left.loop === right.loop;
    case 'input':
      return (
        right.kind === 'input' &&
        left.at.start === right.at.start &&
        left.label === right.label &&
        left.at.unit === right.at.unit
      );
    case 'call':
      return right.kind === 'call' && left.call === right.call;
  }
}

function bounded(all: readonly Source[]): readonly Source[] {
  const union = [...all];
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
  return all.size === 0 ? NO_SOURCES : bounded([...all.values()]);
}

const NO_SOURCES: readonly Source[] = [];
