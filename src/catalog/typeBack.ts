/** Types and sequences that are there before and after a step, altered back; an enum's labels by making it anew. */
import { isTable } from './catalog';
import { literal, sequenceOptionsText, typeText } from './definitionText';
import { textOf } from './deparse';
import { fullName, quoted } from './naming';
import type { CatalogObject, Type } from './object';
import type { Script } from './wayBack';

export function typeBack(script: Script, now: CatalogObject, then: CatalogObject): void {
  if (now.kind === 'enum' && then.kind === 'enum') enumBack(script, now, then);
  if (now.kind === 'domain' && then.kind === 'domain') domainBack(script, now, then);
  if (now.kind === 'composite' && then.kind === 'composite') compositeBack(script, now, then);
  if (now.kind === 'sequence' && then.kind === 'sequence' && !then.identity) {
    const was = sequenceOptionsText(now.options, true);
    const is = sequenceOptionsText(then.options, true);
    if (was !== is) script.statements.push(`ALTER SEQUENCE ${fullName(then)} ${allOptions(then.options)};`);
  }
}

function allOptions(options: Extract<CatalogObject, { kind: 'sequence' }>['options']): string {
  const { type = 'bigint', increment = '1', min, max, start, cache = '1', cycle } = options;
  return [
    `AS ${type} INCREMENT BY ${increment}`,
    min == null ? 'NO MINVALUE' : `MINVALUE ${min}`,
    max == null ? 'NO MAXVALUE' : `MAXVALUE ${max}`,
    `START WITH ${start ?? min ?? '1'}`,
    `CACHE ${cache}`,
    cycle ? 'CYCLE' : 'NO CYCLE',
  ].join(' ');
}

type Enum = Extract<Type, { kind: 'enum' }>;

/** The labels as the renames that are behind us left them. */
function currentLabels(now: Enum, then: Enum): readonly string[] {
  if (now.labels.length !== then.labels.length) return now.labels;
  return now.labels.map((label, at) => {
    const was = then.labels[at] ?? label;
    return !then.labels.includes(label) && !now.labels.includes(was) ? was : label;
  });
}

function enumBack(script: Script, now: Enum, then: Enum): void {
  const labels = currentLabels(now, then);
  if (labels.join('\0') === then.labels.join('\0')) return;
  const { statements, notes, last, before, after } = script;
  const name = fullName(then);
  const old = quoted(`${then.name}_old`);
  statements.push(`ALTER TYPE ${name} RENAME TO ${old};`);
  statements.push(`CREATE TYPE ${name} AS ENUM (${then.labels.map(literal).join(', ')});`);
  for (const table of before.objects.values()) {
    const was = after.objects.get(table.id);
    if (!isTable(table) || !isTable(was)) continue;
    for (const column of table.columns) {
      const current = was.columns.find(({ id }) => id === column.id);
      if (column.type?.id !== then.id || current?.type?.id !== then.id || column.inherited) continue;
      const alter = `ALTER TABLE ${fullName(table)} ALTER COLUMN ${quoted(column.name)}`;
      const written = typeText(before, column.type);
      const through = column.type.dimensions > 0 ? 'text[]' : 'text';
      if (current.default) statements.push(`${alter} DROP DEFAULT;`);
      statements.push(`${alter} TYPE ${written} USING ${quoted(column.name)}::${through}::${written};`);
      // one that is given another default gets it with its table's other changes
      if (current.default && column.default) statements.push(`${alter} SET DEFAULT ${textOf(before, column.default)};`);
    }
  }
  const removed = labels.filter(label => !then.labels.includes(label));
  if (removed.length > 0)
    notes.push({
      kind: 'mayFail',
      says: `rows that hold ${removed.map(literal).join(' or ')} make it fail: give them another label first`,
    });
  // what is said of a type does not pass to another
  script.rebuilt.add(then.id);
  last.push(`DROP TYPE ${then.schema === 'public' ? '' : `${quoted(then.schema)}.`}${old};`);
}

type Domain = Extract<Type, { kind: 'domain' }>;

function domainBack(script: Script, now: Domain, then: Domain): void {
  const { statements, before } = script;
  const alter = `ALTER DOMAIN ${fullName(then)}`;
  if (now.notNull !== then.notNull) statements.push(`${alter} ${then.notNull ? 'SET' : 'DROP'} NOT NULL;`);
  if (now.default?.text !== then.default?.text)
    statements.push(then.default ? `${alter} SET DEFAULT ${textOf(before, then.default)};` : `${alter} DROP DEFAULT;`);
  for (const check of now.constraints) {
    const was = then.constraints.find(({ id }) => id === check.id);
    if (!was || (check.validated && !was.validated)) statements.push(`${alter} DROP CONSTRAINT ${quoted(check.name)};`);
    else if (was.name !== check.name)
      statements.push(`${alter} RENAME CONSTRAINT ${quoted(check.name)} TO ${quoted(was.name)};`);
  }
  for (const check of then.constraints) {
    const is = now.constraints.find(({ id }) => id === check.id);
    if (is && !(is.validated && !check.validated)) continue;
    const valid = check.validated ? '' : ' NOT VALID';
    statements.push(
      `${alter} ADD CONSTRAINT ${quoted(check.name)} CHECK (${textOf(before, check.expression)})${valid};`,
    );
  }
}

type Composite = Extract<Type, { kind: 'composite' }>;

function compositeBack(script: Script, now: Composite, then: Composite): void {
  const { statements, before } = script;
  const alter = `ALTER TYPE ${fullName(then)}`;
  for (const attribute of now.attributes) {
    const was = then.attributes.find(({ id }) => id === attribute.id);
    if (!was) statements.push(`${alter} DROP ATTRIBUTE ${quoted(attribute.name)};`);
    else if (was.name !== attribute.name)
      statements.push(`${alter} RENAME ATTRIBUTE ${quoted(attribute.name)} TO ${quoted(was.name)};`);
  }
  for (const attribute of then.attributes) {
    const is = now.attributes.find(({ id }) => id === attribute.id);
    const type = attribute.type ? typeText(before, attribute.type) : 'text';
    if (!is) statements.push(`${alter} ADD ATTRIBUTE ${quoted(attribute.name)} ${type};`);
    else if (is.type && typeText(script.after, is.type) !== type)
      statements.push(`${alter} ALTER ATTRIBUTE ${quoted(attribute.name)} TYPE ${type};`);
  }
}
