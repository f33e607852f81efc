/** Renames and moves of what is there before and after a step. */
import { parentsThroughout } from './alterBack';
import { isTable, isView } from './catalog';
import { labelsRenamed } from './enumLabels';
import { fullName, quoted } from './naming';
import type { CatalogObject, Table, View } from './object';
import { namedText } from './print';
import type { Script } from './wayBack';

/** Objects first: their parts are then named by them. */
export function renamesBack(script: Script): void {
  const { after, before, statements, rebuilt } = script;
  for (const now of after.objects.values()) {
    const then = before.objects.get(now.id);
    if (!then || rebuilt.has(now.id) || (now.kind === 'sequence' && now.identity)) continue;
    objectBack(script, now, then);
  }
  for (const now of after.objects.values()) {
    const then = before.objects.get(now.id);
    if (then && !rebuilt.has(now.id) && (isTable(now) || isView(now)) && (isTable(then) || isView(then)))
      partsBack(script, now, then);
  }
  for (const now of after.objects.values()) {
    const then = before.objects.get(now.id);
    if (now.kind !== 'enum' || then?.kind !== 'enum') continue;
    for (const [label, was] of labelsRenamed(now, then))
      statements.push(`ALTER TYPE ${fullName(then)} RENAME VALUE ${literalOf(label)} TO ${literalOf(was)};`);
  }
}

const literalOf = (label: string): string => `'${label.replaceAll("'", "''")}'`;

function objectBack({ after, before, statements }: Script, now: CatalogObject, then: CatalogObject): void {
  const schema = 'schema' in then ? then.schema : undefined;
  let current = now;
  if ('schema' in now && schema !== undefined && now.schema !== schema && now.kind !== 'extension') {
    const schemas = [...before.objects.values()].filter(one => one.kind === 'schema');
    const renamed = schemas.some(one => one.name === schema && after.objects.get(one.id)?.name === now.schema);
    // it moves with its schema, or its table
    const moves = !renamed && !(now.kind === 'sequence' && now.ownedBy && after.objects.has(now.ownedBy.table));
    if (moves) statements.push(`ALTER ${namedText(after, now)} SET SCHEMA ${quoted(schema)};`);
    current = { ...now, schema } as CatalogObject;
  }
  if (current.name !== then.name && current.kind !== 'other')
    statements.push(`ALTER ${namedText(after, current)} RENAME TO ${quoted(then.name)};`);
}

function partsBack({ statements, before, after, rebuilt }: Script, now: Table | View, then: Table | View): void {
  const on = fullName(then);
  const renamed = <Part extends { readonly id: number; readonly name: string }>(
    parts: readonly Part[],
    old: readonly Part[],
    text: (part: Part, to: string) => string,
  ) => {
    for (const part of parts) {
      const was = old.find(({ id }) => id === part.id);
      if (was && was.name !== part.name && !rebuilt.has(part.id)) statements.push(text(part, quoted(was.name)));
    }
  };
  const table = isTable(now) ? 'TABLE' : now.kind === 'view' ? 'VIEW' : 'MATERIALIZED VIEW';
  const follows = isTable(now) && parentsThroughout({ after, before }, now).length > 0;
  const own = now.columns.filter(column => !(column.inherited && follows));
  renamed(own, then.columns, (part, to) => `ALTER ${table} ${on} RENAME COLUMN ${quoted(part.name)} TO ${to};`);
  renamed(
    now.indexes.filter(index => index.constraint === undefined),
    then.indexes,
    (part, to) => `ALTER INDEX ${fullName({ schema: then.schema, name: part.name })} RENAME TO ${to};`,
  );
  renamed(
    now.triggers.filter(one => one.parent === undefined),
    then.triggers,
    (part, to) => `ALTER TRIGGER ${quoted(part.name)} ON ${on} RENAME TO ${to};`,
  );
  renamed(now.rules, then.rules, (part, to) => `ALTER RULE ${quoted(part.name)} ON ${on} RENAME TO ${to};`);
  if (!isTable(now) || !isTable(then)) return;
  renamed(
    // a partition's keys have names of their own
    now.constraints.filter(one => !one.inherited || one.kind !== 'check'),
    then.constraints,
    (part, to) => `ALTER TABLE ${on} RENAME CONSTRAINT ${quoted(part.name)} TO ${to};`,
  );
  renamed(now.policies, then.policies, (part, to) => `ALTER POLICY ${quoted(part.name)} ON ${on} RENAME TO ${to};`);
}
