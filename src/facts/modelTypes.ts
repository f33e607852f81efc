/**
 * How a schema of models says the types that are better than what it declares.
 *
 * Sources: prisma.io/docs/orm/reference/prisma-schema-reference (native types), orm.drizzle.team/docs/column-types/pg.
 */
import type { MigrationTool } from '../engine/migrationTools';
import type { DeclaredColumn } from './schemaChanges';

export type BetterType = 'bigint' | 'bigserial' | 'identity' | 'timestamptz' | 'text';

const WORDS: Readonly<Partial<Record<MigrationTool, Readonly<Partial<Record<BetterType, string>>>>>> = {
  prisma: {
    bigint: '`BigInt`',
    bigserial: '`BigInt`',
    timestamptz: '`DateTime @db.Timestamptz(3)`',
    text: '`String` as it is, which is text',
  },
  drizzle: {
    bigint: "`bigint({ mode: 'number' })`, which is exact up to 2^53",
    bigserial: "`bigint({ mode: 'number' }).generatedAlwaysAsIdentity()`",
    identity: '`integer().generatedAlwaysAsIdentity()`',
    timestamptz: '`timestamp({ withTimezone: true })`',
    text: '`text()` with a `check()`',
  },
};

/** The words for a type in the schema in which the column is declared; nothing where that is SQL. */
export const inModel = ({ change: { script } }: DeclaredColumn, type: BetterType): string | undefined =>
  script.isOfModels && script.tool ? WORDS[script.tool]?.[type] : undefined;

/** Whether what declares the column can say the type at all. */
export const canSay = (column: DeclaredColumn, type: BetterType): boolean =>
  !column.change.script.isOfModels || inModel(column, type) !== undefined;
