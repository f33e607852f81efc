import { timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { config } from '../config';
import { unauthorized } from '../errors';

export function requireAdmin<Params>(req: Request<Params>, _res: Response, next: NextFunction): void {
  const given = Buffer.from(req.get('authorization')?.replace(/^Bearer /, '') ?? '');
  const expected = Buffer.from(config.adminToken);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw unauthorized();
  next();
}
