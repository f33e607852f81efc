/** Validators that describe data by schemas: which of it is a number, and which is one of a few texts. */
import type { LibraryModel } from './vocabulary';

/** The export itself, as a member of the default export, and as one of `z`. */
const everyForm = (names: readonly string[], roots: readonly string[]): readonly string[] =>
  names.flatMap(name => roots.map(root => (root === '' ? name : `${root}.${name}`)));

const ZOD = ['', 'z', 'default'] as const;
const JOI = ['', 'default', 'Joi'] as const;

export const zod = {
  package: 'npm:zod',
  also: ['npm:zod/v3', 'npm:zod/v4'],
  source: 'https://zod.dev/api',
  types: { Schema: {} },
  gives: [
    {
      call: everyForm(['number', 'int', 'int32', 'bigint', 'nan', 'coerce.number', 'coerce.bigint'], ZOD),
      gives: 'Schema of number',
    },
    { call: everyForm(['boolean', 'coerce.boolean', 'stringbool'], ZOD), gives: 'Schema of boolean' },
    {
      call: everyForm(['enum', 'object', 'strictObject', 'looseObject', 'literal'], ZOD),
      gives: 'Schema of argument 0',
    },
    {
      call: everyForm(['string', 'coerce.string', 'array', 'record', 'union', 'any', 'unknown'], ZOD),
      gives: 'Schema of any',
    },
    {
      call: [
        'optional',
        'nullable',
        'nullish',
        'default',
        'catch',
        'prefault',
        'readonly',
        'brand',
        'describe',
        'meta',
        'refine',
        'superRefine',
        'strict',
        'strip',
        'passthrough',
        'loose',
        'min',
        'max',
        'length',
        'int',
        'positive',
        'nonnegative',
        'negative',
        'nonpositive',
        'finite',
        'safe',
        'gt',
        'gte',
        'lt',
        'lte',
        'multipleOf',
        'partial',
        'required',
        'pick',
        'omit',
      ].map(name => `Schema.${name}`),
      gives: 'receiver',
    },
    { call: ['Schema.transform', 'Schema.pipe', 'Schema.extend', 'Schema.merge', 'Schema.or'], gives: 'Schema of any' },
    { call: ['Schema.parse', 'Schema.parseAsync'], gives: 'checked argument 0' },
    { call: ['Schema.safeParse', 'Schema.safeParseAsync', 'Schema.spa'], gives: 'checked argument 0 in data' },
  ],
} as const satisfies LibraryModel;

export const joi = {
  package: 'npm:joi',
  also: ['npm:@hapi/joi'],
  source: 'https://joi.dev/api/?v=17.13.3',
  types: { Schema: {} },
  gives: [
    { call: everyForm(['number'], JOI), gives: 'Schema of number' },
    { call: everyForm(['boolean', 'bool'], JOI), gives: 'Schema of boolean' },
    { call: everyForm(['object'], JOI), gives: 'Schema of argument 0' },
    { call: everyForm(['valid'], JOI), gives: 'Schema of arguments' },
    { call: everyForm(['string', 'any', 'array', 'alternatives', 'date', 'binary'], JOI), gives: 'Schema of any' },
    { call: ['Schema.valid', 'Schema.equal'], gives: 'Schema of arguments' },
    { call: 'Schema.keys', gives: 'Schema of argument 0' },
    {
      call: [
        'required',
        'optional',
        'default',
        'integer',
        'min',
        'max',
        'positive',
        'precision',
        'multiple',
        'port',
        'length',
        'trim',
        'lowercase',
        'uppercase',
        'label',
        'description',
        'unknown',
        'options',
        'prefs',
        'messages',
        'error',
        'strict',
        'alphanum',
      ].map(name => `Schema.${name}`),
      gives: 'receiver',
    },
    { call: ['Schema.allow', 'Schema.append', 'Schema.concat', 'Schema.when'], gives: 'Schema of any' },
    { call: 'Schema.validate', gives: 'checked argument 0 in value' },
    { call: 'Schema.validateAsync', gives: 'checked argument 0' },
    { call: everyForm(['attempt'], JOI), gives: 'argument 0' },
  ],
} as const satisfies LibraryModel;
