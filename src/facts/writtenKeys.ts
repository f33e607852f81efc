/** Which expressions of the program a write puts into which columns, or compares them with. */
import type { Expression } from '../program/model';
import { holesOf } from '../program/strings';
import { HOLE } from '../sql/tokens';
import { queryCallsOf } from './queryCalls';
import { rewriteOf } from './rewrites';
import { constantOf, recoveredFrom } from './sqlTexts';
import type { Scene } from './transactionScene';
import type { Work } from './work';

export interface WrittenKey {
  readonly column: string;
  /** As it is written: `orderId`, `order.id`. */
  readonly source: string;
}

export function writtenKeysOf(scene: Scene, work: Work): readonly WrittenKey[] {
  const query = queryCallsOf(scene.setting, scene.id).find(({ id }) => id === work.id);
  const pieces = query?.sql?.pieces;
  if (!query || !pieces) return keysInBuilder(scene, work);
  const items = rewriteOf(scene.setting, scene.id, query)?.valuesArgument?.items ?? [];
  const holes = holesOf(pieces).map(({ source }) => source);
  const sources = items.map(({ source }) => source);
  let marks = 0;
  let passed = 0;
  const text = recoveredFrom(pieces).replace(MARKS, mark => {
    const number = /^\$(\d+)$/.exec(mark)?.[1];
    const source =
      mark === HOLE ? holes[passed++] : number === undefined ? sources[marks++] : sources[Number(number) - 1];
    return source !== undefined && IS_PATH.test(source) ? `<${source}>` : '?';
  });
  return [...inserted(text), ...compared(text)];
}

const MARKS = new RegExp(`\\$\\d+|${HOLE}|(?<![?\\w])\\?(?![?|&])|%s`, 'g');
const IS_PATH = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*$/;

/** `INSERT INTO line (order_id, …) VALUES (<id>, …)` */
function inserted(text: string): readonly WrittenKey[] {
  const [, columns, values] = /^\s*insert\s+into\s+[^\s(]+\s*\(([^)]*)\)\s*values\s*\(([^)]*)\)/i.exec(text) ?? [];
  if (columns === undefined || values === undefined) return [];
  const given = values.split(',');
  return columns.split(',').flatMap((column, at) => {
    const source = /^\s*<([^>]+)>(?:::\w+)?\s*$/.exec(given[at] ?? '')?.[1];
    return source === undefined ? [] : [{ column: column.trim().replaceAll('"', ''), source }];
  });
}

/** `WHERE order_id = <id>` */
const compared = (text: string): readonly WrittenKey[] =>
  [...(/\bwhere\b([\s\S]*)$/i.exec(text)?.[1] ?? '').matchAll(/(\w+)"?\s*=\s*<([^>]+)>/g)].map(
    ([, column = '', source = '']) => ({ column, source }),
  );

/** `insert({ order_id: orderId })`, `where('id', orderId)` */
function keysInBuilder({ calls, unit }: Scene, { chain }: Work): readonly WrittenKey[] {
  const found: WrittenKey[] = [];
  const add = (column: string, value: Expression): void => {
    const source = unit.text.slice(value.start, value.end);
    if (IS_PATH.test(source)) found.push({ column, source });
  };
  for (const id of chain) {
    const call = calls.get(id);
    const [first, second, third] = call?.node.arguments ?? [];
    if (first?.value.kind === 'record' && !second)
      for (const { key, value } of first.value.entries) if (typeof key === 'string') add(key, value);
    const column = call?.arguments[0] && constantOf(call.arguments[0].value);
    if (column !== undefined && second && !third) add(column, second.value);
  }
  return found;
}

/** What is set is only that the row was seen, and when: nobody misses it. */
export function isOnlyTouched(scene: Scene, { id }: Work): boolean {
  const query = queryCallsOf(scene.setting, scene.id).find(each => each.id === id);
  const pieces = query?.sql?.pieces;
  const set = pieces && /^\s*update\b[\s\S]*?\bset\b([\s\S]*?)(?:\bwhere\b|$)/i.exec(recoveredFrom(pieces))?.[1];
  if (set === undefined) return false;
  const columns = [...set.matchAll(/(?:^|,)\s*"?(\w+)"?\s*=/g)].map(([, column = '']) => column);
  return columns.length > 0 && columns.every(column => STAMP.test(column));
}

const STAMP = /_at$|_on$|^last_|^updated|^modified|^seen|^viewed|_?count(?:er)?$|^views?$|^version$|^score$/i;
