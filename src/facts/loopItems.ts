/** What the body of a loop calls its item, and what of it a list of keys needs. */
import type { Block, Expression, Loop, Pattern, Span, Statement, Unit } from '../program/model';
import { namesUsed, nodesIn } from '../program/nodes';

/** The names of an item, and what they stand for: `.id` for the `id` of `const { id } of orders`. */
export interface LoopItem {
  /** What the loop calls the item itself; absent where it takes it apart, or counts. */
  readonly name?: string;
  /** Names that mean another thing in each turn, and whether they are the item or a part of it. */
  readonly paths: ReadonlyMap<string, string>;
  /** `ids[i]`, of a loop that counts through a list. */
  readonly indexed?: { readonly written: string; readonly counter: string };
}

/** Of a pattern that an item is bound to; nothing for one with defaults or a rest. */
export function itemOfPattern(pattern: Pattern): LoopItem | undefined {
  const paths = new Map<string, string>();
  if (!bindsParts(pattern, '', paths)) return undefined;
  return pattern.kind === 'variable' ? { name: pattern.name, paths } : { paths };
}

function bindsParts(pattern: Pattern, path: string, into: Map<string, string>): boolean {
  if (pattern.kind === 'variable') {
    into.set(pattern.name, path);
    return true;
  }
  return (
    pattern.kind === 'entries' &&
    !pattern.rest &&
    pattern.entries.every(
      ({ key, target, default: otherwise }) =>
        !otherwise && IDENTIFIER.test(key) && bindsParts(target, `${path}.${key}`, into),
    )
  );
}

const IDENTIFIER = /^[\p{L}_$][\w$]*$/u;

/** `for (let i = 0; i < ids.length; i++)`: from the first item to the last, one after the other. */
export function countedItem(unit: Unit, loop: Loop): { readonly item: LoopItem; readonly source: Span } | undefined {
  const { before = [], test, after } = loop;
  const written = (span: Span): string => unit.text.slice(span.start, span.end);
  const [start] = before;
  if (start?.kind !== 'declare' || start.target.kind !== 'variable' || loop.testLast) return undefined;
  if (start.value?.kind !== 'constant' || start.value.value !== 0) return undefined;
  const { name: counter } = start.target;
  if (test?.kind !== 'operation' || test.operator !== '<') return undefined;
  const [left, right] = test.operands;
  if (left?.kind !== 'name' || left.name !== counter || right?.kind !== 'member' || right.name !== 'length')
    return undefined;
  if (!after || !new RegExp(`^(?:${counter}\\+\\+|\\+\\+${counter}|${counter} ?\\+= ?1)$`).test(written(after)))
    return undefined;
  const steps = nodesIn(loop.body).some(
    node =>
      (node.kind === 'operation' || node.kind === 'assign') &&
      new RegExp(`^(?:${counter}\\s*(?:\\+\\+|--|[-+*/%]?=(?!=))|(?:\\+\\+|--)${counter}\\b)`).test(written(node)),
  );
  const source = right.object;
  if (steps) return undefined;
  return {
    item: { paths: new Map(), indexed: { written: `${written(source)}[${counter}]`, counter } },
    source,
  };
}

/** Constants that the body declares before the query, and that are the item or a part of it, are names of it too. */
export function withAliases(unit: Unit, item: LoopItem, earlier: readonly Statement[]): LoopItem {
  const paths = new Map(item.paths);
  let { name } = item;
  for (const statement of earlier) {
    if (statement.kind !== 'declare' || !statement.constant || !statement.value) continue;
    const path = pathIn({ ...item, paths }, unit.text.slice(statement.value.start, statement.value.end));
    if (path === undefined) continue;
    const parts = new Map<string, string>();
    if (bindsParts(statement.target, path, parts)) for (const [part, each] of parts) paths.set(part, each);
    if (path === '' && statement.target.kind === 'variable') name ??= statement.target.name;
  }
  return { ...item, ...(name === undefined ? {} : { name }), paths };
}

/** Members that lead from the item to what is written, `''` for the item itself; nothing where it is anything else. */
export function pathIn({ paths, indexed }: LoopItem, written: string): string | undefined {
  if (indexed && written.startsWith(indexed.written)) {
    const rest = written.slice(indexed.written.length);
    return MEMBERS.test(rest) ? rest : undefined;
  }
  const root = /^[\p{L}_$][\w$]*/u.exec(written)?.[0];
  const path = root === undefined ? undefined : paths.get(root);
  if (root === undefined || path === undefined) return undefined;
  const rest = written.slice(root.length);
  return MEMBERS.test(rest) ? path + rest : undefined;
}

/** `!` says in TypeScript that there is one. */
const MEMBERS = /^(?:!?\.[\p{L}_$][\w$]*)*!?$/u;

/** Names that the body alone knows. */
export function namesInside({ paths, indexed }: LoopItem, body: Block): ReadonlySet<string> {
  return new Set([...paths.keys(), ...(indexed ? [indexed.counter] : []), ...namesUsed(body).bound]);
}

/** A part of a condition: as it is written, or the item with these members. */
export type ConditionPiece = string | { readonly path: string };

/**
 * What has to hold of an item for its turn to come to the query, in terms of the item: `order.customerId`. Nothing where it
 * does more than look at the item and at what stays the same through all turns.
 */
export function conditionOf(
  unit: Unit,
  item: LoopItem,
  test: Expression,
  inside: ReadonlySet<string>,
): readonly ConditionPiece[] | undefined {
  const pieces: ConditionPiece[] = [];
  let end = test.start;
  let mentions = false;
  const visit = (node: Expression): boolean => {
    const path = pathIn(item, unit.text.slice(node.start, node.end));
    if (path !== undefined) {
      pieces.push(unit.text.slice(end, node.start), { path });
      end = node.end;
      mentions = true;
      return true;
    }
    switch (node.kind) {
      case 'constant':
        return true;
      case 'text':
        return node.parts.every(part => part.kind === 'part');
      case 'name':
        return !inside.has(node.name);
      case 'member':
        return visit(node.object);
      case 'operation':
        return LOOKS.has(node.operator) && inOrder(node.operands).every(visit);
      case 'choice':
        return node.operator !== '?:' && visit(node.test) && visit(node.operator === '&&' ? node.then : node.otherwise);
      default:
        return false;
    }
  };
  if (!visit(test) || !mentions) return undefined;
  pieces.push(unit.text.slice(end, test.end));
  return pieces.filter(piece => piece !== '');
}

const LOOKS = new Set(['!', '===', '!==', '==', '!=', '<', '<=', '>', '>=', 'typeof', 'instanceof', '-', '+', '%']);

const inOrder = (operands: readonly Expression[]): readonly Expression[] =>
  [...operands].sort((left, right) => left.start - right.start);
