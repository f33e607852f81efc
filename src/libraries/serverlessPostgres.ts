/** PostgreSQL over HTTP and WebSockets: the tags of Neon and Vercel, whose pools are node-postgres'. */
import type { LibraryModel } from './vocabulary';

export const neonServerless = {
  package: 'npm:@neondatabase/serverless',
  source: 'https://github.com/neondatabase/serverless#readme',
  dialect: 'postgresql',
  placeholder: '$n',
  promises: 'lazy',
  types: {
    NeonQueryFunction: { pooled: true },
    NeonQueryPromise: { executes: 'awaited' },
    Pool: { extends: 'npm:pg#Pool', pooled: true },
    Client: { extends: 'npm:pg#Client' },
    PoolClient: { extends: 'npm:pg#PoolClient' },
  },
  gives: [
    { call: 'neon', gives: 'NeonQueryFunction' },
    { construct: 'Pool', gives: 'Pool' },
    { construct: 'Client', gives: 'Client' },
    { call: ['NeonQueryFunction', 'NeonQueryFunction.query'], gives: 'NeonQueryPromise' },
  ],
  queries: [
    // before 1.0 the function took a text as well
    { call: 'NeonQueryFunction', executes: 'awaited', sql: 0, tag: true, values: 1, returns: 'many' },
    { call: 'NeonQueryFunction.query', executes: 'awaited', sql: 0, values: 1, returns: 'many' },
    { call: 'NeonQueryFunction.transaction', batched: true, returns: 'many' },
  ],
  fragments: [{ call: 'NeonQueryFunction.unsafe', sql: 0 }],
  transactions: [{ call: 'NeonQueryFunction.transaction', does: 'enclose' }],
  neutral: ['neonConfig'],
} as const satisfies LibraryModel;

export const vercelPostgres = {
  package: 'npm:@vercel/postgres',
  source: 'https://vercel.com/docs/storage/vercel-postgres/sdk',
  dialect: 'postgresql',
  placeholder: '$n',
  promises: 'eager',
  types: {
    VercelPool: { extends: 'npm:pg#Pool', pooled: true },
    VercelClient: { extends: 'npm:pg#Client' },
    VercelPoolClient: { extends: 'VercelClient' },
  },
  gives: [
    { call: 'createPool', gives: 'VercelPool' },
    { call: 'createClient', gives: 'VercelClient' },
    { property: ['db'], gives: 'VercelPool' },
    { call: ['VercelPool.connect', 'sql.connect'], gives: 'VercelPoolClient' },
  ],
  queries: [
    { call: ['sql', 'VercelPool.sql', 'VercelClient.sql'], sql: 'template', returns: 'many' },
    { call: 'sql.query', sql: 0, sqlProperty: 'text', values: 1, valuesProperty: 'values', returns: 'many' },
  ],
  neutral: ['sql.end', 'postgresConnectionString'],
} as const satisfies LibraryModel;
