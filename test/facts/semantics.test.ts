/** Library tables as the interpreter and the facts see them. */
import { describe, expect, test } from 'vitest';
import { tablesOf } from '../../src/facts/libraryTables';
import { libraries } from '../../src/libraries/all';
import type { LibraryModel } from '../../src/libraries/vocabulary';

const tables = tablesOf(libraries);
const { semantics } = tables;

describe('for the interpreter', () => {
  test('packages with the same exports are one module', () => {
    expect(semantics.modules.get('pg')).toBe('npm:pg');
    expect(semantics.modules.get('mysql2/promise')).toBe('npm:mysql2');
    expect(semantics.modules.has('js:')).toBe(false);
    expect(semantics.modules.has('')).toBe(false);
  });

  test('what needs no import is a global', () => {
    expect(semantics.globals.get('Number')).toBe('js:#Number');
    expect(semantics.globals.get('console')).toBe('js:#console');
    expect(semantics.globals.has('Pool')).toBe(false);
  });

  test.each([
    ['new npm:pg#Pool', { gives: { kind: 'instance', of: 'npm:pg#Pool' } }],
    ['npm:knex#default', { gives: { kind: 'instance', of: 'npm:knex#Knex' } }],
    ['npm:knex', { gives: { kind: 'instance', of: 'npm:knex#Knex' } }],
    ['npm:knex#Knex', { gives: { kind: 'instance', of: 'npm:knex#Knex.QueryBuilder' } }],
    ['npm:knex#Knex.QueryBuilder.where', { gives: { kind: 'receiver' } }],
    ['js:#Number', { proves: 'number' }],
    ['npm:pg#escapeIdentifier', { proves: 'escaped-identifier' }],
    ['js:#Array.join', { builds: { kind: 'join' } }],
    [
      'npm:pg-format#default',
      { builds: { kind: 'printf', format: 0, escapes: { I: 'escaped-identifier', L: 'escaped-literal' } } },
    ],
    ['npm:express#Request.get', { gives: { kind: 'input', label: 'the request headers' } }],
  ])('%s', (entity, meaning) => {
    expect(semantics.calls.get(entity)).toContainEqual(expect.objectContaining(meaning));
  });

  test('a row of an arity says so', () => {
    expect(semantics.calls.get('npm:pg#Pool.connect')).toContainEqual({
      arity: { min: 0, max: 0 },
      gives: { kind: 'instance', of: 'npm:pg#PoolClient' },
    });
  });

  test('handlers of a route get a request', () => {
    expect(semantics.calls.get('npm:express#Router.get')).toContainEqual({
      arity: { min: 2, max: 99 },
      callbacks: [
        {
          argument: 'rest',
          from: 1,
          parameters: [
            { kind: 'instance', of: 'npm:express#Request' },
            { kind: 'instance', of: 'npm:express#Response' },
          ],
        },
      ],
    });
  });

  test('a neutral call is known', () => {
    expect(semantics.calls.get('npm:pg#Pool.end')).toEqual([{}]);
  });

  test('properties, the one that stands for any other too', () => {
    expect(semantics.properties.get('npm:@prisma/client#PrismaClient.*')).toEqual({
      kind: 'instance',
      of: 'npm:@prisma/client#Delegate',
    });
    expect(semantics.properties.get('npm:express#Request.query')).toEqual({ kind: 'input', label: 'the query string' });
  });

  test('types inherit, from other packages too', () => {
    expect(semantics.supertypes.get('npm:pg#PoolClient')).toBe('npm:pg#Client');
    expect(semantics.supertypes.get('npm:@koa/router#RouterContext')).toBe('npm:koa#Context');
  });

  test('methods of any receiver are those that the structure alone tells', () => {
    expect(semantics.methods.get('map')?.[0]?.callbacks?.[0]?.repeats).toEqual({ over: 'receiver', item: 0 });
    expect(semantics.methods.has('query')).toBe(false);
    expect(semantics.methods.has('findMany')).toBe(false);
  });
});

describe('for the facts', () => {
  test('queries by the name that the interpreter gives', () => {
    expect(tables.queries.get('npm:pg#ClientBase.query')?.[0]).toMatchObject({
      library: { package: 'npm:pg' },
      row: { sql: 0, values: 1 },
    });
  });

  test('builders go out when awaited, or at a call', () => {
    expect(tables.builders.get('npm:knex#Knex.QueryBuilder')).toBe('awaited');
    expect(tables.builders.get('npm:typeorm#SelectQueryBuilder')).toBe('called');
    expect(tables.builders.get('npm:pg#Pool')).toBeUndefined();
  });

  test('what is distinctive is found by its method', () => {
    expect(tables.distinctive.get('findMany')?.map(({ library }) => library.package)).toEqual(['npm:@prisma/client']);
    for (const plain of ['find', 'create', 'update', 'query', 'get', 'save', 'delete', 'count'])
      expect(
        (tables.distinctive.get(plain) ?? []).some(({ row }) => row.distinctive === true),
        plain,
      ).toBe(false);
  });

  test('the library of an entity', () => {
    expect(tables.libraryOf('npm:pg#Pool.query')?.package).toBe('npm:pg');
    expect(tables.libraryOf('new npm:pg#Pool')?.package).toBe('npm:pg');
    expect(tables.libraryOf('npm:mysql')?.package).toBe('npm:mysql2');
    expect(tables.libraryOf('npm:left-pad')).toBeUndefined();
  });

  test("a person's own table stands in for the shipped one of the same package", () => {
    const own: LibraryModel = {
      package: 'npm:pg',
      source: 'https://example.com',
      types: { Pool: {} },
      queries: [{ call: 'Pool.ask', sql: 0 }],
    };
    const mine = tablesOf([...libraries, own]);
    expect(mine.queries.has('npm:pg#Pool.ask')).toBe(true);
    expect(mine.queries.has('npm:pg#Pool.query')).toBe(false);
  });
});
