/** What a Django migration says of itself, beside its name. */
import type { DjangoMigration } from '../translate/django';

export interface DjangoNode {
  readonly migration: DjangoMigration;
  /** Apps and names. */
  readonly dependencies: readonly (readonly [app: string, name: string])[];
  /** What a squashed one stands for. */
  readonly replaces: readonly (readonly [app: string, name: string])[];
}
