/** Tables in words, lines and DBML. */
import type { TableFacts } from './grounding';

/** `orders(id uuid, customer_id uuid → customers, …)`: one line. */
export function tableLine(table: TableFacts): string {
  const columns = table.columns.slice(0, 12).map(({ name, type }) => {
    const key = table.foreignKeys.find(({ columns: own }) => own.length === 1 && own[0] === name);
    return `${name}${type === '' ? '' : ` ${type}`}${key ? ` → ${key.table}` : ''}`;
  });
  return `\`${table.name}\` (${columns.join(', ')}${table.columns.length > 12 ? ', …' : ''})`;
}

/** A Markdown table of the columns. */
export function columnsTable(table: TableFacts): string {
  const rows = table.columns.map(({ name, type, notNull, default: value, filled, comment }) => {
    const key = table.foreignKeys.find(({ columns }) => columns.includes(name));
    const notes = [
      table.primaryKey.includes(name) ? 'primary key' : '',
      table.uniques.some(columns => columns.length === 1 && columns[0] === name) ? 'unique' : '',
      key
        ? `→ ${key.table}(${key.referenced.join(', ')})${key.onDelete === 'no action' ? '' : ` on delete ${key.onDelete}`}`
        : '',
      filled === undefined ? '' : filled === 'counted' ? 'counts up' : 'computed',
      comment ?? '',
    ].filter(note => note !== '');
    return `| ${name} | ${type || '?'} | ${notNull ? 'not null' : ''} | ${cell(value ?? '')} | ${cell(notes.join('; '))} |`;
  });
  return ['| column | type | | default | |', '|---|---|---|---|---|', ...rows].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

/** DBML of a table: https://dbml.dbdiagram.io/docs */
export function dbml(table: TableFacts): string {
  const columns = table.columns.map(({ name, type, notNull, default: value, filled }) => {
    const key = table.foreignKeys.find(({ columns: own }) => own.length === 1 && own[0] === name);
    const settings = [
      table.primaryKey.length === 1 && table.primaryKey[0] === name ? 'pk' : '',
      notNull ? 'not null' : '',
      table.uniques.some(own => own.length === 1 && own[0] === name) ? 'unique' : '',
      filled === 'counted' ? 'increment' : '',
      value === undefined || filled === 'counted' ? '' : `default: \`${value.replaceAll('`', '')}\``,
      key ? `ref: > ${key.table}.${key.referenced[0] ?? 'id'}` : '',
    ].filter(setting => setting !== '');
    const written = /[\s(),]/.test(type) ? `"${type}"` : type || 'text';
    return `  ${name} ${written}${settings.length > 0 ? ` [${settings.join(', ')}]` : ''}`;
  });
  const composite =
    table.primaryKey.length > 1 ? ['', '  indexes {', `    (${table.primaryKey.join(', ')}) [pk]`, '  }'] : [];
  return [`Table ${table.name} {`, ...columns, ...composite, '}'].join('\n');
}
