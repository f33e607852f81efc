/** What a text mentions that other files may look for it by, told without parsing it. */
import type { Mentions } from '../frontEnd';

const MENTION =
  /\bnew\s+([\w$.]+)|\bextends\s+([\w$.]+)|\bimplements\s+([^{;]{1,300})|(?:\bfrom|\brequire\s*\(|\bimport\s*\(?)\s*['"]([^'"\n]{1,200})['"]|\bprovide\s*:\s*(?:(['"`])([^'"`\n]{1,100})\5|([\w$.]+)\s*[,}])/g;

/** No table asks for these here. */
const NONE: ReadonlySet<string> = new Set();

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

export function mentionsIn(text: string): Mentions {
  const constructs = new Set<string>();
  const derives = new Set<string>();
  const provides = new Set<string>();
  const imports = new Set<string>();
  for (const [, made, base, interfaces, specifier, , token, name] of text.matchAll(MENTION)) {
    if (made !== undefined) constructs.add(lastOf(made));
    else if (base !== undefined) derives.add(lastOf(base));
    else if (specifier !== undefined) imports.add(specifier);
    else if (token !== undefined) provides.add(token);
    else if (name !== undefined) provides.add(lastOf(name));
    else if (interfaces !== undefined)
      for (const each of interfaces.replace(/<[^<>]*>/g, '').split(',')) derives.add(lastOf(each.trim()));
  }
  return { constructs, derives, declares: NONE, relates: NONE, provides, imports };
}
