/** NestJS 10 and 11: what a client sends, as decorated parameters of a handler, and what modules provide. */
import type { LibraryModel } from './vocabulary';

export const nestjs = {
  package: 'npm:@nestjs/common',
  source:
    'https://docs.nestjs.com/controllers#request-object, https://docs.nestjs.com/pipes#built-in-pipes, https://docs.nestjs.com/techniques/file-upload, https://docs.nestjs.com/fundamentals/custom-providers',
  inputs: [
    { decorator: 'Query', label: 'the query string' },
    { decorator: ['Body', 'RawBody'], label: 'the request body' },
    { decorator: ['Param', 'Params', 'HostParam'], label: 'the path' },
    { decorator: 'Headers', label: 'the request headers' },
    { decorator: 'Ip', label: 'the address of the client' },
    { decorator: ['UploadedFile', 'UploadedFiles'], label: 'the uploaded file' },
  ],
  decorated: [
    { decorator: ['Req', 'Request'], gives: 'npm:express#Request' },
    { decorator: ['Res', 'Response'], gives: 'npm:express#Response' },
    { decorator: 'Inject', gives: 'offered argument 0' },
  ],
  registry: {
    records: { token: 'provide', class: 'useClass', function: 'useFactory', value: 'useValue', alias: 'useExisting' },
  },
  escapes: [
    { call: ['ParseIntPipe', 'ParseFloatPipe'], makes: 'number' },
    { call: 'ParseBoolPipe', makes: 'boolean' },
    { call: ['ParseUUIDPipe', 'ParseEnumPipe', 'ParseDatePipe'], makes: 'literal' },
  ],
} as const satisfies LibraryModel;

export const nestjsGraphql = {
  package: 'npm:@nestjs/graphql',
  also: ['npm:type-graphql'],
  source:
    'https://docs.nestjs.com/graphql/resolvers#dedicated-arguments-class, https://typegraphql.com/docs/resolvers.html#arguments',
  inputs: [{ decorator: ['Args', 'Arg'], label: 'the arguments of the GraphQL query' }],
  resolvers: [
    { decorator: ['ResolveField', 'ResolveProperty', 'FieldResolver'], parent: ['Parent', 'Root'] },
    { decorator: 'ResolveReference' },
  ],
} as const satisfies LibraryModel;

export const nestjsMicroservices = {
  package: 'npm:@nestjs/websockets',
  source: 'https://docs.nestjs.com/websockets/gateways#gateways',
  inputs: [{ decorator: 'MessageBody', label: 'the message of a client' }],
} as const satisfies LibraryModel;
