import { describe, expect, test } from 'vitest';
import { concernOf } from '../../src/persona/concerns';

describe('the concern that a rule belongs to', () => {
  test.each([
    ['sql-injection', 'security'],
    ['hardcoded-secret', 'security'],
    ['n-plus-one', 'performance'],
    ['missing-index', 'performance'],
    ['non-sargable-filter', 'performance'],
    ['foreign-key-without-index', 'performance'],
    ['stale-materialized-view', 'performance'],
    ['untested-database-function', 'tests'],
    ['prefer-bigint', 'maintainability'],
    ['business-logic-in-trigger', 'maintainability'],
    ['missing-transaction', 'errors'],
    ['irreversible-migration', 'errors'],
  ] as const)('%s: %s', (rule, concern) => {
    expect(concernOf({ rule })).toBe(concern);
  });
});
