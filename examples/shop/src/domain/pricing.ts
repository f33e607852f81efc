import type { CartItem } from './types';

export interface Discount {
  code: string;
  percentOff: number;
  minimumCents: number;
  expiresAt: Date | null;
}

export interface Totals {
  subtotalCents: number;
  discountCents: number;
  shippingCents: number;
  totalCents: number;
}

const FREE_SHIPPING_FROM_CENTS = 5000;
const SHIPPING_CENTS: Record<string, number> = { DE: 490, AT: 690, CH: 1290 };
const SHIPPING_ABROAD_CENTS = 1490;

export const isRedeemable = (discount: Discount, subtotalCents: number, now: Date): boolean =>
  subtotalCents >= discount.minimumCents && (discount.expiresAt === null || discount.expiresAt > now);

export function shippingFor(country: string, subtotalCents: number): number {
  if (subtotalCents >= FREE_SHIPPING_FROM_CENTS && country in SHIPPING_CENTS) return 0;
  return SHIPPING_CENTS[country] ?? SHIPPING_ABROAD_CENTS;
}

export function priceCart(items: CartItem[], country: string, discount: Discount | null, now = new Date()): Totals {
  const subtotalCents = items.reduce((sum, item) => sum + item.priceCents * item.quantity, 0);
  const discountCents =
    discount && isRedeemable(discount, subtotalCents, now)
      ? Math.round((subtotalCents * discount.percentOff) / 100)
      : 0;
  const shippingCents = shippingFor(country, subtotalCents - discountCents);
  return { subtotalCents, discountCents, shippingCents, totalCents: subtotalCents - discountCents + shippingCents };
}

export const formatCents = (cents: number, currency: string): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 100);
