/**
 * What the texts of a project's code say of tables without being read: which ones the code makes or declares itself, and
 * which files may still name what migrations have taken away.
 */
import type { FileId } from '../engine/place';
import type { Gone } from '../facts/knownSchema';

export interface SurveyedFile {
  /** Tables that it creates or alters. */
  readonly makes: ReadonlySet<string>;
  /** Tables that a model of its stands for. */
  readonly models: ReadonlySet<string>;
}

const MAKES = [
  /\b(?:create|alter)\s+(?:(?:global|local|temp|temporary|unlogged|foreign|virtual)\s+)*table\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?((?:["'`\\[]*\w+["'`\\\]]*\s*\.\s*)?["'`\\[]*\w+)/gi,
  /\bcreate\s+(?:or\s+replace\s+)?(?:(?:temp|temporary|recursive|materialized)\s+)*view\s+(?:if\s+not\s+exists\s+)?((?:"?\w+"?\.)?"?\w+)/gi,
  /\binto\s+(?:temp|temporary|unlogged)\s+(?:table\s+)?(\w+)/gi,
  /\b(?:createTable|createTableIfNotExists|alterTable|addColumn|dropColumn|hasTable)\(\s*['"`](?:\w+\.)?(\w+)/g,
];
const MODELS = [
  /@(?:Entity|ViewEntity|Table)\(\s*(?:\{[^}]*?\b(?:name|tableName)\s*:\s*)?['"`](\w+)/g,
  /\b(?:tableName|__tablename__|db_table|table_name)\b['"]?\s*[:=]\s*['"`](?:\w+\.)?(\w+)/g,
  /\b(?:pgTable|pgView|pgMaterializedView|define)\(\s*['"`](\w+)/g,
];

/** A cheap look at a text. */
export const surveyOf = (text: string): SurveyedFile => ({
  makes: matched(text, MAKES),
  models: matched(text, MODELS),
});

const matched = (text: string, forms: readonly RegExp[]): ReadonlySet<string> =>
  new Set(
    forms.flatMap(form =>
      [...text.matchAll(form)].map(([, name = '']) => name.replace(/["'`\\[\]\s]/g, '').replace(/^.*\./, '')),
    ),
  );

/** Whether a text may name one of these: by the names of the table and of the column, each as a word. */
export function mentionsGone(gone: readonly Gone[]): (file: FileId, text: string) => boolean {
  if (gone.length === 0) return () => false;
  const words = [...new Set(gone.map(({ column, table }) => column ?? table))];
  const any = new RegExp(`\\b(?:${words.map(escaped).join('|')})\\b`, 'g');
  return (_, text) => {
    const seen = new Set([...text.matchAll(any)].map(([word]) => word));
    if (seen.size === 0) return false;
    return gone.some(({ what, column, table, tableNow }) =>
      what === 'table'
        ? seen.has(table)
        : column !== undefined && seen.has(column) && (text.includes(tableNow ?? table) || text.includes(table)),
    );
  };
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
