/** Supabase's client: requests to PostgREST that go out when they are awaited. There is no SQL text to put values into. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

/** Methods that name columns in their first argument. */
const OF_FIRST = [
  'insert',
  'upsert',
  'update',
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'like',
  'likeAllOf',
  'likeAnyOf',
  'ilike',
  'is',
  'in',
  'contains',
  'containedBy',
  'rangeGt',
  'rangeGte',
  'rangeLt',
  'rangeLte',
  'rangeAdjacent',
  'overlaps',
  'textSearch',
  'match',
  'not',
  'filter',
  'order',
] as const;

/** Those that name no column in a way that is read. */
const OTHERS = [
  'delete',
  'or',
  'limit',
  'range',
  'abortSignal',
  'single',
  'maybeSingle',
  'csv',
  'geojson',
  'explain',
  'returns',
  'overrideTypes',
  'throwOnError',
  'setHeader',
] as const;

export const supabase = {
  package: 'npm:@supabase/supabase-js',
  also: ['npm:@supabase/postgrest-js', 'npm:@supabase/ssr', 'npm:@supabase/auth-helpers-nextjs'],
  source: 'https://supabase.com/docs/reference/javascript/select',
  dialect: 'postgresql',
  promises: 'lazy',
  types: {
    SupabaseClient: {},
    PostgrestClient: { extends: 'SupabaseClient' },
    // of another schema than the one that names are looked up in
    SupabaseSchema: {},
    PostgrestQueryBuilder: {},
    PostgrestBuilder: { executes: 'awaited' },
    PostgrestFilterBuilder: { extends: 'PostgrestBuilder' },
    PostgrestTransformBuilder: { extends: 'PostgrestBuilder' },
    Services: {},
  },
  gives: [
    {
      call: [
        'createClient',
        'createServerClient',
        'createBrowserClient',
        'createRouteHandlerClient',
        'createServerComponentClient',
        'createServerActionClient',
        'createPagesServerClient',
      ],
      gives: 'SupabaseClient',
    },
    { construct: ['SupabaseClient', 'PostgrestClient'], gives: 'SupabaseClient' },
    { call: 'SupabaseClient.schema', gives: 'SupabaseSchema' },
    { call: membersOf('SupabaseClient', ['from', 'rpc']), gives: 'PostgrestBuilder' },
    { call: membersOf('SupabaseSchema', ['from', 'rpc']), gives: 'PostgrestBuilder' },
    {
      property: membersOf('SupabaseClient', ['storage', 'auth', 'functions', 'realtime']),
      gives: 'Services',
    },
    {
      call: membersOf('PostgrestBuilder', ['select', ...OF_FIRST, ...OTHERS]),
      gives: 'receiver',
    },
  ],
  together: [
    // https://supabase.com/docs/reference/javascript/insert
    { call: ['PostgrestBuilder.insert', 'PostgrestBuilder.upsert'], written: '{receiver}.{method}({each 0})' },
  ],
  listForms: [{ of: 'call', call: 'PostgrestBuilder.eq', written: 'in({column}, {each})' }],
  queries: [
    { call: 'SupabaseClient.from', executes: 'awaited', relation: 0 },
    { call: 'SupabaseClient.rpc', executes: 'awaited', relation: 0 },
    { call: membersOf('SupabaseSchema', ['from', 'rpc']), executes: 'awaited' },
    { call: ['PostgrestBuilder.single', 'PostgrestBuilder.maybeSingle'], executes: 'awaited', returns: 'one' },
    {
      call: membersOf('PostgrestBuilder', ['insert', 'upsert']),
      executes: 'awaited',
      operation: 'write',
      batchedBy: 'insert',
    },
    { call: membersOf('PostgrestBuilder', ['update', 'delete']), executes: 'awaited', operation: 'write' },
  ],
  built: [
    { call: 'SupabaseClient.from', names: 'table', hasOthers: true },
    // https://supabase.com/docs/reference/javascript/select
    { call: 'PostgrestBuilder.select', names: 'selection' },
    {
      call: membersOf('PostgrestBuilder', OF_FIRST),
      names: 'columns',
      first: true,
      elsewhere: ['referencedTable', 'foreignTable'],
    },
    { call: ['SupabaseClient.rpc', ...membersOf('PostgrestBuilder', OTHERS)], names: 'nothing' },
  ],
  neutral: ['SupabaseClient.channel', 'SupabaseClient.removeChannel', 'SupabaseClient.removeAllChannels'],
} as const satisfies LibraryModel;
