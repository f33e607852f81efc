/** What a text of Python mentions that other files may look for it by, told without parsing it. */
import type { Mentions } from '../frontEnd';

/** A class with what it extends, or the first argument of the call that a field of one is declared with. */
const CLASS = /^[ \t]*class[ \t]+(\w+)[ \t]*(?:\(([^)]{0,400})\))?/gm;
const FIELD =
  /^[ \t]+\w+[ \t]*(?::[^=\n]{1,200})?=\s*[\w.]*\(\s*(?:\w+\s*=\s*)?(?:lambda\s*:\s*)?['"]?(?:[\w.]*\.)?([A-Z]\w*)['"]?\s*[,)]/gm;
const IMPORT = /^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]{0,4000}\)|[^\n#]*)|import[ \t]+([\w., \t]+))/gm;

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

export function mentionsIn(text: string): Mentions {
  const declares = new Set<string>();
  const derives = new Set<string>();
  const relates = new Set<string>();
  const imports = new Set<string>();
  for (const [, name = '', bases = ''] of text.matchAll(CLASS)) {
    declares.add(name);
    for (const base of bases.split(',')) if (/^[\s\w.]+$/.test(base)) derives.add(lastOf(base.trim()));
  }
  for (const [, name = ''] of text.matchAll(FIELD)) relates.add(name);
  for (const [, from, names = '', modules = ''] of text.matchAll(IMPORT)) {
    if (from === undefined) for (const each of modules.split(',')) imports.add(each.trim().split(/\s/)[0] ?? '');
    else {
      imports.add(from);
      // what is imported from a package may be a module in it
      for (const [name] of names.replace(/\bas\s+\w+/g, '').matchAll(/\w+/g))
        imports.add(from.endsWith('.') ? `${from}${name}` : `${from}.${name}`);
    }
  }
  return { constructs: new Set(), declares, derives, relates, provides: new Set(), imports };
}
