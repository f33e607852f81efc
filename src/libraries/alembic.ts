/** Alembic, whose migrations run on a connection of its own. */
import type { LibraryModel } from './vocabulary';

export const alembic = {
  package: 'pypi:alembic',
  source: 'https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.get_bind',
  gives: [{ call: 'op.get_bind', gives: 'pypi:sqlalchemy#Connection' }],
  queries: [],
} as const satisfies LibraryModel;
