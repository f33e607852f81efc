/** Renames in an order that the server takes: a name must be free before another gets it, and some go round in a ring. */
import { madeUpName } from './names';

export interface Rename {
  /** Where names must differ: a table's columns, a schema's relations. */
  readonly spaces: readonly string[];
  readonly from: string;
  readonly to: string;
  /** The statement that renames it from one to the other. */
  say(from: string, to: string): string;
}

export function renamesInOrder(renames: readonly Rename[]): readonly string[] {
  const statements: string[] = [];
  const waiting = renames.filter(({ from, to }) => from !== to);
  while (waiting.length > 0) {
    const at = waiting.findIndex(one => !waiting.some(other => other !== one && isInTheWay(other, one)));
    const [next] = waiting.splice(Math.max(at, 0), 1);
    if (!next) break;
    if (at >= 0) {
      statements.push(next.say(next.from, next.to));
      continue;
    }
    const aside = asideOf(next.to, renames);
    statements.push(next.say(next.from, aside));
    waiting.push({ ...next, from: aside, say: next.say });
  }
  return statements;
}

const isInTheWay = (other: Rename, one: Rename): boolean =>
  other.from === one.to && other.spaces.some(space => one.spaces.includes(space));

/** A name that none of them has or gets. */
function asideOf(name: string, renames: readonly Rename[]): string {
  const isMeant = (one: string): boolean => renames.some(({ from, to }) => from === one || to === one);
  for (let number = 0; ; number += 1) {
    const aside = madeUpName(name, undefined, `meanwhile${number || ''}`);
    if (!isMeant(aside)) return aside;
  }
}
