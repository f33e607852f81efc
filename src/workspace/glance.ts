/**
 * A look at a file's text that says whether it can hold anything that a rule speaks of. Most files cannot, and what is
 * not parsed costs nothing: a pair of SQL keywords alone leaves a tenth of the bytes of ordinary code.
 *
 * It may say yes too often and must never say no to a file with a finding.
 */
import type { LibraryModel, Names } from '../libraries/vocabulary';

export interface Glance {
  /**
   * SQL in sight, or calls that tables know on what comes from a tabled package or from another file.
   * @param isOwn  whether an import means a file of the project
   */
  mayHoldFindings(text: string, isOwn: (specifier: string) => boolean): boolean;
}

/** A literal that opens with a verb of SQL's and goes on; `"select"` alone is an event or an element. */
const SQL =
  /['"`]\s*(?:--[^\n]*\n\s*|\/\*[^*]*\*\/\s*|\(\s*|explain\s+(?:analyze\s+)?)*(?:select|insert|replace|update|delete|create|alter|drop|truncate|with|merge|call|lock|grant|revoke|refresh|begin|start|commit|rollback)[\s;\\]/i;
const SUPPRESSION = /backend-reviewer-ignore/;
/** Field resolvers, which run for every object of a result; what a resolver calls in another file may be a query. */
const RESOLVES = /\b[rR]esolve(?:[A-Z]\w*|rs?)?\b|Resolvers?\b|\b_*args\b[^)]{0,40}\b(?:ctx|context)\b/;
/** Two calls that are waited for: what they call in other files may write, the second what the first returned. */
const WAITS_TWICE = /\bawait\b[\s\S]*?\bawait\b/;
/** Where a failure is caught, or a function is handed over for it: what fails may lie in another file. */
const CATCHES = /\b(?:catch|except)\b|=>\s*\{\s*\}\s*,?\s*\)/;

/** A class or module that gets what it works with from those who make it. */
const IS_GIVEN = /\bconstructor\s*\(\s*[{\w@]|\bexports\s*=\s*(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>)/;

/** Asks a container for a service by its name. */
const ASKS_FOR_SERVICE = /\.resolve\s*(?:<[^()]{0,80}>\s*)?\(\s*['"]|\.cradle\b/;
/** The same, of services by their names: what they are called with may be a query. */
const IS_GIVEN_SERVICES =
  /\bconstructor\s*\(\s*[{\w@]|\b(?:exports(?:\.\w+)?\s*=|export\s+default|export\s+const\s+\w+\s*=)\s*(?:async\s*)?(?:function\b\s*\w*\s*)?\(\s*\{/;

/** How a language writes what is looked for. */
interface Words {
  /** A loop, or a callback for every item: what it calls in another file may be a query. */
  readonly repeats: RegExp;
  readonly ownModule: RegExp;
  /** An import of what may be a package or, by an alias or a workspace, a file of the project. */
  readonly namedModule: RegExp;
  readonly foreign: RegExp;
}

const JAVASCRIPT: Words = {
  repeats: /\b(?:for|while)\s*\(|\bfor\s+await\b|\.\s*(?:map|forEach|flatMap|reduce|filter)\s*\(/,
  ownModule: /(?:\bfrom|\brequire\s*\(|\bimport\s*\()\s*['"]\./,
  namedModule: /(?:\bfrom|\brequire\s*\(|\bimport\s*\()\s*['"]([^'".\s][^'"\s]*)['"]/g,
  foreign: /\bimport\b|\brequire\s*\(|\bfrom\s+['"]/,
};

const PYTHON: Words = {
  repeats: /\bfor\s+[^:\n]+\bin\b|^\s*while\b|\bmap\s*\(/m,
  ownModule: /^\s*from\s+\./m,
  namedModule: /^\s*(?:from|import)\s+([a-zA-Z_][\w.]*)/gm,
  foreign: /^\s*(?:from\s+\S+\s+)?import\b/m,
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
  const distinctive = new Set<string>();
  const secretPackages = new Set<string>();
  const external = new Set<string>();
  const streamed = new Set<string>();
  const writers = new Set<string>();
  for (const library of libraries) {
    if ((library.secrets ?? []).length > 0)
      for (const name of [library.package, ...(library.also ?? [])]) secretPackages.add(name.replace(/^\w+:/, ''));
    for (const row of [...(library.queries ?? []), ...(library.fragments ?? [])])
      for (const name of lastNames(row.call)) (row.distinctive === true ? distinctive : calls).add(name);
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
  const distinctiveCall = callOf([...distinctive]);
  const takesSecrets = new RegExp(`['"](?:${[...secretPackages].map(escaped).join('|')})['"]`);
  const fromExternal = new RegExp(
    `\\bfetch\\s*\\(|['"](?:${[...external]
      .filter(name => name !== '')
      .map(escaped)
      .join('|')})['"]`,
  );
  const streams = callOf([...streamed]);
  const repeats = (text: string) => words.repeats.test(text) || (streamed.size > 0 && streams.test(text));
  return {
    mayHoldFindings: (text, isOwn) =>
      SQL.test(text) ||
      SUPPRESSION.test(text) ||
      distinctiveCall.test(text) ||
      writesRecords.test(text) ||
      takesSecrets.test(text) ||
      ((words.foreign.test(text) || IS_GIVEN.test(text)) && call.test(text)) ||
      (walked.size > 0 && repeats(text) && words.foreign.test(text) && walks.test(text)) ||
      ((repeats(text) || RESOLVES.test(text) || WAITS_TWICE.test(text) || CATCHES.test(text)) &&
        (words.ownModule.test(text) || importsOwn(text, words.namedModule, isOwn))) ||
      (repeats(text) && (IS_GIVEN_SERVICES.test(text) || ASKS_FOR_SERVICE.test(text))) ||
      (CATCHES.test(text) && fromExternal.test(text)),
  };
}
