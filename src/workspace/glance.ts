/**
 * A look at a file's text that says whether it can hold anything that a rule speaks of. Most files cannot, and what is
 * not parsed costs nothing: a pair of SQL keywords alone leaves a tenth of the bytes of ordinary code.
 *
 * It may say yes too often and must never say no to a file with a finding.
 */
import { builtinModules } from 'node:module';
import type { LibraryModel, Names } from '../libraries/vocabulary';

export interface Glance {
  /**
   * SQL in sight, or calls that tables know on what comes from a package or from another file.
   * @param isOwn  whether an import means a file of the project
   * @param manifest  packages of the nearest manifest, `npm:pg`
   */
  mayHoldFindings(text: string, isOwn: (specifier: string) => boolean, manifest: ReadonlySet<string>): boolean;
}

/** A literal that opens with a verb of SQL's and goes on; `"select"` alone is an event or an element. */
const SQL =
  /['"`]\s*(?:--[^\n]*\n\s*|\/\*[^*]*\*\/\s*|\(\s*|explain\s+(?:analyze\s+)?)*(?:(select|insert|replace|update|delete|create|alter|drop|truncate|merge|lock|grant|revoke|refresh|begin|start|commit|rollback)[\s;\\]|(?:with|call)(?:\s|\\[nrt])+(?:recursive\b|['"`+[\\]|--|\/\*|\$\{|%|\{|[^\s'"`]+\s*(?:\(|as\b)))/gi;
/** A whole literal on one line behind its verb, of words alone, which nothing is put to. */
const LABEL = /^\s+[A-Za-z][\w ,/-]*(['"])(?!\s*[+.%])/;
/** What must stand behind the verb in a statement, which is a sentence otherwise. */
const CLAUSES: ReadonlyMap<string, RegExp> = new Map([
  ['Select', /\bfrom\b/i],
  ['Insert', /\b(?:into|or|ignore)\b/i],
  ['Replace', /\binto\b/i],
  ['Merge', /\binto\b/i],
  ['Update', /\bset\b/i],
  ['Delete', /\bfrom\b/i],
  ['Start', /\btransaction\b/i],
  ...['Create', 'Alter', 'Drop'].map(
    verb =>
      [
        verb,
        /\b(?:table|view|index|sequence|schema|type|domain|function|procedure|trigger|extension|policy|database|role|user)\b/i,
      ] as const,
  ),
]);
/** In a text, the clause of a statement whose verb and its clause stand apart. */
const FROM_OR_SET = /['"`][^'"`\n]*\b(?:from|set)\b/i;

/** `'Insert link'` is what a button says: a statement that opens like a sentence has its clause with it, or in a text to come. */
function isLabel(text: string, { 0: opening, 1: verb = '', index }: RegExpMatchArray): boolean {
  const clause = CLAUSES.get(verb);
  if (!clause || opening.startsWith('`')) return false;
  const behind = text.slice((index ?? 0) + opening.lastIndexOf(verb) + verb.length).slice(0, 200);
  const label = LABEL.exec(behind);
  if (!label || label[1] !== opening[0] || clause.test(label[0])) return false;
  return !/^(?:Select|Update)$/.test(verb) || !FROM_OR_SET.test(text);
}

function holdsSql(text: string): boolean {
  for (const match of text.matchAll(SQL)) if (!isLabel(text, match)) return true;
  return false;
}

const SUPPRESSION = /backend-reviewer-ignore/;
/** Field resolvers, which run for every object of a result; what a resolver calls in another file may be a query. */
const RESOLVES = /\b[rR]esolve(?:[A-Z]\w*|rs?)?\b|Resolvers?\b|\b_*args\b[^)]{0,40}\b(?:ctx|context)\b/;
/** Two calls that are waited for: what they call in other files may write, the second what the first returned. */
const WAITS_TWICE = /\bawait\b[\s\S]*?\bawait\b/;
/** Where a failure is caught, or a function is handed over for it: what fails may lie in another file. */
const CATCHES = /\b(?:catch|except)\b|=>\s*\{\s*\}\s*,?\s*\)/;

/** A class or module that gets what it works with from those who make it. */
const IS_GIVEN = /(?<![.\w])constructor\s*\(\s*[{\w@]|\bexports\s*=\s*(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>)/;

/** Asks a container for a service by its name; paths, promises and TinyMCE's own names are asked for in the same word. */
const ASKS_FOR_SERVICE =
  /(?<!\b(?:path|posix|Promise|require|import\.meta|util\.Tools))\.resolve\s*(?:<[^()]{0,80}>\s*)?\(\s*['"]|\.cradle\b/;
/** The same, of services by their names: what they are called with may be a query. */
const IS_GIVEN_SERVICES =
  /(?<![.\w])constructor\s*\(\s*[{\w@]|\b(?:exports(?:\.\w+)?\s*=|export\s+default|export\s+const\s+\w+\s*=)\s*(?:async\s*)?(?:function\b\s*\w*\s*)?\(\s*\{/;

/** How a language writes what is looked for. */
interface Words {
  /** A loop, or a callback for every item: what it calls in another file may be a query. */
  readonly repeats: RegExp;
  readonly ownModule: RegExp;
  /** Exports a function: what a library or another file hands it may be a client. */
  readonly exports: RegExp;
  /** An import of what may be a package or, by an alias or a workspace, a file of the project. */
  readonly namedModule: RegExp;
  /** Whether something comes in that may hand on a client; what is `tabled` does. */
  bringsIn(text: string, tabled: ReadonlySet<string>): boolean;
  /** Whether it may ask another server, by one of these packages or with what the language has. */
  asksOutside(text: string, packages: ReadonlySet<string>): boolean;
}

/** What an import names, where that is written out. */
const IMPORT =
  /\b(?:from|import)\s*(['"])([^'"\s]+)\1|\b(?:require|import)\s*\(\s*(?:(['"`])([^'"`\s]+)\3|(?![?)'"`]))/g;
/** What is imported; nothing for what is not written out. */
function* importedBy(text: string): Generator<string | undefined> {
  for (const [, , named, , required] of text.matchAll(IMPORT)) yield named ?? required;
}

/** Without a table they hand on nothing that a table speaks of: what front-end libraries are bundled with. */
const HANDS_ON_NOTHING = new Set(['jquery', 'promise-polyfill', 'process/browser.js', ...builtinModules]);

const JAVASCRIPT: Words = {
  repeats: /\b(?:for|while)\s*\(|\bfor\s+await\b|\.\s*(?:map|forEach|flatMap|reduce|filter)\s*\(/,
  exports:
    /^\s*export\b|(?:^ {0,4}|[;,}])(?:module\.)?(?:exports\s*=\s*\{\s*[\w.]|exports\.\w+\s*=\s*(?:async\s*)?(?:function\b\s*\w*\s*)?(?:\(\s*[{\w]|[\w$]+\s*=>))/m,
  ownModule: /(?:\bfrom|\brequire\s*\(|\bimport\s*\()\s*['"]\./,
  namedModule: /(?:\bfrom|\brequire\s*\(|\bimport\s*\()\s*['"]([^'".\s][^'"\s]*)['"]/g,
  bringsIn(text, tabled) {
    for (const name of importedBy(text))
      if (name === undefined || !HANDS_ON_NOTHING.has(name) || tabled.has(name)) return true;
    return false;
  },
  asksOutside(text, packages) {
    if (/\bfetch\s*\(/.test(text)) return true;
    for (const name of importedBy(text)) if (name !== undefined && packages.has(name)) return true;
    return false;
  },
};

const PYTHON: Words = {
  repeats: /\bfor\s+[^:\n]+\bin\b|^\s*while\b|\bmap\s*\(/m,
  // whatever a file defines
  exports: /^/,
  ownModule: /^\s*from\s+\./m,
  namedModule: /^\s*(?:from|import)\s+([a-zA-Z_][\w.]*)/gm,
  bringsIn: text => /^\s*(?:from\s+\S+\s+)?import\b/m.test(text),
  asksOutside: () => true,
};

const escaped = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The members' own names: `query` of `Pool.query`. */
const lastNames = (calls: Names) =>
  (typeof calls === 'string' ? [calls] : calls).map(call => call.slice(call.lastIndexOf('.') + 1));

const callOf = (names: readonly string[]): RegExp =>
  new RegExp(
    `(?:^|[.\\s([{!])(?:${names
      .filter(name => /^[\w$]+$/.test(name))
      .map(escaped)
      .join('|')})\\s*[(<\`]`,
  );

const memberCallOf = (names: readonly string[]): RegExp =>
  new RegExp(`\\.\\s*(?:${names.map(escaped).join('|')})\\s*[(<\`]`);

function importsOwn(text: string, named: RegExp, isOwn: (specifier: string) => boolean): boolean {
  for (const [, specifier = ''] of text.matchAll(named)) if (isOwn(specifier)) return true;
  return false;
}

const isPythons = ({ package: name }: LibraryModel): boolean => /^py(?:pi)?:/.test(name);

/** @param language  of the files that are looked at: each has tables and words of its own */
export function glanceFor(all: readonly LibraryModel[], language: 'javascript' | 'python' = 'javascript'): Glance {
  const words = language === 'python' ? PYTHON : JAVASCRIPT;
  const libraries = all.filter(library => isPythons(library) === (language === 'python'));
  const calls = new Set<string>();
  const walked = new Set<string>();
  const tabled = new Set<string>();
  const distinctiveNames = new Set<string>();
  const distinctive: { readonly packages: readonly string[]; readonly on: RegExp }[] = [];
  const secretPackages = new Set<string>();
  const external = new Set<string>();
  const streamed = new Set<string>();
  const writers = new Set<string>();
  for (const library of libraries) {
    const packages = [library.package, ...(library.also ?? [])];
    for (const name of packages) tabled.add(name.replace(/^\w+:/, ''));
    if ((library.secrets ?? []).length > 0)
      for (const name of [library.package, ...(library.also ?? [])]) secretPackages.add(name.replace(/^\w+:/, ''));
    const telling: string[] = [];
    for (const row of [...(library.queries ?? []), ...(library.fragments ?? [])])
      for (const name of lastNames(row.call))
        if (row.distinctive === true) telling.push(name);
        else calls.add(name);
    for (const name of telling) distinctiveNames.add(name);
    if (telling.length > 0) distinctive.push({ packages, on: memberCallOf(telling) });
    // a set of records is asked for by walking it, whatever the call that made it
    for (const { call, gives } of library.gives ?? [])
      if (library.types?.[gives]?.executes === 'iterated') for (const name of lastNames(call ?? [])) walked.add(name);
    for (const { serializer, makes } of library.listings ?? [])
      for (const name of [...serializer, makes]) writers.add(name);
    for (const { many } of library.serializers ?? []) writers.add(`${many}=True`);
    for (const { call, repeats } of library.callbacks ?? [])
      if (repeats?.over === 'piped' || repeats?.over === 'emitted')
        for (const name of lastNames(call)) streamed.add(name);
    for (const row of library.transactions ?? []) for (const name of lastNames(row.call ?? [])) calls.add(name);
    if ((library.external ?? []).length > 0)
      for (const name of [library.package, ...(library.also ?? [])]) external.add(name.replace(/^\w+:/, ''));
    for (const row of [...(library.acquires ?? []), ...(library.connections ?? [])])
      for (const name of [...lastNames(row.call ?? []), ...lastNames(row.construct ?? [])]) calls.add(name);
  }
  const call = callOf([...calls]);
  const walks = callOf([...walked]);
  // a list of records that is written, and asked for by nothing but a name
  const writesRecords = writers.size === 0 ? /(?!)/ : new RegExp(`\\b(?:${[...writers].map(escaped).join('|')})\\b`);
  const distinctiveCall = callOf([...distinctiveNames]);
  const takesSecrets = new RegExp(`['"](?:${[...secretPackages].map(escaped).join('|')})['"]`);
  const fromExternal = new RegExp(
    `\\bfetch\\s*\\(|['"](?:${[...external]
      .filter(name => name !== '')
      .map(escaped)
      .join('|')})['"]`,
  );
  const streams = callOf([...streamed]);
  const bringsIn = (text: string) => words.bringsIn(text, tabled);
  // on what nobody has handed in a method's name tells where the manifest has its library
  const isDistinctive = (text: string, manifest: ReadonlySet<string>) =>
    distinctive.some(({ packages, on }) => packages.some(name => manifest.has(name)) && on.test(text));
  const repeats = (text: string) => words.repeats.test(text) || (streamed.size > 0 && streams.test(text));
  return {
    mayHoldFindings: (text, isOwn, manifest) =>
      holdsSql(text) ||
      SUPPRESSION.test(text) ||
      (distinctiveCall.test(text) &&
        (bringsIn(text) || IS_GIVEN.test(text) || words.exports.test(text) || isDistinctive(text, manifest))) ||
      writesRecords.test(text) ||
      takesSecrets.test(text) ||
      ((bringsIn(text) || IS_GIVEN.test(text)) && call.test(text)) ||
      (walked.size > 0 && repeats(text) && bringsIn(text) && walks.test(text)) ||
      ((repeats(text) || RESOLVES.test(text) || WAITS_TWICE.test(text) || CATCHES.test(text)) &&
        (words.ownModule.test(text) || importsOwn(text, words.namedModule, isOwn))) ||
      (repeats(text) && (IS_GIVEN_SERVICES.test(text) || ASKS_FOR_SERVICE.test(text))) ||
      (CATCHES.test(text) && fromExternal.test(text) && words.asksOutside(text, external)),
  };
}
