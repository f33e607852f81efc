/** Checks of texts: those that let nothing through that could end a literal or a name. */
import type { LibraryModel } from './vocabulary';

export const validator = {
  package: 'npm:validator',
  source: 'https://github.com/validatorjs/validator.js#validators',
  checks: [
    {
      call: [
        'isUUID',
        'isMongoId',
        'isULID',
        'isAlpha',
        'isAlphanumeric',
        'isHexadecimal',
        'isISO8601',
        'isRFC3339',
        'isDate',
        'isIP',
        'isMACAddress',
        'isBase32',
        'isBase58',
        'isBase64',
        'isJWT',
        'isSlug',
        'isSemVer',
        'isISO31661Alpha2',
        'isISO4217',
      ].flatMap(name => [name, `default.${name}`]),
      checks: 0,
      makes: 'literal',
    },
    {
      call: ['isInt', 'isNumeric', 'isFloat', 'isDecimal', 'isPort', 'isOctal'].flatMap(name => [
        name,
        `default.${name}`,
      ]),
      checks: 0,
      makes: 'number',
    },
    { call: ['isBoolean', 'default.isBoolean'], checks: 0, makes: 'boolean' },
  ],
  escapes: [
    { call: ['toInt', 'toFloat', 'default.toInt', 'default.toFloat'], makes: 'number' },
    { call: ['toBoolean', 'default.toBoolean'], makes: 'boolean' },
  ],
  neutral: [
    'isEmail',
    'default.isEmail',
    'isURL',
    'default.isURL',
    'escape',
    'default.escape',
    'trim',
    'default.trim',
    'normalizeEmail',
    'default.normalizeEmail',
  ],
} as const satisfies LibraryModel;
