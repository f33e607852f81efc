/**
 * SQL files that no migration tool claims: numbered steps in a folder, or the files of a schema. Those of a folder are read
 * in the order of their names, so that what one declares is judged with what the others add to it.
 */
import { posix } from 'node:path';
import { emptyCatalog } from '../catalog/catalog';
import { isUnfollowed } from '../catalog/routineCalls';
import type { Configuration } from '../engine/configuration';
import type { FileId } from '../engine/place';
import { type SchemaScript, schemaScriptOf } from '../facts/schemaScripts';
import { runsOthers, schemaHeadOf } from '../migrations/head';
import { dialectNamed, isOfOtherServer } from '../migrations/history';
import { schemaInSql, type UpScript, upScriptInSql } from '../migrations/upScript';
import { type Dialect, dialectOf, isPlainlyPostgres } from '../sql/dialect';
import { loadPostgresTrees } from '../sql/postgresTree';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { matcherOf } from './globs';
import type { SourceText } from './sources';

export interface PlainScript {
  /** `step` changes what is there; `schema` says how it is to be. */
  readonly kind: 'step' | 'schema';
  readonly script: SchemaScript;
  /** All files that build the schema together, in order. */
  readonly among: readonly { readonly file: FileId; readonly script: SchemaScript }[];
}

export interface PlainSubject {
  readonly file: FileId;
  readonly settings: Configuration<unknown>['migrations'];
  readonly postgresVersion: number;
  /** The project's, which a file's own syntax or name may belie. */
  readonly dialect: Dialect;
}

export interface PlainSchemas {
  /** What a file that belongs to no tool does, among the other files of its folder; undefined where it does nothing. */
  scriptOf(subject: PlainSubject): Promise<PlainScript | undefined>;
  /** A file has another text, is gone, or is new. */
  changed(file: FileId): void;
  /** Which files are migrations, or for which server, may have changed. */
  configurationChanged(): void;
}

export interface PlainSchemasOptions {
  readonly root: AbsolutePath;
  readonly files: FileAccess;
  textOf(file: FileId): Promise<SourceText>;
  /** Whether a tool has the file. */
  isClaimed(file: FileId, text: string): boolean;
}

/** More files than these in one folder are data. */
const MOST_FILES = 1_500;

interface ReadPlain {
  readonly file: FileId;
  readonly text: string;
  readonly kind: PlainScript['kind'];
  readonly script: UpScript;
  readonly dialect: Dialect;
  /** The tables that it creates whatever is there. */
  readonly creates: ReadonlySet<string>;
}

export function plainSchemasOf({ root, files, textOf, isClaimed }: PlainSchemasOptions): PlainSchemas {
  const kept = new Map<string, Promise<ReadonlyMap<FileId, PlainScript>>>();

  async function readFolder(folder: string, subject: PlainSubject): Promise<ReadonlyMap<FileId, PlainScript>> {
    const names = files
      .entries(posix.join(root, folder))
      .filter(({ name, kind }) => kind === 'file' && /\.sql$/i.test(name))
      .map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
    if (names.length > MOST_FILES) return new Map();
    const read: ReadPlain[] = [];
    for (const file of names.sort(byNumbers)) {
      const source = await textOf(file);
      const found =
        'text' in source && !isClaimed(file, source.text) ? readPlain(file, source.text, subject) : undefined;
      if (found) read.push(found);
    }
    const trees = await loadPostgresTrees();
    const scripts = new Map<FileId, PlainScript>();
    for (const [dialect, sequence] of byDialect(asSiblingsSay(read, subject.dialect))) {
      let catalog = emptyCatalog({ complete: false, dialect: dialect === 'postgresql' ? undefined : dialect });
      const done: SchemaScript[] = [];
      const made = sequence.map((each, at) => {
        const script = schemaScriptOf({
          script: inTransaction(each.script, subject.settings.assumeInTransaction),
          trees,
          dialect,
          server: subject.postgresVersion,
          before: catalog,
          earlier: () => done.slice(0, at).flatMap(({ changes }) => changes.map(({ operation }) => operation)),
          isNewest: each.kind === 'schema' || at === sequence.length - 1,
        });
        catalog = script.after;
        done.push(script);
        return { ...each, script };
      });
      const unread = made.flatMap(({ script }, step) =>
        script.changes.flatMap(({ operation, statement }) =>
          isUnfollowed(catalog, operation)
            ? [{ step, text: statement.sql, isStatement: true, runsOthers: runsOthers(operation) }]
            : [],
        ),
      );
      const head = schemaHeadOf(catalog, unread);
      const told = { head, ...(isNumbered(sequence) ? {} : { isOrderGuessed: true }) };
      for (const { file, kind, script } of made)
        scripts.set(file, { kind, script: Object.assign(script, told), among: made });
    }
    return scripts;
  }

  return {
    async scriptOf(subject) {
      const folder = folderOf(subject.file);
      const key = `${subject.postgresVersion} ${subject.dialect} ${folder}`;
      const known = kept.get(key) ?? readFolder(folder, subject);
      kept.set(key, known);
      return (await known).get(subject.file);
    },
    changed(file) {
      if (!/\.sql$/i.test(file)) return;
      for (const key of kept.keys()) if (key.endsWith(` ${folderOf(file)}`)) kept.delete(key);
    },
    configurationChanged: () => kept.clear(),
  };

  function readPlain(file: FileId, text: string, { settings, dialect: projects }: PlainSubject): ReadPlain | undefined {
    if (isOfOtherServer(file)) return undefined;
    const dialect = dialectOf(text, dialectNamed(file) ?? projects);
    const named = settings.folders !== undefined && matcherOf(settings.folders)(posix.join(root, file));
    const step = upScriptInSql(file, text, dialect, named);
    const script = step ?? schemaInSql(file, text);
    return script && { file, text, kind: step ? 'step' : 'schema', script, dialect, creates: created(text) };
  }
}

const folderOf = (file: FileId): string => (file.includes('/') ? posix.dirname(file) : '');

/** What the configuration says of transactions holds. */
const inTransaction = (script: UpScript, assumed: boolean | undefined): UpScript => {
  if (assumed === undefined) return script;
  const { wraps, ...rest } = script;
  return assumed ? { ...rest, wraps: wraps ?? 'several' } : rest;
};

const collator = new Intl.Collator('en', { numeric: true });
const byNumbers = (one: string, other: string): number => collator.compare(one, other);

/** Whether the names say which step comes first: a number or a date behind what they have in common. */
function isNumbered(sequence: readonly ReadPlain[]): boolean {
  const steps = sequence.filter(({ kind }) => kind === 'step');
  const heads = steps.map(({ file }) => /^(\D*)\d/.exec(posix.basename(file))?.[1]);
  return steps.length < 2 || heads.every(head => head !== undefined && head === heads[0]);
}

const created = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/\bcreate\s+(?:unlogged\s+)?table\s+(?!if\b)([\w."`[\]]+)/gi)].map(([, name = '']) =>
      name.replace(/["`[\]]/g, '').toLowerCase(),
    ),
  );

/** What a file's own syntax leaves open, the files beside it tell: where they are all for one server, it is too. */
function asSiblingsSay(read: readonly ReadPlain[], projects: Dialect): readonly ReadPlain[] {
  const told = read.filter(({ file, dialect }) => dialect !== projects && dialectNamed(file) === undefined);
  const [first] = told;
  const isMixed = read.some(({ file, text }) => dialectNamed(file) === 'postgresql' || isPlainlyPostgres(text));
  if (!first || isMixed) return read;
  const counted = told.map(({ dialect }) => told.filter(other => other.dialect === dialect).length);
  const { dialect } = told[counted.indexOf(Math.max(...counted))] ?? first;
  return read.map(each => (each.dialect === projects ? { ...each, dialect } : each));
}

/** The sequences of a folder, each of one server's files. */
function* byDialect(read: readonly ReadPlain[]): IterableIterator<readonly [Dialect, readonly ReadPlain[]]> {
  for (const dialect of new Set(read.map(each => each.dialect)))
    for (const sequence of sequencesOf(read.filter(each => each.dialect === dialect))) yield [dialect, sequence];
}

/** Tables go before the views and functions that build on them. */
const sortedBy = ({ creates }: ReadPlain): number => (creates.size > 0 ? 0 : 1);

/**
 * Files that build one schema together: the parts of it, then the steps. A file that creates a table of another's stands
 * beside that one, as a schema in a second edition.
 */
function sequencesOf(read: readonly ReadPlain[]): readonly (readonly ReadPlain[])[] {
  const sequences: { readonly files: ReadPlain[]; readonly creates: Set<string> }[] = [];
  const add = (own: readonly ReadPlain[]): void => {
    const creates = own.flatMap(each => [...each.creates]);
    const fits = sequences.find(sequence => !creates.some(name => sequence.creates.has(name)));
    const sequence = fits ?? { files: [], creates: new Set<string>() };
    if (!fits) sequences.push(sequence);
    sequence.files.push(...own);
    for (const name of creates) sequence.creates.add(name);
  };
  // what creates tables goes before what builds on them
  const parts = read.filter(({ kind }) => kind === 'schema').sort((one, other) => sortedBy(one) - sortedBy(other));
  for (const part of parts) add([part]);
  const steps = read.filter(({ kind }) => kind === 'step');
  if (steps.length > 0) add(steps);
  return sequences.map(({ files: own }) => own);
}
