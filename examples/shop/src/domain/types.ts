import type { OrderStatus } from './orderStatus';

export interface Category {
  id: number;
  slug: string;
  name: string;
  parentId: number | null;
}

export interface Product {
  id: string;
  sku: string;
  name: string;
  description: string;
  categoryId: number;
  priceCents: number;
  currency: string;
  active: boolean;
}

export interface Customer {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  phone: string | null;
  marketingOptIn: boolean;
}

export interface CartItem {
  productId: string;
  sku: string;
  name: string;
  quantity: number;
  priceCents: number;
  currency: string;
}

export interface OrderLine {
  id: string;
  orderId: string;
  productId: string;
  sku: string;
  name: string;
  quantity: number;
  unitPriceCents: number;
}

export interface Order {
  id: string;
  number: string;
  customerId: string;
  status: OrderStatus;
  currency: string;
  subtotalCents: number;
  discountCents: number;
  shippingCents: number;
  totalCents: number;
  placedAt: Date;
}

export interface OrderWithLines extends Order {
  lines: OrderLine[];
}

export interface Payment {
  id: string;
  orderId: string;
  provider: string;
  providerReference: string | null;
  amountCents: number;
  currency: string;
  status: 'pending' | 'authorized' | 'captured' | 'failed';
}

export interface Refund {
  id: string;
  paymentId: string;
  amountCents: number;
  reason: string;
  status: 'requested' | 'partial' | 'paid' | 'failed';
}

export interface Warehouse {
  id: number;
  code: string;
  name: string;
  priority: number;
}

export interface Shipment {
  id: string;
  orderId: string;
  warehouseId: number;
  carrierCode: string;
  trackingNumber: string | null;
  status: 'packed' | 'shipped' | 'delivered';
}

export interface ShipmentItem {
  orderLineId: string;
  sku: string;
  name: string;
  quantity: number;
}
