/** Names for what a fix declares: the rows that it asks for, one of them, and the map that they are looked up in. */

export interface BatchNames {
  readonly map: string;
  readonly rows: string;
  readonly row: string;
}

/** Names for what the fix declares, after the table and the column, none of which the unit has already. */
export function batchNames(relation: string | undefined, column: string, taken: ReadonlySet<string>): BatchNames {
  const base = camelCase(relation ?? '') || 'row';
  const singular = singularOf(base);
  const plural = pluralOf(singular);
  const used = new Set([...taken, ...RESERVED]);
  const free = (...names: readonly [string, ...string[]]): string => {
    const [first] = names;
    let name = names.find(candidate => !used.has(candidate));
    for (let count = 2; name === undefined; count++) if (!used.has(`${first}${count}`)) name = `${first}${count}`;
    used.add(name);
    return name;
  };
  return {
    map: free(`${plural}By${capitalised(camelCase(column))}`),
    rows: free(plural, `all${capitalised(plural)}`),
    row: free(singular, `${singular}Row`),
  };
}

/** What one of a list is called, where the loop has no name for it: `order` of `this.orders`. */
export function itemName(source: string, taken: ReadonlySet<string>): string {
  const singular = singularOf(source.slice(source.lastIndexOf('.') + 1));
  const names = [singular, `each${capitalised(singular)}`, 'item', 'each'];
  return names.find(name => !taken.has(name) && !RESERVED.includes(name)) ?? 'eachItem';
}

/** Tables are named after things that languages have taken as keywords; `group` is what writers call a group. */
const RESERVED =
  'abstract break case catch class continue default delete do else enum export extends final finally for from func function global go goto group if implements import in instanceof interface is lambda let map namespace new not null object package pass private protected public range return select static super switch this throw trait try type typeof use var void while with yield'.split(
    ' ',
  );

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** `order_line` → `orderLine`, `public.order` → `order` */
const camelCase = (name: string): string => {
  const words = name
    .slice(name.lastIndexOf('.') + 1)
    .split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u)
    .filter(Boolean);
  const joined = words
    .map((word, index) => (index === 0 ? word.toLowerCase() : capitalised(word.toLowerCase())))
    .join('');
  return /^\d/.test(joined) ? '' : joined;
};

const singularOf = (name: string): string => {
  if (/people$/.test(name)) return `${name.slice(0, -6)}person`;
  if (/ies$/.test(name)) return `${name.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(name)) return name.slice(0, -2);
  return /[^su]s$/.test(name) ? name.slice(0, -1) : name;
};

const pluralOf = (name: string): string => {
  if (/person$/.test(name)) return `${name.slice(0, -6)}people`;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|sh|ch|x|z)$/.test(name) ? `${name}es` : `${name}s`;
};
