export const ORDER_STATUSES = ['pending', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'refunded'] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

const NEXT: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['paid', 'cancelled'],
  paid: ['packed', 'cancelled', 'refunded'],
  packed: ['shipped', 'cancelled'],
  shipped: ['delivered'],
  delivered: ['refunded'],
  cancelled: [],
  refunded: [],
};

export const isOrderStatus = (value: unknown): value is OrderStatus => ORDER_STATUSES.some(status => status === value);

export const canBecome = (from: OrderStatus, to: OrderStatus): boolean => NEXT[from].includes(to);

export const isFinal = (status: OrderStatus): boolean => NEXT[status].length === 0;
