/**
 * Extensions that a history takes for granted: it uses what they bring and never creates them. Someone else has, before its
 * first step: whoever set the database up, or the tool (TypeORM installs uuid-ossp when it connects).
 *
 * Sources: https://www.postgresql.org/docs/current/contrib.html,
 * https://typeorm.io/docs/drivers/postgres (`installExtensions`, `uuidExtension`)
 */
import { extensionsIn, type LabScript } from './database';

const BRING: readonly (readonly [extension: string, uses: RegExp])[] = [
  ['uuid-ossp', /\buuid_(?:generate_v[1345](?:mc)?|nil|ns_(?:dns|url|oid|x500))\s*\(/i],
  ['pgcrypto', /\b(?:gen_salt|crypt|gen_random_bytes|pgp_(?:sym|pub)_(?:en|de)crypt)\s*\(/i],
  ['citext', /\bcitext\b/i],
  ['hstore', /\bhstore\b/i],
  ['ltree', /\bl(?:tree|query)\b/i],
  ['pg_trgm', /\b(?:gin|gist)_trgm_ops\b|\b(?:word_)?similarity\s*\(/i],
  ['unaccent', /\bunaccent\s*\(/i],
  ['earthdistance', /\b(?:ll_to_earth|earth_distance|earth_box)\s*\(/i],
];

/** @returns their names, each behind those that it needs */
export function assumedExtensions(scripts: readonly LabScript[]): readonly string[] {
  const created = new Set(extensionsIn(scripts));
  const isThere = (form: RegExp): boolean =>
    scripts.some(({ statements }) => statements.some(({ sql }) => form.test(sql)));
  /** A function by its name is the history's own. */
  const isOwn = ({ source }: RegExp): boolean =>
    isThere(new RegExp(`\\bfunction\\s+(?:[\\w"]+\\.)?"?(?:${source})`, 'i'));
  return BRING.flatMap(([extension, uses]) => {
    if (created.has(extension) || !isThere(uses) || isOwn(uses)) return [];
    return extension === 'earthdistance' && !created.has('cube') ? ['cube', extension] : [extension];
  });
}
