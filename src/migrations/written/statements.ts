/** The statements of a way back as lines of a function in JavaScript or Python: a builder's call, else the SQL itself. */
import type { MigrationTool } from '../../engine/migrationTools';
import { builderCall } from './builderCalls';
import { plainChangeOf } from './plainChange';

/** A way back before it has a form: what is to be said of it, and its statements, each with its semicolon. */
export interface DownText {
  readonly comments: readonly string[];
  readonly statements: readonly string[];
}

/** How a file is written. */
export interface Style {
  readonly quote: "'" | '"';
  readonly semicolon: ';' | '';
}

/** As its imports have it, whose texts hold no quotes; else as most of a file. */
export function styleOf(text: string): Style {
  const plain = text.replaceAll('"""', '');
  const [, imported] = /(?:\bfrom |\brequire\()(['"])/.exec(text) ?? [];
  const count = (character: string): number => plain.split(character).length;
  const quote = imported ?? (count('"') > count("'") ? '"' : "'");
  return { quote: quote === '"' ? '"' : "'", semicolon: /;\s*$/m.test(text) ? ';' : '' };
}

/** A call whose literals hold no quotes, in the file's own. */
const inQuotes = (call: string, { quote }: Style): string => (call.includes('"') ? call : call.replaceAll("'", quote));

/** By what each tool sends SQL as it stands. */
const RAW: Readonly<Partial<Record<MigrationTool, string>>> = {
  knex: 'raw',
  sequelize: 'sequelize.query',
  typeorm: 'query',
  'node-pg-migrate': 'sql',
  'db-migrate': 'runSql',
  'mikro-orm': 'addSql',
  payload: 'execute',
};

/**
 * Lines to be indented as they are; one that goes on inside a literal holds its breaks.
 * @param builder what the tool hands over: `knex`, `queryRunner`
 */
export function linesOfJavaScript(
  tool: MigrationTool,
  builder: string,
  { comments, statements }: DownText,
  style: Style,
): readonly string[] {
  // two gather what they are told, all others are waited for
  const wait = tool === 'node-pg-migrate' || tool === 'mikro-orm' ? '' : 'await ';
  const calls = statements.flatMap(statement => {
    const call = builderCall(tool, plainChangeOf(statement), builder);
    if (call !== undefined) return inQuotes(`${wait}${call};`, style).replace(/;$/gm, style.semicolon).split('\n');
    const sql = statement.replace(/;$/, '');
    const text =
      tool === 'payload' ? `sql${template(sql)}` : textInJavaScript(tool === 'knex' ? forKnex(sql) : sql, style);
    return `${wait}${builder}.${RAW[tool]}(${text})${style.semicolon}`;
  });
  return [...comments.map(comment => `// ${comment}`), ...calls];
}

/** To Knex a question mark is a place for a value, inside literals too. */
const forKnex = (sql: string): string => sql.replaceAll('?', '\\?');

function textInJavaScript(text: string, { quote }: Style): string {
  if (!/[\\\n]/.test(text) && !text.includes(quote)) return quote + text + quote;
  return template(text);
}

function template(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
  return `\`${escaped}\``;
}

/** @param hasSqlalchemy whether the file knows `sa` */
export function linesOfPython(
  { comments, statements }: DownText,
  style: Style,
  hasSqlalchemy: boolean,
): readonly string[] {
  const calls = statements.map(statement => {
    const call = builderCall('alembic', plainChangeOf(statement), 'op');
    if (call !== undefined && (hasSqlalchemy || !call.includes('sa.'))) return inQuotes(call, style);
    return `op.execute(${textInPython(statement.replace(/;$/, ''))})`;
  });
  return [...comments.map(comment => `# ${comment}`), ...calls];
}

function textInPython(text: string): string {
  // Alembic takes a colon before a word for a parameter
  const escaped = text.replaceAll('\\', '\\\\').replace(/(?<!:):(?=[A-Za-z_])/g, '\\\\:');
  if (!/["\n]/.test(text)) return `"${escaped}"`;
  if (!/['\n]/.test(text)) return `'${escaped}'`;
  const last = escaped.endsWith('"') ? `${escaped.slice(0, -1)}\\"` : escaped;
  return `"""${last.replaceAll('"""', '\\"\\"\\"')}"""`;
}
