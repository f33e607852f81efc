/**
 * Triggers of MySQL, MariaDB, SQLite and SQL Server, which hold what they do themselves.
 *
 * Sources: dev.mysql.com/doc/refman/8.4/en/create-trigger.html, sqlite.org/lang_createtrigger.html,
 * learn.microsoft.com/sql/t-sql/statements/create-trigger-transact-sql.
 */
import type { Place } from '../engine/place';
import type { SchemaScript } from './schemaScripts';

export interface WrittenTrigger {
  readonly name: string;
  readonly table: string;
  readonly events: readonly string[];
  /** Names without their quotes, aliases as the tables that they stand for. */
  readonly body: string;
  readonly at: Place;
}

const NAME = String.raw`(?:[\w$]+\.)?([\w$]+)`;

/** `CREATE TRIGGER a AFTER INSERT ON b …`, and T-SQL's `CREATE TRIGGER a ON b AFTER INSERT AS …`. */
const FORMS: readonly RegExp[] = [
  new RegExp(
    String.raw`\btrigger\s+(?:if\s+not\s+exists\s+)?${NAME}\s+(?:before\s+|after\s+|instead\s+of\s+)?(insert|update|delete)\b(?:\s+of\s+[\w$,\s]+?)?\s+on\s+${NAME}()`,
    'i',
  ),
  new RegExp(
    String.raw`\btrigger\s+${NAME}\s+on\s+()${NAME}\s+(?:with\s+[\w\s]+?\s+)?(?:for|after|instead\s+of)\s+((?:insert|update|delete)(?:\s*,\s*(?:insert|update|delete))*)`,
    'i',
  ),
];

/** Those that a script makes and does not drop again. */
export function* triggersWrittenIn({ dialect, statements }: SchemaScript): IterableIterator<WrittenTrigger> {
  if (dialect === 'postgresql') return;
  for (const { sql, at, index } of statements) {
    if (!/^\s*create\b[^;(]*?\btrigger\b/i.test(sql)) continue;
    const text = sql.replace(/["`[\]]/g, '');
    const found = FORMS.map(form => form.exec(text)).find(each => each !== null);
    const [head, name, one, table, more] = found ?? [];
    if (!found || head === undefined || name === undefined || table === undefined) continue;
    const drops = new RegExp(String.raw`^\s*drop\s+trigger\b[^;]*\b${name.replaceAll('$', String.raw`\$`)}\b`, 'i');
    if (statements.some(each => each.index > index && drops.test(each.sql))) continue;
    const events = `${one} ${more}`.toLowerCase().match(/insert|update|delete/g) ?? [];
    yield { name, table, events, body: withTables(text.slice(found.index + head.length)), at };
  }
}

/** T-SQL changes a table by its alias: `UPDATE o SET … FROM orders o`. */
function withTables(body: string): string {
  const aliases = new Map<string, string>();
  for (const [, table = '', alias = ''] of body.matchAll(/\b(?:from|join)\s+([\w.$]+)\s+(?:as\s+)?(\w+)\b/gi))
    aliases.set(alias.toLowerCase(), table);
  return body.replace(
    /\b(update|delete(?:\s+from)?)\s+(\w+)\b/gi,
    (_, verb: string, name: string) => `${verb} ${aliases.get(name.toLowerCase()) ?? name}`,
  );
}
