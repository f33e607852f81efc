import { expect, test } from 'vitest';
import { canBecome, isFinal, isOrderStatus, ORDER_STATUSES } from '../../src/domain/orderStatus';

test.each([
  ['pending', 'paid', true],
  ['paid', 'shipped', false],
  ['packed', 'cancelled', true],
  ['delivered', 'cancelled', false],
] as const)('%s to %s: %s', (from, to, allowed) => {
  expect(canBecome(from, to)).toBe(allowed);
});

test('only cancelled and refunded orders are final', () => {
  expect(ORDER_STATUSES.filter(isFinal)).toEqual(['cancelled', 'refunded']);
});

test('tells a status from other input', () => {
  expect(isOrderStatus('paid')).toBe(true);
  expect(isOrderStatus("paid' OR 1 = 1")).toBe(false);
  expect(isOrderStatus(undefined)).toBe(false);
});
