/**
 * What builds GraphQL schemas from code: where a type's field resolvers stand, and what a query's arguments bring. Root types are
 * told by their name.
 */
import type { LibraryModel } from './vocabulary';

export const graphqlJs = {
  package: 'npm:graphql',
  also: ['npm:graphql/type', 'npm:graphql/type/definition'],
  source:
    'https://www.graphql-js.org/api-v16/type/#graphqlobjecttype, https://www.graphql-js.org/docs/resolver-anatomy/, https://www.apollographql.com/docs/apollo-server/data/resolvers',
  types: { Arguments: {}, GraphQLFieldResolver: {} },
  inputs: [{ property: 'Arguments.*', label: 'the arguments of the GraphQL query' }],
  handlers: [
    { type: 'GraphQLFieldResolver', receives: ['', 'Arguments'] },
    { named: ['Query.*', 'Mutation.*', 'Subscription.*', 'Subscription.*.subscribe'], receives: ['', 'Arguments'] },
    {
      named: 'resolve',
      parameters: [
        ['source', 'parent', 'root', 'obj', '_', '_source', '_parent', '_root', '_obj', 'parentValue', 'value'],
        ['args', '_args', 'arguments'],
      ],
      receives: ['', 'Arguments'],
    },
  ],
  resolvers: [{ construct: 'GraphQLObjectType', type: 'name', entries: 'resolve' }],
} as const satisfies LibraryModel;

export const nexus = {
  package: 'npm:nexus',
  also: ['npm:@nexus/schema'],
  source: 'https://nexusjs.org/docs/api/object-type, https://nexusjs.org/docs/api/extend-type',
  resolvers: [
    { call: 'objectType', type: 'name', entries: 'resolve' },
    { call: 'extendType', type: 'type', entries: 'resolve' },
  ],
} as const satisfies LibraryModel;

export const pothos = {
  package: 'npm:@pothos/core',
  source: 'https://pothos-graphql.dev/docs/guide/objects, https://pothos-graphql.dev/docs/plugins/prisma/objects',
  types: { SchemaBuilder: {}, ObjectRef: {} },
  gives: [
    { construct: ['default', 'SchemaBuilder'], gives: 'SchemaBuilder' },
    { call: ['SchemaBuilder.objectRef', 'SchemaBuilder.loadableObjectRef'], gives: 'ObjectRef' },
  ],
  resolvers: [
    {
      call: [
        'SchemaBuilder.objectType',
        'SchemaBuilder.objectField',
        'SchemaBuilder.objectFields',
        'SchemaBuilder.prismaObject',
        'SchemaBuilder.prismaObjectField',
        'SchemaBuilder.prismaObjectFields',
        'SchemaBuilder.prismaNode',
        'SchemaBuilder.drizzleObject',
        'SchemaBuilder.loadableObject',
        'SchemaBuilder.node',
        'ObjectRef.implement',
      ],
      entries: 'resolve',
    },
  ],
} as const satisfies LibraryModel;

export const graphqlCompose = {
  package: 'npm:graphql-compose',
  source: 'https://graphql-compose.github.io/docs/basics/understanding-types.html',
  types: { SchemaComposer: {}, ObjectTypeComposer: {}, RootComposer: {} },
  gives: [
    { construct: 'SchemaComposer', gives: 'SchemaComposer' },
    { property: 'schemaComposer', gives: 'SchemaComposer' },
    {
      property: ['SchemaComposer.Query', 'SchemaComposer.Mutation', 'SchemaComposer.Subscription'],
      gives: 'RootComposer',
    },
    {
      call: ['SchemaComposer.createObjectTC', 'SchemaComposer.getOTC', 'SchemaComposer.getOrCreateOTC'],
      gives: 'ObjectTypeComposer',
    },
    { call: 'ObjectTypeComposer.addFields', gives: 'receiver' },
  ],
  resolvers: [
    { call: 'SchemaComposer.createObjectTC', type: 'name', entries: 'resolve' },
    { call: ['ObjectTypeComposer.addFields', 'ObjectTypeComposer.setField'], entries: 'resolve' },
  ],
} as const satisfies LibraryModel;
