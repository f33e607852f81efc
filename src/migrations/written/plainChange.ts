/** Statements that a tool's builder has a plain call for, told by the text in which the way back is printed. */

export type PlainChange =
  | { readonly does: 'drop'; readonly kind: 'table' | 'view' | 'materialized view' | 'type'; readonly name: string }
  | { readonly does: 'drop column' | 'drop constraint'; readonly table: string; readonly name: string }
  | { readonly does: 'rename table'; readonly name: string; readonly to: string }
  | { readonly does: 'rename column'; readonly table: string; readonly name: string; readonly to: string }
  | { readonly does: 'add column'; readonly table: string; readonly name: string; readonly column: PlainColumn };

export interface PlainColumn {
  readonly type: 'text' | 'varchar' | 'integer' | 'bigint' | 'boolean' | 'uuid' | 'jsonb' | 'date';
  /** Of `varchar`. */
  readonly length?: number;
  readonly notNull: boolean;
  readonly default?: string | number | boolean;
}

/** A name without a schema, since dots mean different things to different builders, and without what a literal escapes. */
const NAME = '([a-z_][a-z0-9_$]*|"[^".\\\\\']+")';

const FORMS: readonly (readonly [form: RegExp, change: (...parts: readonly string[]) => PlainChange | undefined])[] = [
  [
    new RegExp(`^DROP (TABLE|VIEW|MATERIALIZED VIEW|TYPE) ${NAME};$`),
    (kind = '', name = '') => ({ does: 'drop', kind: kind.toLowerCase() as 'table', name: bare(name) }),
  ],
  [
    new RegExp(`^ALTER TABLE ${NAME} DROP (COLUMN|CONSTRAINT) ${NAME};$`),
    (table = '', what = '', name = '') => ({
      does: what === 'COLUMN' ? 'drop column' : 'drop constraint',
      table: bare(table),
      name: bare(name),
    }),
  ],
  [
    new RegExp(`^ALTER TABLE ${NAME} RENAME TO ${NAME};$`),
    (name = '', to = '') => ({ does: 'rename table', name: bare(name), to: bare(to) }),
  ],
  [
    new RegExp(`^ALTER TABLE ${NAME} RENAME COLUMN ${NAME} TO ${NAME};$`),
    (table = '', name = '', to = '') => ({ does: 'rename column', table: bare(table), name: bare(name), to: bare(to) }),
  ],
  [
    new RegExp(`^ALTER TABLE ${NAME} ADD COLUMN ${NAME} ([a-z]+)(?:\\((\\d+)\\))?( NOT NULL)?(?: DEFAULT (.+))?;$`),
    (table = '', name = '', type = '', length = '', notNull = '', value = '') => {
      const column = columnOf(type, length, notNull !== '', value);
      return column && { does: 'add column', table: bare(table), name: bare(name), column };
    },
  ],
];

/** @param sql one statement with its semicolon */
export function plainChangeOf(sql: string): PlainChange | undefined {
  for (const [form, change] of FORMS) {
    const parts = form.exec(sql);
    if (parts) return change(...parts.slice(1).map(part => part ?? ''));
  }
  return undefined;
}

const bare = (name: string): string => name.replaceAll('"', '');

const TYPES = new Set(['text', 'varchar', 'integer', 'bigint', 'boolean', 'uuid', 'jsonb', 'date']);

/** A builder writes a default as a literal of its own kind: other ones come back as something else. */
function columnOf(type: string, length: string, notNull: boolean, value: string): PlainColumn | undefined {
  if (!TYPES.has(type) || (type === 'varchar') !== (length !== '')) return undefined;
  const column = { type: type as PlainColumn['type'], notNull, ...(length === '' ? {} : { length: Number(length) }) };
  if (value === '') return column;
  const text = /^'([^'\\\n]*)'$/.exec(value)?.[1];
  if (text !== undefined && (type === 'text' || type === 'varchar')) return { ...column, default: text };
  if (type === 'integer' && /^\d{1,9}$/.test(value)) return { ...column, default: Number(value) };
  if (type === 'boolean' && /^(?:true|false)$/.test(value)) return { ...column, default: value === 'true' };
  return undefined;
}
