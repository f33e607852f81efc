/** What is held under a name and not used yet: a session that has sent nothing has no connection. */
import { namesOf } from '../libraries/names';
import type { AcquireRow } from '../libraries/vocabulary';
import { type Handle, ownerOf, type UnitNames } from './handles';

/** Nothing is done with it but what reaches no server, so that no connection is taken yet. */
export function isIdle(names: UnitNames, { name, owner }: Handle, { idle }: AcquireRow): boolean {
  const members = new Set(namesOf(idle).map(each => each.slice(each.lastIndexOf('.') + 1)));
  const mentions = (names.mentions.get(name) ?? []).filter(node => ownerOf(names, node, name) === owner);
  return (
    mentions.length > 0 &&
    mentions.every(node => {
      const member = names.parents.of(node);
      const call = member && names.parents.of(member);
      const isCalled = member?.kind === 'member' && member.object === node && call?.kind === 'call';
      return isCalled && call.callee === member && members.has(member.name) && !names.queries.has(call);
    })
  );
}
