/**
 * New migrations in JavaScript and TypeScript: in the form of the newest one, whose up says how a direction is written, what it is
 * handed, and what stands around it.
 *
 * What runs outside of a transaction is told as `codeUnwrap.ts` has it.
 */
import type { MigrationTool } from '../../engine/migrationTools';
import { folderOf } from '../contribution';
import { builderOf, type Direction, directionNamed, HANDED } from '../written/javascript';
import { linesOfJavaScript, type Style, styleOf } from '../written/statements';
import type { HistoryEnd, Naming, NewMigration, WriteNew } from './newMigration';

interface Form {
  readonly tool: MigrationTool;
  readonly text: string;
  readonly up: Direction;
  readonly builder: string;
  readonly style: Style;
  /** One step of indentation. */
  readonly unit: string;
  readonly isModule: boolean;
}

export const newInJavaScript: WriteNew = (end, naming, migration) => {
  const form = formOf(end);
  const [, ending = ''] = /(\.\w+)$/.exec(end.newest.file) ?? [];
  // db-migrate has no word for it; nothing that Sequelize runs is in a transaction by itself
  if (!form || (migration.alone && form.tool === 'db-migrate')) return undefined;
  const container = containerOf(form, naming);
  if (!container) return undefined;
  const head = [strictness(form.text), imports(form, container)].filter(each => each !== '').join('\n');
  const parts = [
    ...fieldsOf(form, migration, container),
    ...(['up', 'down'] as const).map(name => directionOf(form, name, migration, container)),
    ...behindThem(form, migration, container),
  ];
  const text = [
    head === '' ? '' : `${head}\n`,
    migration.comments.map(comment => `// ${comment}\n`).join(''),
    container.opens,
    parts.join('\n\n'),
    container.closes,
  ].join('');
  const folder = folderOf(end.newest.file);
  return [{ file: folder === '' ? naming.name + ending : `${folder}/${naming.name}${ending}`, text }];
};

function formOf({ history: { tool }, text }: HistoryEnd): Form | undefined {
  const up = directionNamed(text, 'up');
  const handed = HANDED[tool];
  const builder = up && handed && builderOf(text, up, handed);
  if (!up || builder === undefined) return undefined;
  if (!up.parameters) return undefined;
  const given = text.slice(up.parameters.start, up.parameters.end);
  if (builder !== 'this' && !new RegExp(`\\b${builder}\\b`).test(given)) return undefined;
  // a callback that is called and a promise that is given are one too many
  if (tool === 'db-migrate' && given.includes(',')) return undefined;
  return {
    tool,
    text,
    up,
    builder,
    style: styleOf(text),
    unit: /^(\t| {2,4})\S/m.exec(text)?.[1] ?? '  ',
    isModule: /^(?:export|import)\b/m.test(text),
  };
}

/** What stands around the directions. */
interface Container {
  readonly kind: 'none' | 'object' | 'class';
  readonly opens: string;
  readonly closes: string;
  readonly className?: string;
}

/** Undefined for a form that is not known. */
function containerOf({ text, up, style }: Form, naming: Naming): Container | undefined {
  if (up.stands === 'declared' && exportsOf(text) === undefined) return undefined;
  if (up.stands !== 'member') return { kind: 'none', opens: '', closes: '\n' };
  const [object] = /^(?:module\.exports\s*=|export\s+default)\s*\{[ \t]*$/m.exec(text) ?? [];
  if (object !== undefined)
    return { kind: 'object', opens: `${object.trimEnd()}\n`, closes: `\n}${style.semicolon}\n` };
  const [, before, newest, behind] =
    /^((?:export\s+(?:default\s+)?|module\.exports\s*=\s*)?class\s+)([\w$]+)(\s[^{\n]*\{)/m.exec(text) ?? [];
  const className = newest === undefined ? undefined : classNameFrom(newest, naming);
  if (before === undefined || behind === undefined || className === undefined) return undefined;
  const closes = before.startsWith('module.exports') ? `\n}${style.semicolon}\n` : '\n}\n';
  return { kind: 'class', opens: `${before}${className}${behind}\n`, closes, className };
}

/** How functions that are declared are exported. */
const exportsOf = (text: string): string | undefined =>
  /^(?:module\.exports\s*=|export)\s*\{\s*up,\s*down,?\s*\};?$/m.exec(text)?.[0] ??
  /^(?:module\.)?exports\.up\s*=\s*up;?\n(?:module\.)?exports\.down\s*=\s*down;?$/m.exec(text)?.[0];

/** As the newest one's: TypeORM orders by the digits at its end, MikroORM names the file by it. */
function classNameFrom(newest: string, { version, words, name }: Naming): string | undefined {
  if (/^Migration\d{14}(?:_\w+)?$/.test(newest)) return name;
  if (!/\d{13}$/.test(newest) || !/^\d{13}$/.test(version)) return undefined;
  return `${words.map(word => word.replace(/^./, first => first.toUpperCase())).join('')}${version}`;
}

const strictness = (text: string): string => /^['"]use strict['"];?\n/.exec(text)?.[0] ?? '';

const IMPORT =
  /^import\s+(?<imported>[^'"]*?)\s+from\s+['"][^'"\n]+['"];?$|^(?:const|var)\s+(?<required>[^=\n]+?)\s*=\s*require\([^)\n]*\);?$/gm;

/** The imports of the newest one whose names the new one has in its heads. */
function imports({ text, up }: Form, { opens }: Container): string {
  const namesIn = (written: string): readonly string[] => written.match(/[A-Za-z_$][\w$]*/g) ?? [];
  const used = new Set(namesIn(`${opens} ${text.slice(up.start, up.body.start)}`));
  return [...text.matchAll(IMPORT)]
    .filter(({ groups: { imported, required } = {} }) =>
      namesIn(imported ?? required ?? '').some(name => used.has(name)),
    )
    .map(([written]) => `${written}\n`)
    .join('');
}

/** What a class says of itself before the directions. */
function fieldsOf(
  { tool, text, unit, style: { quote, semicolon } }: Form,
  { alone }: NewMigration,
  { kind, className }: Container,
): readonly string[] {
  if (kind !== 'class') return [];
  const [, words = ''] = /^[ \t]*((?:public |readonly )*)name\s*=/m.exec(text) ?? [];
  const isNamed = tool === 'typeorm' && /^[ \t]*(?:public |readonly )*name\s*=/m.test(text);
  const fields = [
    ...(isNamed ? [`${unit}${words}name = ${quote}${className}${quote}${semicolon}`] : []),
    ...(alone && tool === 'typeorm' ? [`${unit}transaction = false${semicolon}`] : []),
  ].join('\n');
  const override = /^\s*(?:async\s+)?override\b/m.test(text) ? 'override ' : '';
  const says = `${unit}${override}isTransactional() {\n${unit}${unit}return false${semicolon}\n${unit}}`;
  return [...(fields === '' ? [] : [fields]), ...(alone && tool === 'mikro-orm' ? [says] : [])];
}

/** A direction whose head is the newest up's. */
function directionOf(
  { tool, text, up, builder, style, unit }: Form,
  name: 'up' | 'down',
  migration: NewMigration,
  { kind }: Container,
): string {
  // what is gathered needs no waiting for
  const asyncAt = tool === 'node-pg-migrate' ? undefined : up.asyncAt;
  const at = asyncAt ?? up.start;
  const head = [text.slice(up.start, at), asyncAt === undefined ? '' : 'async ', text.slice(at, up.body.start)].join(
    '',
  );
  const isBehindAsync = asyncAt !== undefined && asyncAt <= up.name.start;
  const nameAt = up.name.start - up.start + (isBehindAsync ? 'async '.length : 0);
  const inner = kind === 'none' ? '' : unit;
  const statements = migration[name];
  const lines = [
    ...(migration.alone && tool === 'node-pg-migrate' ? [`${builder}.noTransaction()${style.semicolon}`] : []),
    ...linesOfJavaScript(tool, builder, { comments: [], statements }, style),
  ];
  const body = lines.length === 0 ? '{}' : `{\n${lines.map(line => `${inner}${unit}${line}\n`).join('')}${inner}}`;
  const closes = kind === 'object' ? ',' : text[up.end - 1] === ';' ? ';' : '';
  return `${inner}${head.slice(0, nameAt)}${name}${head.slice(nameAt + 'up'.length)}${body}${closes}`;
}

function behindThem(
  { tool, text, up, unit, isModule, style: { semicolon } }: Form,
  { alone }: NewMigration,
  { kind }: Container,
): readonly string[] {
  const exported = up.stands === 'declared' ? (exportsOf(text) ?? '') : '';
  const left = isModule
    ? 'export const config'
    : /^module\.exports\s*=/m.test(exported)
      ? 'module.exports.config'
      : 'exports.config';
  return [
    ...(exported === '' ? [] : [exported]),
    ...(!alone || tool !== 'knex'
      ? []
      : kind === 'object'
        ? [`${unit}config: { transaction: false },`]
        : [`${left} = { transaction: false }${semicolon}`]),
  ];
}
