export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export const badRequest = (message: string) => new HttpError(400, 'bad_request', message);
export const unauthorized = () => new HttpError(401, 'unauthorized', 'A valid token is needed.');
export const notFound = (what: string, id: string) => new HttpError(404, 'not_found', `${what} ${id} does not exist.`);
export const conflict = (message: string) => new HttpError(409, 'conflict', message);

/** SQLSTATE of a PostgreSQL error, if it is one. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
