/** What an up replaces, and what of it the down makes again: it was there before, though no migration has made it. */
import type { Catalog } from '../catalog/catalog';
import type { CatalogDifference } from '../catalog/compare';
import type { Operation } from '../catalog/operation';
import type { PostgresTrees } from '../sql/postgresTree';
import { readStatements } from './folding';
import type { Script } from './script';

/** A program or view, as differences call it and by its last name alone. */
interface Made {
  readonly kind: string;
  readonly name: string;
  readonly orReplace: boolean;
}

const KINDS: ReadonlySet<string> = new Set(['function', 'procedure', 'trigger', 'view', 'rule']);

/** What an operation makes, where it is of a kind that can be replaced. */
function madeBy(operation: Operation): Made | undefined {
  switch (operation.kind) {
    case 'createOther': {
      const { what, object, orReplace } = operation;
      return KINDS.has(what) ? { kind: what, name: object.name.name, orReplace } : undefined;
    }
    case 'createFunction':
      return {
        kind: operation.procedure ? 'procedure' : 'function',
        name: operation.name.name,
        orReplace: operation.orReplace,
      };
    case 'createView':
      return { kind: 'view', name: operation.name.name, orReplace: operation.orReplace };
    case 'createTrigger':
      return { kind: 'trigger', name: operation.name.name, orReplace: operation.orReplace };
    case 'createRule':
      return { kind: 'rule', name: operation.name.name, orReplace: operation.orReplace };
    default:
      return undefined;
  }
}

/**
 * A difference that the up drops or replaces and the down makes again: one that no migration has made before. On PostgreSQL only
 * where the history speaks of more than it has made, since elsewhere all that there was is known.
 */
export function isMadeAnew(
  { kind, name }: CatalogDifference,
  before: Catalog,
  up: Script,
  down: Script,
  trees: PostgresTrees,
): boolean {
  if (!KINDS.has(kind) || (up.dialect === undefined ? before.complete : kind === 'view' || kind === 'rule'))
    return false;
  // `app.touch(integer)`, `touched on orders`
  const [written = ''] = name.split(/\(| on /);
  const last = written.replaceAll('"', '').split('.').at(-1)?.toLowerCase();
  const isIt = (one: { readonly kind: string; readonly name: string }): boolean =>
    one.kind === kind && one.name.toLowerCase() === last;
  const does = (script: Script, what: (operation: Operation) => boolean): boolean =>
    readStatements(script, trees).some(({ operations }) => operations.some(what));
  const isCreated = (one: Operation): boolean => {
    const made = madeBy(one);
    return made !== undefined && isIt(made);
  };
  const isReplaced = (one: Operation): boolean =>
    one.kind === 'drop'
      ? one.objects.some(each => isIt({ kind: each.kind, name: each.name.name }))
      : isCreated(one) && madeBy(one)?.orReplace === true;
  return does(up, isReplaced) && does(down, isCreated);
}
