/** Types and sequences that are there before and after a step, altered back. */
import { sequenceOptionsText, typeText } from './definitionText';
import { textOf } from './deparse';
import { makeAnew } from './enumBack';
import { fullName, quoted } from './naming';
import type { CatalogObject, Type } from './object';
import { essenceOfTree } from './sameness';
import type { Script } from './wayBack';

export function typeBack(script: Script, now: CatalogObject, then: CatalogObject): void {
  if (script.anew.has(then.id)) {
    makeAnew(script);
    return;
  }
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

type Domain = Extract<Type, { kind: 'domain' }>;

function domainBack(script: Script, now: Domain, then: Domain): void {
  const { statements, before } = script;
  const alter = `ALTER DOMAIN ${fullName(then)}`;
  if (now.notNull !== then.notNull) statements.push(`${alter} ${then.notNull ? 'SET' : 'DROP'} NOT NULL;`);
  if (essenceOfTree(now.default?.tree) !== essenceOfTree(then.default?.tree))
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
