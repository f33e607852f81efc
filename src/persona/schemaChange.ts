/** A schema change that is wished for in words: `add column channel text not null to orders`. */
import type { TableFacts } from './grounding';

export type SchemaWish =
  | {
      readonly kind: 'add-column';
      readonly table: string;
      readonly column: string;
      readonly type: string;
      readonly notNull: boolean;
      readonly value?: string;
    }
  | { readonly kind: 'drop-column'; readonly table: string; readonly column: string }
  | { readonly kind: 'rename-column'; readonly table: string; readonly column: string; readonly to: string }
  | { readonly kind: 'change-type'; readonly table: string; readonly column: string; readonly type: string }
  | { readonly kind: 'not-null'; readonly table: string; readonly column: string }
  | {
      readonly kind: 'add-index';
      readonly table: string;
      readonly columns: readonly string[];
      readonly unique: boolean;
    }
  | { readonly kind: 'add-foreign-key'; readonly table: string; readonly column: string; readonly to: string }
  | { readonly kind: 'create-table'; readonly table: string }
  | { readonly kind: 'drop-table'; readonly table: string }
  | { readonly kind: 'rename-table'; readonly table: string; readonly to: string };

const NAME = '[`"]?([a-z_][a-z0-9_]*)[`"]?';
const TABLE = `(?:the )?(?:table )?${NAME}(?: table)?`;
const COLUMN = `(?:the |a |an |new )*(?:nullable )?(?:column |field )?${NAME}`;
const TYPE =
  '((?:character varying|double precision|timestamp with time zone|[a-z_]+[0-9]*)(?:\\s?\\([0-9, ]+\\))?(?:\\[\\])?)';
const at = (source: string): RegExp => new RegExp(`^${source}(?!\\w)`, 'i');

interface Reading {
  readonly pattern: RegExp;
  read(found: readonly string[]): SchemaWish;
}

const READINGS: readonly Reading[] = [
  {
    pattern: at(
      `(?:create|add|new)(?: an?| the)?(?: new)?( unique)?(?: index| constraint| unique index| unique constraint| unique)+(?: concurrently)?(?: on| to| for) ${TABLE}\\s*(?:\\(([^)]+)\\)|(?:on|for|by|over|columns?) ([a-z0-9_, ]+))?`,
    ),
    read: ([whole = '', , table = '', inside = '', behind = '']) => ({
      kind: 'add-index',
      table,
      columns: columnList(inside || behind),
      unique: /\bunique\b/i.test(whole),
    }),
  },
  {
    pattern: at(`(?:(?:index|add an? index on) ${NAME}\\.${NAME}|make ${NAME}\\.${NAME}( unique))`),
    read: ([, table = '', column = '', other = '', of = '', unique]) => ({
      kind: 'add-index',
      table: table || other,
      columns: [column || of],
      unique: (unique ?? '') !== '',
    }),
  },
  {
    pattern: at(
      `(?:add|create)(?: a)? (?:foreign key|fk|reference)(?: from| on| to)? ${NAME}[.(\\s]+(?:column )?${NAME}\\)?(?: to| references| ->| →)* ${NAME}`,
    ),
    read: ([, table = '', column = '', to = '']) => ({ kind: 'add-foreign-key', table, column, to }),
  },
  {
    pattern: at(`(?:create|add)(?: a| the)?(?: new)? table ${NAME}`),
    read: ([, table = '']) => ({ kind: 'create-table', table }),
  },
  {
    pattern: at(`(?:drop|remove|delete)(?: the)? table ${NAME}`),
    read: ([, table = '']) => ({ kind: 'drop-table', table }),
  },
  {
    pattern: at(`rename(?: the)? table ${NAME} to ${NAME}`),
    read: ([, table = '', to = '']) => ({ kind: 'rename-table', table, to }),
  },
  {
    pattern: at(`rename ${NAME}\\.${NAME} to ${NAME}`),
    read: ([, table = '', column = '', to = '']) => ({ kind: 'rename-column', table, column, to }),
  },
  {
    pattern: at(`rename ${COLUMN} to ${NAME} (?:in|on|of|from) ${TABLE}`),
    read: ([, column = '', to = '', table = '']) => ({ kind: 'rename-column', table, column, to }),
  },
  {
    pattern: at(`rename ${COLUMN} (?:in|on|of|from) ${TABLE} to ${NAME}`),
    read: ([, column = '', table = '', to = '']) => ({ kind: 'rename-column', table, column, to }),
  },
  {
    pattern: at(`(?:drop|remove|delete) ${NAME}\\.${NAME}`),
    read: ([, table = '', column = '']) => ({ kind: 'drop-column', table, column }),
  },
  {
    pattern: at(`(?:drop|remove|delete) ${COLUMN} (?:from|in|of|on) ${TABLE}`),
    read: ([, column = '', table = '']) => ({ kind: 'drop-column', table, column }),
  },
  {
    pattern: at(`(?:change|alter|convert)(?: the)?(?: type of)? ${NAME}\\.${NAME}(?: type)? (?:to|into) ${TYPE}`),
    read: ([, table = '', column = '', type = '']) => ({ kind: 'change-type', table, column, type }),
  },
  {
    pattern: at(
      `(?:change|alter|convert)(?: the)?(?: type of)? ${COLUMN}(?: type)? (?:in|on|of) ${TABLE}(?: type)? (?:to|into) ${TYPE}`,
    ),
    read: ([, column = '', table = '', type = '']) => ({ kind: 'change-type', table, column, type }),
  },
  {
    pattern: at(`(?:make|set) ${NAME}\\.${NAME} (?:not null|required|mandatory)`),
    read: ([, table = '', column = '']) => ({ kind: 'not-null', table, column }),
  },
  {
    pattern: at(`(?:make|set) ${COLUMN} (?:in|on|of) ${TABLE} (?:not null|required|mandatory)`),
    read: ([, column = '', table = '']) => ({ kind: 'not-null', table, column }),
  },
  {
    pattern: at(`(?:make|set) ${COLUMN} (?:not null|required|mandatory) (?:in|on|of) ${TABLE}`),
    read: ([, column = '', table = '']) => ({ kind: 'not-null', table, column }),
  },
  {
    pattern: at(
      `add ${COLUMN}(?: (?:of type )?${TYPE})??((?: not null| required| nullable)?)(?: default (\\S+))?((?: not null)?) (?:to|on|in) ${TABLE}`,
    ),
    read: ([, column = '', type = '', first = '', value, second = '', table = '']) => ({
      kind: 'add-column',
      table,
      column,
      type,
      notNull: /not null|required/i.test(first + second),
      value,
    }),
  },
  {
    pattern: at(`add ${NAME}\\.${NAME}(?: ${TYPE})??((?: not null| required)?)(?: default (\\S+))?`),
    read: ([, table = '', column = '', type = '', notNull = '', value]) => ({
      kind: 'add-column',
      table,
      column,
      type,
      notNull: notNull !== '',
      value,
    }),
  },
];

/** @param tables  tells a table's name written in the singular; the wish may name one that is not there yet */
export function schemaWishIn(text: string, tables: readonly TableFacts[]): SchemaWish | undefined {
  const plain = text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^(?:please |how (?:do|can|would|should) (?:i|we|you) |i want to |we (?:want|need) to |can you )+/i, '');
  for (const { pattern, read } of READINGS) {
    const found = pattern.exec(plain);
    if (!found) continue;
    const wish = read([...found].map(each => each?.toLowerCase() ?? ''));
    return { ...wish, table: asDeclared(wish.table, tables) };
  }
  return undefined;
}

const asDeclared = (name: string, tables: readonly TableFacts[]): string =>
  tables.find(table => table.name === name)?.name ?? tables.find(table => table.name === `${name}s`)?.name ?? name;

const columnList = (text: string): readonly string[] =>
  text
    .split(/,| and /)
    .map(each => each.trim().replace(/ (?:asc|desc)$/i, ''))
    .filter(each => /^[a-z_][a-z0-9_]*$/i.test(each));
