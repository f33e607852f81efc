/** Tables that stay small by what they hold, told by their names. */

export const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);

const REFERENCE =
  /^(?:countr(?:y|ies)|currenc(?:y|ies)|languages?|locales?|timezones?|zones?|regions?|states?|provinces?|cit(?:y|ies)|units?|colou?rs?|sizes?|roles?|permissions?|privileges?|scopes?|plans?|tiers?|settings?|config|configs|configurations?|options?|preferences?|features?|flags?|toggles?|environments?|envs?|categor(?:y|ies)|types?|kinds?|status|statuses|priorit(?:y|ies)|levels?|stages?|departments?|genres?|warehouses?|stores?|branches|offices?|menus?|navigation|themes?|templates?|strateg(?:y|ies)|segments?|providers?|integrations?|plugins?|extensions?|modules?|addons?|webhooks?|policies|policy|rules?|rates?|taxes|tax|carriers?|constants?|enums?|lookups?|dictionar(?:y|ies)|migrations?|versions?|metadata|meta|schemas?|fields?|columns?|collections?|relations?|tenants?|workspaces?|apps?|applications?|clusters?|nodes?|servers?|instances?|queues?|schedules?|crons?|singletons?|dashboards?|panels?|folders?|presets?|translations?|flows?|channels?|banners?|sections?|pages?)$/;

/** `countries`, `order_states`, `user_roles`. */
export const isSmallByName = (table: string): boolean => REFERENCE.test(wordsOf(table).at(-1) ?? '');

/** What programs and their administrators define one by one, whatever stands before it: `order_types`, `tax_currencies`. */
const DEFINITIONS = /^(?:\w*types?|kinds|countr(?:y|ies)|currenc(?:y|ies)|languages|locales|timezones|provinces)$/;

/** So they do these; but a word before it may say who has them: `user_roles`, `product_categories`, `feature_environments`. */
const DEFINITIONS_ALONE =
  /^(?:categories|priorities|genres|departments|tiers|environments|roles|permissions|privileges)$/;

/** A table of definitions by its name: `roles`, `tag_types`. Its rows are counted in dozens, in every installation. */
export function isDefinedByPeople(table: string): boolean {
  const words = wordsOf(table).filter(Boolean);
  return DEFINITIONS.test(words.at(-1) ?? '') || (words.length === 1 && DEFINITIONS_ALONE.test(words[0] ?? ''));
}
