/**
 * A password or key that stands in the code.
 *
 * Whoever can read the repository, a copy of it, a build or a stack trace can use it, for as long as it is valid; and it
 * stays in the history when the line is gone. The review never shows it.
 * ## Flags
 * ```ts
 * export const pool = new Pool({ connectionString: 'postgres://app:gT7kw2Lq@db.shop.io:5432/shop' });
 * ```
 * ```ts
 * import jwt from 'jsonwebtoken';
 *
 * export const tokenFor = (user: User) => jwt.sign({ sub: user.id }, 'shhhhh');
 * ```
 * ```ts
 * const settings = { region: 'eu', apiSecret: 'q8Zr4Yw1Lm6Tn3Vx9Kb5Hd2J' };
 * ```
 * ## Stays silent
 * ```ts
 * export const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * ```
 * ```ts
 * export const pool = new Pool({ host: 'localhost', user: 'postgres', password: 'postgres' });
 * ```
 * ```ts
 * const labels = { password: 'Password', apiKey: 'Your API key' };
 * const columns = { password: 'password_hash', token: 'access_token' };
 * ```
 * ## When to leave it
 * A key that is public by design, such as one that a browser needs; a value that only a local server takes. A default
 * for what the environment lacks is information, unless tokens are signed with it.
 */

import { type ProposedFix, suggestion } from '../engine/finding';
import type { Place } from '../engine/place';
import type { Facts, Secret } from '../facts/facts';
import { defineRule } from '../facts/rule';

export const hardcodedSecret = defineRule({
  id: 'hardcoded-secret',
  level: 'error',
  concern: 'security',

  *check({ secrets, pathKind, writer }) {
    for (const secret of secrets) {
      if (isMadeUp(secret, pathKind)) continue;
      // tests come with private keys that they have made for themselves
      const isTests = secret.shown.startsWith('-----') && pathKind === 'test';
      yield {
        at: secret.at,
        loweredBy: loweredBy(secret) + (isTests ? 1 : 0),
        sameLevelInTests: secret.form === 'key' && !secret.shown.startsWith('-----'),
        secret,
        writer,
      };
    }
  },

  explain: ({ secret }) => ({
    what: whatOf(secret),
    why: whyOf(secret),
    remedy:
      secret.form === 'key' || secret.form === 'url'
        ? 'Revoke it, and read the new one from the environment or a secret store.'
        : 'Replace it by a new one that is read from the environment or a secret store.',
    related: [],
    conceal: secret.conceal,
  }),

  fix: ({ secret: { literal, variable }, writer }) => (literal ? fromEnvironment(literal, variable, writer) : []),
});

/** What tests make up: everything but a real key by its form, and a password that nobody types to try something out. */
const isMadeUp = ({ form, strong, local }: Secret, pathKind: Facts['pathKind']): boolean =>
  pathKind !== 'production' && pathKind !== 'script' && form !== 'key' && !(form === 'url' && strong && !local);

/** A name and a random look are weaker evidence; a default, or a server that only a developer reaches, is less at risk. */
const loweredBy = ({ form, fallback, local }: Secret): number =>
  (form === 'named' ? 1 : 0) + (local ? 1 : 0) + (fallback ? (form === 'used-key' || form === 'key' ? 1 : 2) : 0);

function whatOf({ form, label, shown, opens, fallback }: Secret): string {
  const stands = fallback ? 'stands in the code as the default' : 'stands in the code';
  switch (form) {
    case 'key':
      return `${capitalised(label)} ${stands}: \`${shown}\`.`;
    case 'url':
      return `${capitalised(label)} on ${opens} ${stands}: \`${shown}\`.`;
    case 'named':
      return `The value of ${label} ${stands} and looks like a real secret.`;
    case 'used-key':
      return `The key of ${label} ${stands}, and it ${opens}.`;
    case 'used-password':
      return `The password of ${label} ${stands}, and it ${opens}.`;
  }
}

function whyOf({ form, opens, fallback }: Secret): string {
  if (form === 'used-key')
    return fallback
      ? 'Where the variable is missing, anyone who has read the code can make what only the service should make.'
      : 'Anyone who has read the code can make what only the service should make.';
  const what = form === 'key' ? `to ${opens}` : form === 'url' ? `to ${opens}` : 'with it';
  return `Everyone who can read the repository, a copy of it or a build gets in ${what}, and deleting the line does not take it out of the history.`;
}

const capitalised = (label: string): string => label.charAt(0).toUpperCase() + label.slice(1);

function fromEnvironment(literal: Place, variable: string, writer: Facts['writer']): readonly ProposedFix[] {
  const newText = writer.environment?.(variable);
  return newText === undefined ? [] : [suggestion(`Read ${variable} from the environment`, [{ at: literal, newText }])];
}
