/** Reads migrations for tests, and says in a few words what was read. */
import { fileOf } from '../../src/engine/place';
import type { MigrationFact } from '../../src/migrations/migration';
import { readMigration } from '../../src/migrations/read';
import { companionOf } from '../../src/migrations/sqlFiles';
import type { Dialect } from '../../src/sql/dialect';
import { lower } from '../languages/typescript/lower';

/** Reads one file among others; the other half of a pair is looked up there. */
export async function read(
  file: string,
  files: Readonly<Record<string, string>>,
  dialect: Dialect = 'postgresql',
): Promise<MigrationFact | undefined> {
  const text = files[file] ?? '';
  const companion = companionOf(file);
  const module = file.endsWith('.sql') ? undefined : await lower(text, file);
  return readMigration({
    file,
    text,
    dialect,
    module,
    companion: companion === undefined ? undefined : files[companion],
  });
}

/** `create table orders, create column orders.total | missing` */
export function brief(fact: MigrationFact | undefined): string {
  if (!fact) return 'no migration';
  const up = fact.up.changes
    .map(({ action, kind, name, on, to }) => {
      const named = [on, name].filter(part => part !== undefined).join('.') || '?';
      return `${action} ${kind} ${named}${to === undefined ? '' : ` to ${to}`}`;
    })
    .join(', ');
  const { down } = fact;
  const back =
    down.state === 'present'
      ? down.namesNoneOfThem
        ? 'names none'
        : 'present'
      : down.state === 'not-inferable'
        ? `not inferable: ${down.calls.join(', ')}`
        : down.state;
  return `${fact.up.effect === 'structure' ? up : fact.up.effect} | ${back}`;
}

/** The text that a place covers. */
export async function textAt(
  place: { unit: string; start: number; end: number },
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const file = fileOf(place.unit);
  const text = files[file] ?? '';
  if (file === place.unit) return text.slice(place.start, place.end);
  const unit = (await lower(text, file)).units.find(({ id }) => id === place.unit);
  return (unit?.text ?? '').slice(place.start, place.end);
}
