/** What stands in front of a handler, or on the class of a body, and lets only some requests through. */
import type { LibraryModel } from './vocabulary';

export const expressValidator = {
  package: 'npm:express-validator',
  also: ['npm:express-validator/check'],
  source: 'https://express-validator.github.io/docs/api/validation-chain',
  types: { Chain: {} },
  gives: [
    { call: 'body', gives: 'Chain of field 0 in body' },
    { call: 'query', gives: 'Chain of field 0 in query' },
    { call: 'param', gives: 'Chain of field 0 in params' },
    { call: 'cookie', gives: 'Chain of field 0 in cookies' },
    { call: 'header', gives: 'Chain of field 0 in headers' },
    { call: 'check', gives: 'Chain of field 0 in any' },
    {
      call: ['isInt', 'isFloat', 'isNumeric', 'isDecimal', 'isPort', 'toInt', 'toFloat'].map(name => `Chain.${name}`),
      gives: 'receiver of number',
    },
    { call: ['Chain.isBoolean', 'Chain.toBoolean'], gives: 'receiver of boolean' },
    {
      call: [
        'isUUID',
        'isULID',
        'isMongoId',
        'isAlpha',
        'isAlphanumeric',
        'isHexadecimal',
        'isISO8601',
        'isRFC3339',
        'isDate',
        'isIP',
        'isMACAddress',
        'isSlug',
        'isJWT',
        'isISO31661Alpha2',
        'isISO4217',
      ].map(name => `Chain.${name}`),
      gives: 'receiver of literal',
    },
    { call: 'Chain.isIn', gives: 'receiver of argument 0' },
    { call: 'Chain.matches', gives: 'receiver of pattern 0' },
    {
      call: [
        'optional',
        'exists',
        'notEmpty',
        'isString',
        'isArray',
        'isLength',
        'isEmail',
        'trim',
        'toLowerCase',
        'toUpperCase',
        'normalizeEmail',
        'escape',
        'default',
        'bail',
        'withMessage',
        'custom',
      ].map(name => `Chain.${name}`),
      gives: 'receiver',
    },
  ],
} as const satisfies LibraryModel;

export const celebrate = {
  package: 'npm:celebrate',
  source: 'https://github.com/arb/celebrate#celebrateschema-joioptions-opts',
  types: { Check: {} },
  gives: [
    { call: ['celebrate', 'default.celebrate'], gives: 'Check of argument 0' },
    { property: 'Joi', gives: 'npm:joi#Joi' },
    { property: 'Segments.QUERY', gives: 'text query' },
    { property: 'Segments.BODY', gives: 'text body' },
    { property: 'Segments.PARAMS', gives: 'text params' },
    { property: 'Segments.HEADERS', gives: 'text headers' },
    { property: 'Segments.COOKIES', gives: 'text cookies' },
  ],
} as const satisfies LibraryModel;

export const classValidator = {
  package: 'npm:class-validator',
  also: ['npm:@nestjs/class-validator'],
  source: 'https://github.com/typestack/class-validator#validation-decorators',
  escapes: [
    {
      call: ['IsInt', 'IsNumber', 'IsPositive', 'IsNegative', 'IsNumberString', 'IsPort', 'IsDecimal'],
      makes: 'number',
    },
    { call: ['IsBoolean', 'IsBooleanString'], makes: 'boolean' },
    {
      call: [
        'IsIn',
        'IsEnum',
        'IsUUID',
        'IsMongoId',
        'IsAlpha',
        'IsAlphanumeric',
        'IsHexadecimal',
        'IsDate',
        'IsDateString',
        'IsISO8601',
        'IsRFC3339',
        'IsIP',
        'IsJWT',
        'IsISO31661Alpha2',
        'IsISO4217CurrencyCode',
      ],
      makes: 'literal',
    },
  ],
} as const satisfies LibraryModel;
