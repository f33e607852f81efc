/**
 * What the texts of a project's code say of tables without being read: which ones the code makes or declares itself, and
 * which files may still name what migrations have taken away.
 */
import type { Gone } from '../facts/knownSchema';
import type { ClientModel } from '../facts/prismaModels';

export interface SurveyedFile {
  /** Tables that it creates or alters. */
  readonly makes: ReadonlySet<string>;
  /** Tables that it makes indexes on. */
  readonly indexes: ReadonlySet<string>;
  /** Tables that a model of its stands for. */
  readonly models: ReadonlySet<string>;
  /** What stands in it where a statement names a table. */
  readonly asks: ReadonlySet<string>;
}

const MAKES = [
  /\b(?:create|alter)\s+(?:(?:global|local|temp|temporary|unlogged|foreign|virtual)\s+)*table\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?((?:["'`\\[]*\w+["'`\\\]]*\s*\.\s*)?["'`\\[]*\w+)/gi,
  /\bcreate\s+(?:or\s+replace\s+)?(?:(?:temp|temporary|recursive|materialized)\s+)*view\s+(?:if\s+not\s+exists\s+)?((?:"?\w+"?\.)?"?\w+)/gi,
  /\binto\s+(?:temp|temporary|unlogged)\s+(?:table\s+)?(\w+)/gi,
  /\b(?:createTable|createTableIfNotExists|alterTable|addColumn|dropColumn|hasTable)\(\s*['"`](?:\w+\.)?(\w+)/g,
];
const INDEXES = [
  /\bcreate\s+(?:unique\s+)?index\b[^;]{0,160}?\bon\s+(?:only\s+)?((?:["'`\\]*\w+["'`\\]*\s*\.\s*)?["'`\\]*\w+)/gi,
];
const MODELS = [
  /@(?:Entity|ViewEntity|Table)\(\s*(?:\{[^}]*?\b(?:name|tableName)\s*:\s*)?['"`](\w+)/g,
  /\b(?:tableName|__tablename__|db_table|table_name)\b['"]?\s*[:=]\s*['"`](?:\w+\.)?(\w+)/g,
  /\b(?:(?:pg|mysql|sqlite|singlestore)(?:Table|View)|pgMaterializedView|define)\(\s*['"`](\w+)/g,
];

const ASKS = [
  /\bselect\s[^;]{0,400}?\sfrom\s+((?:"?\w+"?\.)?"?\w+\b)"?(?!\s*[(.])/gi,
  /\b(?:insert\s+into|delete\s+from)\s+((?:"?\w+"?\.)?"?\w+\b)"?(?!\s*\.)/gi,
  /\bupdate\s+(?:only\s+)?((?:"?\w+"?\.)?"?\w+)"?\s+(?:(?:as\s+)?\w+\s+)?set\s/gi,
  /\bjoin\s+((?:"?\w+"?\.)?"?\w+)"?\s+(?:(?:as\s+)?\w+\s+)?(?:on|using)\b/gi,
];
/** Names that a statement gives to its own parts, and words of English that stand where a table would. */
const NO_TABLES = [
  /(?:\bwith\s+(?:recursive\s+)?|\)\s*,\s*)(\w+)\s*(?:\([^)]*\)\s*)?as\s+(?:not\s+)?(?:materialized\s+)?\(/gi,
];
const ENGLISH = new Set([
  'the',
  'a',
  'an',
  'this',
  'that',
  'these',
  'those',
  'its',
  'their',
  'our',
  'your',
  'all',
  'each',
  'one',
]);

/** A cheap look at a text. */
export function surveyOf(text: string): SurveyedFile {
  const own = matched(text, NO_TABLES);
  const asks = [...matched(text, ASKS)].filter(name => !own.has(name) && !ENGLISH.has(name.toLowerCase()));
  return {
    makes: matched(text, MAKES),
    indexes: matched(text, INDEXES),
    models: matched(text, MODELS),
    asks: new Set(asks),
  };
}

const matched = (text: string, forms: readonly RegExp[]): ReadonlySet<string> =>
  new Set(
    forms.flatMap(form =>
      [...text.matchAll(form)].map(([, name = '']) => name.replace(/["'`\\[\]\s]/g, '').replace(/^.*\./, '')),
    ),
  );

/** The ways in which models spell it: `coupon_code` as `couponCode`, `customer_id` as `customer`. */
const columnWords = (column: string): readonly string[] => [column, camelCase(column), column.replace(/_?id$/i, '')];

/** `order_lines` as `OrderLine`. */
function tableWords(table: string): readonly string[] {
  const singular = singularOf(table);
  return [table, singular, pascalCase(singular), pascalCase(table), camelCase(singular)];
}

/** What a class may be called whose table has the name of a folder before its own: `orderline` of `shop_orderline`. */
const classWords = (table: string): readonly string[] =>
  [...table.matchAll(/_/g)].map(({ index }) => table.slice(index + 1).toLowerCase()).filter(word => word !== '');

const CLASSES = /\bclass\s+(\w+)/g;

const camelCase = (name: string): string => name.replace(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
const pascalCase = (name: string): string => camelCase(`_${name}`);
const singularOf = (name: string): string =>
  name
    .replace(/ies$/, 'y')
    .replace(/(s|x|z|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1');

/** A model may have its values from another file. */
const ENUMERATES = /\b(?:enum|Enum|ENUM|choices|items)\b/;

/** Rows come with all columns that there are. */
const STAR = /\b(?:select|returning)\s+(?:\w+\.)?\*/i;

/** The words by which a text may speak of something that is gone. */
export interface GoneWords {
  readonly tables: readonly string[];
  /** In lower case. */
  readonly classes: readonly string[];
  /** Absent where all of a table is gone. */
  readonly columns?: readonly string[];
  /** Of an enum. */
  readonly label?: string;
}

export function goneWords(gone: readonly Gone[], clients: ReadonlyMap<string, ClientModel>): readonly GoneWords[] {
  return gone.map(({ column, label, table, tableNow = table }) => {
    const own = [...clients].filter(([, client]) => client.table === table || client.table === tableNow);
    const fields = own.flatMap(([, { columns }]) =>
      [...columns].flatMap(([name, is]) => (is === column ? [name] : [])),
    );
    return {
      classes: [...new Set([...classWords(table), ...classWords(tableNow)])],
      tables: [...new Set([...tableWords(table), ...tableWords(tableNow), ...own.map(([name]) => name)])],
      ...(column === undefined ? {} : { columns: [...columnWords(column).filter(word => word !== ''), ...fields] }),
      ...(label === undefined ? {} : { label }),
    };
  });
}

/**
 * Whether a text may name one of these: by words for the table and for the column. Where all columns of a table are asked for,
 * or declared, those that are gone may be named in another file.
 */
export function mentionsGone(gone: readonly GoneWords[]): (text: string, models: ReadonlySet<string>) => boolean {
  if (gone.length === 0) return () => false;
  const words = [...new Set(gone.flatMap(({ tables, columns = [] }) => [...tables, ...columns]))];
  const any = new RegExp(`\\b(?:${words.map(escaped).join('|')})\\b`, 'g');
  return (text, models) => {
    const seen = new Set([...text.matchAll(any)].map(([word]) => word));
    const declared = new Set([...text.matchAll(CLASSES)].map(([, name = '']) => name.toLowerCase()));
    if (seen.size === 0 && declared.size === 0) return false;
    return gone.some(
      ({ tables, classes, columns, label }) =>
        (tables.some(table => seen.has(table)) || classes.some(name => declared.has(name))) &&
        (label === undefined || text.includes(label) || ENUMERATES.test(text)) &&
        (!columns ||
          columns.some(column => seen.has(column)) ||
          tables.some(table => models.has(table)) ||
          STAR.test(text)),
    );
  };
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
