/**
 * A look at a file's text that says whether it can hold anything that a rule speaks of. Most files cannot, and what is
 * not parsed costs nothing: a pair of SQL keywords alone leaves a tenth of the bytes of ordinary code.
 *
 * It may say yes too often and must never say no to a file with a finding.
 */
import type { LibraryModel, Names } from '../libraries/vocabulary';

export interface Glance {
  /** SQL in sight, or calls that tables know on what comes from a tabled package or from another file. */
  mayHoldFindings(text: string): boolean;
  /** What it exports may be, or be made of, a library's values; so files that import it need it. */
  mayExportLibraryValues(text: string): boolean;
}

const SQL =
  /\b(?:select\b[^;]{1,2000}?\bfrom|insert\s+into|replace\s+into|update\b[^;]{1,400}?\bset|delete\s+from|(?:create|alter|drop)\s+\w+|truncate|with\s+\w+\s+as)\b/i;
const SUPPRESSION = /backend-reviewer-ignore/;
const FOREIGN = /\bimport\b|\brequire\s*\(|\bfrom\s+['"]/;

const escaped = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The members' own names: `query` of `Pool.query`. */
const lastNames = (calls: Names) =>
  (typeof calls === 'string' ? [calls] : calls).map(call => call.slice(call.lastIndexOf('.') + 1));

export function glanceFor(libraries: readonly LibraryModel[]): Glance {
  const calls = new Set<string>();
  const packages = new Set<string>();
  for (const library of libraries) {
    for (const row of [...(library.queries ?? []), ...(library.fragments ?? [])])
      for (const name of lastNames(row.call)) calls.add(name);
    if ((library.queries ?? []).length > 0)
      for (const name of [library.package, ...(library.also ?? [])]) packages.add(name.replace(/^\w+:/, ''));
  }
  const call = new RegExp(
    `(?:^|[.\\s(])(?:${[...calls]
      .filter(name => /^[\w$]+$/.test(name))
      .map(escaped)
      .join('|')})\\s*[(<\`]`,
  );
  const fromPackage = new RegExp(`['"](?:${[...packages].map(escaped).join('|')})(?:/[^'"]*)?['"]`);
  return {
    mayHoldFindings: text => SQL.test(text) || SUPPRESSION.test(text) || (FOREIGN.test(text) && call.test(text)),
    mayExportLibraryValues: text => fromPackage.test(text) || SQL.test(text) || /\bexport\b|\bexports\b/.test(text),
  };
}
