/** Generators of identifiers: what they give holds letters, digits, dashes and underscores, and nothing that ends a literal. */
import type { LibraryModel } from './vocabulary';

export const uuid = {
  package: 'npm:uuid',
  source: 'https://github.com/uuidjs/uuid#readme',
  escapes: [{ call: ['v1', 'v3', 'v4', 'v5', 'v6', 'v7'], makes: 'literal' }],
  checks: [{ call: 'validate', checks: 0, makes: 'literal' }],
  neutral: ['parse', 'stringify', 'version'],
} as const satisfies LibraryModel;

export const nodeCrypto = {
  package: 'npm:crypto',
  also: ['npm:node:crypto'],
  source: 'https://nodejs.org/api/crypto.html#cryptorandomuuidoptions',
  types: { Hash: {}, Bytes: {} },
  gives: [
    { call: ['createHash', 'default.createHash', 'createHmac', 'default.createHmac'], gives: 'Hash' },
    { call: 'Hash.update', gives: 'receiver' },
    {
      call: ['randomBytes', 'pbkdf2Sync', 'scryptSync'].flatMap(name => [name, `default.${name}`]),
      gives: 'Bytes',
    },
  ],
  escapes: [
    { call: ['Hash.digest', 'Bytes.toString'], makes: 'literal', where: ['hex', 'base64', 'base64url'] },
    { call: ['randomUUID', 'default.randomUUID'], makes: 'literal' },
    { call: ['randomInt', 'default.randomInt'], makes: 'number' },
  ],
  secrets: [
    { call: ['createHmac', 'default.createHmac'], argument: 1, is: 'key', use: 'signs the data' },
    {
      call: ['createCipheriv', 'createDecipheriv', 'default.createCipheriv', 'default.createDecipheriv'],
      argument: 1,
      is: 'key',
      use: 'encrypts the data',
    },
    { call: ['createCipher', 'createDecipher'], argument: 1, is: 'key', use: 'encrypts the data' },
  ],
} as const satisfies LibraryModel;

export const bcrypt = {
  package: 'npm:bcrypt',
  also: ['npm:bcryptjs', 'npm:argon2', 'npm:@node-rs/bcrypt', 'npm:@node-rs/argon2'],
  source: 'https://github.com/kelektiv/node.bcrypt.js#api, https://github.com/ranisalt/node-argon2#usage',
  escapes: [
    {
      call: ['hash', 'hashSync', 'genSalt', 'genSaltSync'].flatMap(name => [name, `default.${name}`]),
      makes: 'literal',
    },
  ],
} as const satisfies LibraryModel;

export const nanoid = {
  package: 'npm:nanoid',
  source: 'https://github.com/ai/nanoid#readme',
  escapes: [{ call: 'nanoid', makes: 'literal' }],
} as const satisfies LibraryModel;
