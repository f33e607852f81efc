import { expect, test } from 'vitest';
import type { AnyRule, Evidence } from '../../src/engine/rule';
import { explained, fixesFor } from '../../src/engine/said';

interface Query extends Evidence {
  readonly query: { readonly label: string };
  readonly others: readonly object[];
}

function counting() {
  const asked = { explain: 0, fix: 0 };
  const rule: AnyRule<unknown> = {
    id: 'counted',
    level: 'warning',
    concern: 'errors',
    check: () => [],
    explain(evidence) {
      asked.explain++;
      return { what: (evidence as Query).query.label, why: '', remedy: '', related: [] };
    },
    fix() {
      asked.fix++;
      return [];
    },
  };
  return { rule, asked };
}

const at = { unit: 'a.ts', start: 1, end: 2 };
const query = { label: 'pool.query()' };
const other = {};

test('what is said of the same evidence is said once', () => {
  const { rule, asked } = counting();
  const evidence = (): Query => ({ at, query, others: [other] });
  expect(explained(rule, evidence()).what).toBe('pool.query()');
  fixesFor(rule, evidence());
  explained(rule, evidence());
  fixesFor(rule, evidence());
  expect(asked).toEqual({ explain: 1, fix: 1 });
});

test('another object in the evidence is other evidence, and so is one more', () => {
  const { rule, asked } = counting();
  const first: Query = { at, query, others: [other] };
  explained(rule, first);
  const second: Query = { ...first, query: { label: 'db.query()' } };
  expect(explained(rule, second).what).toBe('db.query()');
  const third: Query = { ...first, others: [other, other] };
  explained(rule, third);
  expect(asked.explain).toBe(3);
});
