/** What the table of a model, and the column of a member, may be called where nobody says it: the ways that ORMs have. */

/** `couponCode` → `coupon_code`. */
const snakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();

const pluralOf = (name: string): string =>
  /[^aeiou]y$/i.test(name) ? `${name.slice(0, -1)}ies` : /(?:s|x|z|ch|sh)$/i.test(name) ? `${name}es` : `${name}s`;

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** @param folder  what comes before the name in some: `shop` of `shop_order` */
export function tablesFor(model: string, folder?: string): readonly string[] {
  const spelt = unique([model, snakeCase(model), model.toLowerCase()]);
  const plain = unique([...spelt, ...spelt.map(pluralOf)]);
  return folder === undefined ? plain : [`${folder}_${model.toLowerCase()}`];
}

export const columnsFor = (member: string, isReference: boolean): readonly string[] =>
  unique(
    isReference ? [`${snakeCase(member)}_id`, `${member}Id`, member, snakeCase(member)] : [member, snakeCase(member)],
  );
