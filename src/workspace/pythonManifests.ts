/** What a Python project depends on, from the files that say it. Read for names alone: no file of the project is run. */

/** Files in a folder that say what is installed. */
export const PYTHON_MANIFESTS: readonly string[] = [
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
  'Pipfile',
  'requirements.txt',
  'requirements.in',
  'requirements/base.txt',
  'requirements/common.txt',
  'requirements/main.txt',
  'requirements/prod.txt',
  'requirements/production.txt',
];

export const isPythonManifest = (path: string): boolean =>
  PYTHON_MANIFESTS.some(name => path === name || path.endsWith(`/${name}`));

/**
 * Packages by the name that they are installed by, in lower case and with `-` for `_` and `.`, with the range asked for.
 * @param name  of the file, as in `PYTHON_MANIFESTS`
 */
export function pythonDependencies(name: string, text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const requirement of requirementsIn(name, text)) {
    const parts = REQUIREMENT.exec(requirement.trim());
    if (parts) found.set(normalised(parts[1] ?? ''), (parts[2] ?? '').trim());
  }
  return found;
}

/** `Django[argon2] >= 4.2, < 5 ; python_version > "3.8"` */
const REQUIREMENT = /^([A-Za-z0-9][\w.-]*)(?:\s*\[[^\]]*\])?\s*([^;#]*)/;

const normalised = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

function requirementsIn(name: string, text: string): readonly string[] {
  if (name.endsWith('.txt') || name.endsWith('.in')) return text.split('\n').filter(line => !/^\s*[-#]/.test(line));
  switch (name) {
    case 'pyproject.toml':
      return [...quotedIn(text, TOML_LISTS), ...keysIn(text, TOML_TABLES)];
    case 'Pipfile':
      return keysIn(text, /^(?:dev-)?packages$/);
    case 'setup.cfg':
      return indentedIn(text, /^(?:install_requires|requires)\s*=/);
    default:
      return quotedIn(text, /\b(?:install_requires|extras_require|requires)\s*=\s*/g);
  }
}

/** `dependencies = [ … ]`, and the lists by extra of `[project.optional-dependencies]` and `[dependency-groups]`. */
const TOML_LISTS = /^\s*(?:dependencies|[\w-]+)\s*=\s*(?=\[)/gm;
const TOML_TABLES = /^tool\.poetry\.(?:group\.[\w-]+\.)?(?:dev-)?dependencies$/;

/** Texts in the bracket that opens right behind what matches. */
function quotedIn(text: string, before: RegExp): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(before)) {
    const start = match.index + match[0].length;
    const open = text.charAt(start);
    const close = open === '[' ? ']' : open === '{' ? '}' : undefined;
    if (close === undefined) continue;
    const inside = text.slice(start, endOf(text, start, open, close));
    for (const [, single, double] of inside.matchAll(/'([^'\n]*)'|"([^"\n]*)"/g)) found.push(single ?? double ?? '');
  }
  return found;
}

/** Where the bracket ends; one inside a text does not count. */
function endOf(text: string, start: number, open: string, close: string): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") {
      const end = text.indexOf(character, at + 1);
      if (end < 0) return text.length;
      at = end;
    } else if (character === open) depth++;
    else if (character === close && --depth === 0) return at;
  }
  return text.length;
}

/** `name = "range"` in TOML tables of these names. */
function keysIn(text: string, tables: RegExp): string[] {
  const found: string[] = [];
  let isInside = false;
  for (const line of text.split('\n')) {
    const table = /^\s*\[+([^\]]+)\]+/.exec(line)?.[1];
    if (table !== undefined) isInside = tables.test(table.trim());
    const entry = isInside ? /^\s*["']?([\w.-]+)["']?\s*=\s*(?:["']([^"']*)["'])?/.exec(line) : undefined;
    if (entry && entry[1] !== 'python') found.push(`${entry[1]} ${entry[2] ?? ''}`);
  }
  return found;
}

/** The indented lines below a key of an INI file. */
function indentedIn(text: string, key: RegExp): string[] {
  const found: string[] = [];
  let isInside = false;
  for (const line of text.split('\n')) {
    if (key.test(line)) {
      isInside = true;
      found.push(line.slice(line.indexOf('=') + 1));
    } else if (isInside && /^\s+\S/.test(line)) found.push(line);
    else isInside = false;
  }
  return found;
}
