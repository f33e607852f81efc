/** Where rows lie and by what method they are reached, as far as it is not the usual. */
import type { Draft } from './draft';
import type { Table } from './object';

interface Storage {
  readonly tablespace?: string | undefined;
  readonly accessMethod?: string | undefined;
}

/** What is usual is not said. */
export const storedIn = ({ tablespace, accessMethod }: Storage): Pick<Table, 'tablespace' | 'accessMethod'> => ({
  ...(tablespace === undefined || tablespace === 'pg_default' ? {} : { tablespace }),
  ...(accessMethod === undefined || accessMethod === 'heap' || accessMethod === 'default' ? {} : { accessMethod }),
});

/** A partition's rows are stored as its table says, where it says nothing of its own. */
export function storedAsPartition(draft: Draft, { tablespace, accessMethod }: Storage, parent: Table) {
  const method = accessMethod ?? (draft.version >= 17 ? parent.accessMethod : undefined);
  return storedIn({ tablespace: tablespace ?? parent.tablespace, accessMethod: method });
}

/** The server keeps no rows of a partitioned table, and takes the usual tablespace for a mistake. */
export const isUsualOfParted = (
  tablespace: string | undefined,
  { partitionBy }: { readonly partitionBy?: unknown },
): boolean => partitionBy !== undefined && tablespace === 'pg_default';
