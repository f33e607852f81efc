/** Views, functions, procedures and triggers of SQL Server on the way back: each is kept by its text, and altered where it stays. */
import { type Catalog, isTable, isView } from './catalog';
import type { CatalogObject, Other, Table, View } from './object';
import { isSchemaBound, namesOne, tsqlIndex, tsqlName, tsqlProgram, tsqlView } from './tsqlText';
import type { TsqlScript } from './wayBackTsql';
import type { ColumnPlan } from './wayBackTsqlColumns';
import { indexMade } from './wayBackTsqlTable';

type Module = View | Other;

interface Tables {
  readonly plans: readonly ColumnPlan[];
  readonly doomed: readonly Table[];
  readonly missing: readonly Table[];
}

/** Statements at their times. */
export interface ModulesBack {
  /** Before the tables change. */
  readonly drops: readonly string[];
  /** Functions that tables need, before these are made. */
  readonly early: readonly string[];
  /** Behind the tables. */
  readonly adds: readonly string[];
  /** Functions that tables needed. */
  readonly late: readonly string[];
}

const isModule = (object: CatalogObject): object is Module =>
  isView(object) ||
  (object.kind === 'other' && (object.what === 'function' || object.what === 'procedure' || object.what === 'trigger'));

const whatOf = (one: Module): string => (one.kind === 'other' ? one.what : 'view');

const keyOf = (one: Module): string => `${whatOf(one)} ${tsqlName(one)}`.toLowerCase();

const textOf = (one: Module): string =>
  one.kind === 'other' ? one.text : `${one.name} ${one.words?.tail ?? one.query?.text ?? ''}`;

const essenceOf = (one: Module): string =>
  one.kind === 'other' ? tsqlProgram('CREATE', one).replace(/[\s;]+$/, '') : tsqlView('CREATE', one);

const modulesIn = ({ objects }: Catalog): ReadonlyMap<string, Module> =>
  new Map([...objects.values()].filter(isModule).map(one => [keyOf(one), one] as const));

export function modulesBack(script: TsqlScript, tables: Tables): ModulesBack {
  const { after, before, obstacles } = script;
  const [now, then] = [modulesIn(after), modulesIn(before)];
  const gone = new Set<Module>();
  const altered = new Set<Module>();
  const missing = new Set<Module>();
  const fallen = new Set(tables.doomed.map(({ id }) => id));
  for (const [key, one] of now) {
    const former = then.get(key);
    if (!former) {
      if (one.assumed) obstacles.push(`what ${whatOf(one)} ${one.name} was before is not known`);
      gone.add(one);
    } else if (isAnew(one, former, fallen)) {
      gone.add(one);
      missing.add(former);
    } else if (essenceOf(one) !== essenceOf(former)) altered.add(former);
  }
  for (const [key, one] of then) if (!now.has(key)) missing.add(one);
  // triggers of a view go with it
  const views = new Set([...gone].filter(isView).map(({ id }) => id));
  for (const [key, one] of then) {
    const own = now.get(key);
    if (own?.kind !== 'other' || own.on === undefined || gone.has(own) || !views.has(own.on)) continue;
    altered.delete(one);
    missing.add(one);
  }
  for (const one of [...missing, ...altered]) checkText(script, one);
  checkBound(
    script,
    tables,
    [...now.values()].filter(one => !gone.has(one)),
    new Set([...gone, ...altered]),
  );
  const tablesIn = ({ objects }: Catalog): readonly Table[] => [...objects.values()].filter(isTable);
  const staying = tablesIn(after).filter(({ id }) => !fallen.has(id));
  for (const one of altered)
    if (isNeeded(one, staying)) obstacles.push(`function ${one.name} cannot be altered under what stands on it`);
  const needed = new Set([...gone].filter(one => isNeeded(one, tablesIn(after))));
  for (const one of missing)
    if ([...needed].some(each => keyOf(each) === keyOf(one)))
      obstacles.push(`function ${one.name} cannot be made anew under what stands on it`);
  const isOnFallen = (one: Module): boolean =>
    one.kind === 'other' && one.on !== undefined && (fallen.has(one.on) || views.has(one.on));
  const drops = [...inOrder([...gone].filter(one => !isOnFallen(one)))].reverse();
  const changing = [...tables.missing, ...tables.plans.map(({ kept }) => kept.then)];
  const early = new Set([...missing].filter(one => isNeeded(one, changing)));
  const adds = inOrder([...missing, ...altered]).filter(one => !early.has(one));
  return {
    drops: drops.filter(one => !needed.has(one)).map(dropText),
    early: inOrder([...early]).map(one => made(one, 'CREATE')),
    adds: [
      ...adds.flatMap(one => [
        made(one, missing.has(one) ? 'CREATE' : 'ALTER'),
        ...(isView(one) ? one.indexes.map(index => indexMade(script, one, index)) : []),
      ]),
    ],
    late: drops.filter(one => needed.has(one)).map(dropText),
  };
}

/** Whether ALTER does not lead from one to the other: what it is bound or kept by changes, or the kind of function. */
function isAnew(one: Module, former: Module, fallen: ReadonlySet<number>): boolean {
  if (isView(one) && isView(former)) {
    const indexes = (view: View): string => JSON.stringify(view.indexes.map(index => tsqlIndex(view, index)));
    if (indexes(one) !== indexes(former)) return true;
    return essenceOf(one) !== essenceOf(former) && (isSchemaBound(textOf(one)) || one.indexes.length > 0);
  }
  if (one.kind !== 'other' || former.kind !== 'other') return true;
  if (one.what === 'trigger') return one.on !== former.on || (one.on !== undefined && fallen.has(one.on));
  if (essenceOf(one) === essenceOf(former)) return false;
  return isSchemaBound(one.text) || (one.what === 'function' && kindOf(one) !== kindOf(former));
}

/** What a function gives: a value, a query's rows, or a table that it fills. */
const kindOf = ({ text }: Other): string =>
  (/\bRETURNS\s+(TABLE\b|@\w+\s+TABLE\b)/i.exec(text)?.[1] ?? 'value').replace(/@\w+\s+/, '@').toUpperCase();

function checkText({ obstacles }: TsqlScript, one: Module): void {
  const isUnknown =
    one.assumed === true ||
    (one.kind !== 'other' && one.words === undefined) ||
    (one.kind === 'other' && /\bENCRYPTION\b/i.test(one.text));
  if (isUnknown) obstacles.push(`the former text of ${whatOf(one)} ${one.name} is not known`);
  if (one.isStale) obstacles.push(`the text of ${whatOf(one)} ${one.name} is older than the names in it`);
}

/** What is bound to a schema lets nothing change that it names. */
function checkBound(
  { obstacles }: TsqlScript,
  { plans }: Tables,
  staying: readonly Module[],
  changed: ReadonlySet<Module>,
): void {
  const names = new Set([...changed].map(({ name }) => name.toLowerCase()));
  for (const { kept, altered, remade, renamed } of plans)
    if (altered.size + remade.size + renamed.size > 0 || tsqlName(kept.now) !== tsqlName(kept.then))
      names.add(kept.now.name.toLowerCase());
  for (const one of staying)
    if (!changed.has(one) && isSchemaBound(textOf(one)) && namesOne(withoutName(one), names))
      obstacles.push(`${whatOf(one)} ${one.name} is bound to what changes`);
}

const withoutName = (one: Module): string =>
  one.kind === 'other'
    ? one.text.replace(/^[^(@]*?\b(?:AS|RETURNS)\b|^\s*\w+(?:\s+OR\s+\w+)?\s+\w+\s+\S+/i, '')
    : (one.words?.tail ?? '');

/** Whether a default, a check or a computed column of these tables calls a function. */
function isNeeded(one: Module, tables: readonly Table[]): boolean {
  if (one.kind !== 'other' || one.what !== 'function') return false;
  const names = new Set([one.name.toLowerCase()]);
  return tables.some(({ columns, constraints }) =>
    [
      ...columns.flatMap(column => [column.default?.text ?? '', column.generated?.value.text ?? '']),
      ...constraints.map(each => (each.kind === 'check' ? each.expression.text : '')),
    ].some(text => namesOne(text, names)),
  );
}

const RANKS: Readonly<Record<string, number>> = { function: 0, view: 0, procedure: 1, trigger: 2 };

/** Each behind what it names; procedures name what need not be there. */
function inOrder(modules: readonly Module[]): readonly Module[] {
  const sorted = [...modules].sort((a, b) => (RANKS[whatOf(a)] ?? 0) - (RANKS[whatOf(b)] ?? 0));
  const order: Module[] = [];
  const seen = new Set<Module>();
  const visit = (one: Module): void => {
    if (seen.has(one)) return;
    seen.add(one);
    for (const other of sorted)
      if (
        other !== one &&
        (RANKS[whatOf(other)] ?? 0) <= (RANKS[whatOf(one)] ?? 0) &&
        namesOne(withoutName(one), new Set([other.name.toLowerCase()]))
      )
        visit(other);
    order.push(one);
  };
  for (const one of sorted) visit(one);
  return order;
}

function dropText(one: Module): string {
  const [, on] =
    one.kind === 'other' && one.what === 'trigger' ? (/\bON\s+(DATABASE|ALL\s+SERVER)\b/i.exec(one.text) ?? []) : [];
  return `DROP ${whatOf(one).toUpperCase()} ${on === undefined ? tsqlName(one) : `[${one.name.replaceAll(']', ']]')}] ON ${on.toUpperCase()}`};`;
}

const made = (one: Module, verb: 'CREATE' | 'ALTER'): string =>
  isView(one) ? `${tsqlView(verb, one)};` : `${tsqlProgram(verb, one as Other).replace(/[\s;]+$/, '')};`;
