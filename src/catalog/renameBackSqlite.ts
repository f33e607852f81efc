/** Tables and columns of SQLite get their former names back, in an order in which each name is free. */
import { type Catalog, isTable } from './catalog';
import type { TableChange } from './sqliteSameness';
import { sqliteName } from './sqliteText';

interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** A name that nothing has, before or after. */
export function freeName(after: Catalog, before: Catalog, wanted: string): string {
  const taken = new Set(
    [...after.objects.values(), ...before.objects.values()].flatMap(object => [
      object.name.toLowerCase(),
      ...(isTable(object) ? [...object.columns, ...object.indexes].map(({ name }) => name.toLowerCase()) : []),
    ]),
  );
  let name = wanted;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${wanted}_${number}`;
  return name;
}

export function renamesBackSqlite(after: Catalog, before: Catalog, changes: readonly TableChange[]): readonly string[] {
  const free = (wanted: string): string => freeName(after, before, wanted);
  const tables = changes.map(({ now, then }) => ({ from: now.name, to: then.name }));
  return [
    ...inOrder(tables, free).map(({ from, to }) => `ALTER TABLE ${sqliteName(from)} RENAME TO ${sqliteName(to)};`),
    ...changes.flatMap(({ then, columns, dropped, isRebuilt }) => {
      const kept = then.columns.map(({ id, name }) => ({ from: columns.get(id)?.name ?? name, to: name }));
      // one that goes with the rebuild may have the name of another until then
      const inTheWay = dropped.filter(
        ({ name }) => isRebuilt && kept.some(({ from, to }) => from !== to && isSame(to, name)),
      );
      const moved = inTheWay.map(({ name }) => ({ from: name, to: free(`${name}_gone`) }));
      return inOrder([...moved, ...kept], free).map(
        ({ from, to }) =>
          `ALTER TABLE ${sqliteName(then.name)} RENAME COLUMN ${sqliteName(from)} TO ${sqliteName(to)};`,
      );
    }),
  ];
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Over another name where two have each other's. */
function inOrder(renamings: readonly Renaming[], free: (wanted: string) => string): readonly Renaming[] {
  const found: Renaming[] = [];
  let left = renamings.filter(({ from, to }) => from !== to);
  for (let [first] = left; first; [first] = left) {
    const next = left.find(({ to }) => !left.some(({ from }) => isSame(from, to))) ?? first;
    const isFree = !left.some(({ from }) => isSame(from, next.to));
    left = left.filter(each => each !== next);
    if (isFree) {
      found.push(next);
      continue;
    }
    const over = free(`${next.to}_again`);
    found.push({ from: next.from, to: over });
    left = [...left, { from: over, to: next.to }];
  }
  return found;
}
