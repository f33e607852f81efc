/** NestJS 10 and 11: what a client sends, as decorated parameters of a handler. */
import type { LibraryModel } from './vocabulary';

export const nestjs = {
  package: 'npm:@nestjs/common',
  source: 'https://docs.nestjs.com/controllers#request-object',
  inputs: [
    { decorator: 'Query', label: 'the query string' },
    { decorator: 'Body', label: 'the request body' },
    { decorator: ['Param', 'Params'], label: 'the path' },
    { decorator: 'Headers', label: 'the request headers' },
  ],
} as const satisfies LibraryModel;

export const nestjsGraphql = {
  package: 'npm:@nestjs/graphql',
  also: ['npm:type-graphql'],
  source: 'https://docs.nestjs.com/graphql/resolvers#dedicated-arguments-class',
  inputs: [{ decorator: ['Args', 'Arg'], label: 'the arguments of the GraphQL query' }],
  resolvers: [
    { decorator: ['ResolveField', 'ResolveProperty', 'FieldResolver'], parent: ['Parent', 'Root'] },
    { decorator: 'ResolveReference' },
  ],
} as const satisfies LibraryModel;
