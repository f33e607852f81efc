/** Django: a class with operations on models, ordered by what it depends on. Source: docs.djangoproject.com/en/5.2/topics/migrations/. */
import type { Class, Expression, Module } from '../../program/model';
import { evaluateConstant } from '../code/evaluate';
import { constantText, type Value } from '../code/values';
import { baseName, type Format, folderOf } from '../contribution';
import type { Placed } from '../order';
import { type DjangoMigration, djangoScripts } from '../translate/django';
import { codeSender } from '../translate/djangoCode';
import { operationsIn } from '../translate/djangoOperations';
import { emptyState, type State } from '../translate/djangoState';
import type { DjangoNode } from './djangoNode';

/** Whether a text may be one, told without parsing it. */
export const mayBeDjangos = (text: string): boolean =>
  /^class Migration\(/m.test(text) && /^\s+operations\s*(?::[^=\n]+)?=/m.test(text);

const NO_SCRIPT = { statements: [], untranslated: [], inTransaction: true };

export const django: Format = ({ file, module, imported }, projects) => {
  const own = module?.language === 'python' ? module.classes.find(({ name }) => name === 'Migration') : undefined;
  if (!module || !own || !isMigration(own.extends)) return [];
  const listed = fieldOf(module, own, 'operations');
  if (!listed) return [];
  const line = /^[^\n]*/.exec(module.top.text.slice(own.start))?.[0] ?? '';
  const at = { unit: module.top.id, start: own.start, end: own.start + line.trimEnd().length };
  const operations = operationsIn(listed);
  const atomic = fieldOf(module, own, 'atomic');
  const migration: DjangoMigration = {
    operations: operations ?? [],
    isPartial: operations === undefined,
    isAtomic: !(atomic?.kind === 'constant' && atomic.value === false),
    at,
    sentBy: codeSender(module, projects, imported),
  };
  const name = baseName(file).replace(/\.py$/, '');
  const pairs = (field: string): readonly (readonly [string, string])[] => pairsIn(fieldOf(module, own, field));
  return [
    {
      kind: 'migration',
      tool: 'django',
      folder: folderOf(file),
      key: file,
      name,
      dialect: projects,
      up: { file, script: NO_SCRIPT, at },
      django: { migration, dependencies: pairs('dependencies'), replaces: pairs('replaces') },
    },
  ];
};

const isMigration = (base: Expression | undefined): boolean =>
  base?.kind === 'member' ? base.name === 'Migration' : base?.kind === 'name' && base.name === 'Migration';

function fieldOf(module: Module, { fields }: Class, name: string): Value | undefined {
  const value = fields.find(each => each.name === name)?.value;
  return value && evaluateConstant(module, value, module.top.id);
}

/** `('shop', '0001_initial')`; what a setting decides is another app's. */
const pairsIn = (value: Value | undefined): readonly (readonly [string, string])[] =>
  (value?.kind === 'list' ? value.items : []).flatMap(item => {
    const [app, name] = item.kind === 'list' ? item.items.map(constantText) : [];
    return app === undefined || name === undefined ? [] : [[app, name] as const];
  });

interface Node {
  readonly name: string;
  readonly key: string;
  readonly django?: DjangoNode;
}

/** What the app of a folder is called: as its migrations call it that go after one of their own; else as the folder around is. */
export function appOf(folder: string, nodes: readonly Node[]): string {
  const names = new Set(nodes.map(({ name }) => name));
  const around = folder.split('/').at(-2) ?? '';
  const counts = new Map<string, number>();
  for (const { django: own } of nodes)
    for (const [app, name] of own?.dependencies ?? []) if (names.has(name)) counts.set(app, (counts.get(app) ?? 0) + 1);
  if (counts.has(around) || counts.size === 0) return around;
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? around;
}

/** The migrations of an app as a graph: those that a squashed one replaces are left out, what went after them goes after it. */
export function djangoGraph<T extends Node>(
  app: string,
  nodes: readonly T[],
): readonly (T & {
  readonly revision: { readonly id: string; readonly after: readonly string[]; readonly needs: readonly [] };
})[] {
  const byName = new Map(nodes.map(each => [each.name, each]));
  const replacedBy = new Map<string, string>();
  for (const { name, django: own } of nodes)
    for (const [of, replaced] of own?.replaces ?? [])
      if (of === app && byName.has(replaced) && replaced !== name) replacedBy.set(replaced, name);
  const left = nodes.filter(({ name }) => !replacedBy.has(name));
  return left.map(each => {
    const after = (each.django?.dependencies ?? []).flatMap(([of, name]) => {
      if (of !== app) return [];
      const now = replacedBy.get(name) ?? name;
      return now === each.name || (!byName.has(now) && !isNumbered(now)) ? [] : [now];
    });
    return { ...each, revision: { id: each.name, after: [...new Set(after)], needs: [] as const } };
  });
}

/** `__first__` and the like name none. */
const isNumbered = (name: string): boolean => !name.startsWith('__');

/** What was made of a migration last, by the state that it was made from: an edit leaves those before it alone. */
const MADE = new WeakMap<
  DjangoMigration,
  { readonly before: State; readonly scripts: ReturnType<typeof djangoScripts> }
>();
const EMPTY = new Map<string, State>();

/** The steps with their scripts: each in the state that those before it leave. */
export function withDjangoScripts(app: string, steps: readonly Placed[]): readonly Placed[] {
  let state = EMPTY.get(app) ?? emptyState(app);
  EMPTY.set(app, state);
  return steps.map(({ migration, refused }) => {
    const own = migration.django?.migration;
    if (!own) return { migration, ...(refused === undefined ? {} : { refused }) };
    const known = MADE.get(own);
    const scripts = known?.before === state ? known.scripts : djangoScripts(own, state);
    MADE.set(own, { before: state, scripts });
    if (refused === undefined) state = scripts.after;
    const { up, down, irreversible, reversed } = scripts;
    const { down: _, ...rest } = migration;
    return {
      migration: {
        ...rest,
        up: { ...migration.up, script: up },
        ...(irreversible.length > 0
          ? { irreversible }
          : { down: { file: migration.up.file, script: down, at: migration.up.at, inferred: true, reversed } }),
      },
      ...(refused === undefined ? {} : { refused }),
    };
  });
}
