/** The order in which each tool runs its migrations. */

import type { MigrationTool } from '../engine/migrationTools';
import type { Joined } from './history';

export interface Placed {
  readonly migration: Joined;
  /** Why the tool would not run it. */
  readonly refused?: string;
}

export interface Order {
  readonly steps: readonly Placed[];
  /** Why the order is not certain. */
  readonly unordered?: string;
}

/** Tools that read a migration's number. `refuses`: they run no two with the same. */
const BY_NUMBER: ReadonlyMap<MigrationTool, { readonly refuses: boolean }> = new Map([
  ['sql-pairs', { refuses: true }],
  ['goose', { refuses: true }],
  ['node-pg-migrate', { refuses: false }],
]);

/** Orders as the tool does; `list` is the tool's own, where it keeps one. */
export function ordered(
  tool: MigrationTool,
  migrations: readonly Joined[],
  list?: readonly { readonly key: string; readonly name: string }[],
): Order {
  if (list) {
    const byKey = new Map(migrations.map(each => [each.key, each]));
    return {
      steps: list.flatMap(({ key, name }) => {
        const migration = byKey.get(key);
        return migration ? [{ migration: { ...migration, name } }] : [];
      }),
    };
  }
  if (tool === 'alembic' || tool === 'django') return byRevision(migrations);
  if (tool === 'flyway') return byVersion(migrations);
  if (migrations.every(({ stamp }) => stamp !== undefined))
    return { steps: [...migrations].sort(inStamps).map(migration => ({ migration })) };
  const byNumber = BY_NUMBER.get(tool);
  const sorted = [...migrations].sort(tool === 'liquibase' ? inKeys : byNumber ? inNumbers : inNames);
  if (tool === 'dbmate' || byNumber?.refuses) return { steps: withTwinsRefused(sorted) };
  return { steps: sorted.map(migration => ({ migration })) };
}

const compare = <T extends string | bigint>(one: T, other: T): number => (one < other ? -1 : one > other ? 1 : 0);

const inNames = (one: Joined, other: Joined): number => compare(one.name, other.name) || compare(one.key, other.key);

/** As changesets stand in their files, whatever they are called. */
const inKeys = (one: Joined, other: Joined): number => compare(one.key, other.key);

const inStamps = (one: Joined, other: Joined): number => (one.stamp ?? 0) - (other.stamp ?? 0) || inNames(one, other);

/** The number that a name begins with, as Flyway's do behind a letter. */
export function numberOf(name: string): bigint | undefined {
  const digits = /^[vV]?(\d+)/.exec(name)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

function inNumbers(one: Joined, other: Joined): number {
  const [a, b] = [numberOf(one.name), numberOf(other.name)];
  return a === undefined || b === undefined ? inNames(one, other) : compare(a, b) || inNames(one, other);
}

function withTwinsRefused(sorted: readonly Joined[]): readonly Placed[] {
  const byNumber = new Map<bigint, string[]>();
  for (const { name } of sorted) {
    const number = numberOf(name);
    if (number !== undefined) byNumber.set(number, [...(byNumber.get(number) ?? []), name]);
  }
  return sorted.map(migration => {
    const number = numberOf(migration.name);
    const twin = number === undefined ? undefined : byNumber.get(number)?.find(name => name !== migration.name);
    return twin === undefined ? { migration } : { migration, refused: `${twin} has the number ${number} too` };
  });
}

/** Flyway: versions part by part, then what is repeated, by its description. */
function byVersion(migrations: readonly Joined[]): Order {
  const parts = ({ key }: Joined): readonly bigint[] => key.split('.').map(part => BigInt(part));
  const versioned = migrations.filter(({ repeatable }) => !repeatable);
  versioned.sort((one, other) => {
    const [a, b] = [parts(one), parts(other)];
    for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
      const difference = compare(a[at] ?? 0n, b[at] ?? 0n);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  const repeated = migrations.filter(({ repeatable }) => repeatable).sort(inNames);
  return {
    steps: [...versioned, ...repeated].map(migration => ({
      migration,
      ...(migration.twin === undefined ? {} : { refused: `${migration.twin} has the version ${migration.key} too` }),
    })),
  };
}

/**
 * Alembic: each behind what it goes after and what it needs, the earliest name first where several could go. What a cycle
 * holds, or what goes after a revision that is not there, comes last and is refused.
 */
function byRevision(migrations: readonly Joined[]): Order {
  const byId = new Map<string, Joined[]>();
  for (const each of migrations) {
    const id = each.revision?.id ?? each.key;
    byId.set(id, [...(byId.get(id) ?? []), each]);
  }
  const named = (id: string): readonly string[] =>
    // a revision may be named by as much of it as tells it apart
    byId.has(id) ? [id] : [...byId.keys()].filter(other => other.startsWith(id)).slice(0, 1);
  const before = ({ revision }: Joined): readonly string[] => [...(revision?.after ?? []), ...(revision?.needs ?? [])];
  const done = new Set<string>();
  const steps: Placed[] = [];
  let waiting = [...migrations].sort(inNames);
  while (waiting.length > 0) {
    const next = nextOf(waiting, steps.at(-1)?.migration);
    if (!next) break;
    waiting = waiting.filter(each => each !== next);
    const id = next.revision?.id ?? next.key;
    const twin = byId.get(id)?.find(each => each !== next);
    steps.push(twin ? { migration: next, refused: `${twin.name} is revision ${id} too` } : { migration: next });
    done.add(id);
  }
  const lost = waiting.map(migration => {
    const missing = before(migration).find(id => named(id).length === 0);
    const because = missing === undefined ? 'it goes after itself' : `there is no revision ${missing}`;
    return { migration, refused: because };
  });
  const heads = headsOf(migrations, before);
  return {
    steps: [...steps, ...lost],
    ...(heads.length > 1 ? { unordered: `there are ${heads.length} heads: ${heads.join(', ')}` } : {}),
  };

  /** A branch is gone along before another one is begun. */
  function nextOf(among: readonly Joined[], last: Joined | undefined): Joined | undefined {
    const ready = among.filter(each => before(each).every(id => named(id).some(full => done.has(full))));
    const id = last?.revision?.id;
    return ready.find(each => id !== undefined && each.revision?.after.includes(id)) ?? ready[0];
  }

  function headsOf(all: readonly Joined[], ids: (each: Joined) => readonly string[]): readonly string[] {
    const followed = new Set(all.flatMap(each => ids(each).flatMap(named)));
    return all.flatMap(({ revision }) => (revision && !followed.has(revision.id) ? [revision.id] : []));
  }
}
