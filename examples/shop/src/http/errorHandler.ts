import type { NextFunction, Request, Response } from 'express';
import { HttpError } from '../errors';
import { logger } from '../logger';

export function errorHandler(error: unknown, req: Request, res: Response, _next: NextFunction): void {
  if (error instanceof HttpError) {
    res.status(error.status).json({ error: error.code, message: error.message });
    return;
  }
  logger.error('request failed', { method: req.method, path: req.path, error: String(error) });
  res.status(500).json({ error: 'internal', message: 'Something went wrong.' });
}
