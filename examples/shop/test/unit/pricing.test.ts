import { describe, expect, test } from 'vitest';
import { formatCents, isRedeemable, priceCart, shippingFor } from '../../src/domain/pricing';
import type { CartItem } from '../../src/domain/types';

const mug: CartItem = { productId: 'p1', sku: 'MUG', name: 'Mug', quantity: 2, priceCents: 1290, currency: 'EUR' };
const spring = { code: 'SPRING', percentOff: 10, minimumCents: 2000, expiresAt: new Date('2030-01-01') };
const now = new Date('2025-03-01');

describe('priceCart', () => {
  test('adds shipping', () => {
    expect(priceCart([mug], 'DE', null, now)).toEqual({
      subtotalCents: 2580,
      discountCents: 0,
      shippingCents: 490,
      totalCents: 3070,
    });
  });

  test('takes the discount off before shipping', () => {
    expect(priceCart([mug], 'DE', spring, now)).toMatchObject({ discountCents: 258, totalCents: 2812 });
  });

  test('ships freely from 50 euros, at home and nearby', () => {
    expect(shippingFor('DE', 5000)).toBe(0);
    expect(shippingFor('US', 5000)).toBe(1490);
  });
});

test('a discount is redeemable from its minimum until it expires', () => {
  expect(isRedeemable(spring, 1999, now)).toBe(false);
  expect(isRedeemable(spring, 2000, now)).toBe(true);
  expect(isRedeemable(spring, 2000, new Date('2030-01-01'))).toBe(false);
});

test('formats money', () => {
  expect(formatCents(123456, 'EUR')).toBe('€1,234.56');
});
