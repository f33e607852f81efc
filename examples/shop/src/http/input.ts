import type { Request } from 'express';
import { badRequest } from '../errors';

export interface Page {
  limit: number;
  offset: number;
}

export function pageOf(req: Request, defaultLimit = 50): Page {
  const limit = Math.min(Math.max(Number(req.query.limit) || defaultLimit, 1), 200);
  const page = Math.max(Number(req.query.page) || 1, 1);
  return { limit, offset: (page - 1) * limit };
}

export function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw badRequest(`"${name}" must be a text.`);
  return value.trim();
}

export function quantityOf(value: unknown): number {
  const quantity = Number(value);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 999) {
    throw badRequest('"quantity" must be between 1 and 999.');
  }
  return quantity;
}
