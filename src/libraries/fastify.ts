/** Fastify 4 and 5: routes, and what a client sends. */
import type { LibraryModel } from './vocabulary';

/** What the options of a route say of what it takes. */
const SCHEMAS = ['schema.body', 'schema.querystring', 'schema.query', 'schema.params', 'schema.headers'];

export const fastify = {
  package: 'npm:fastify',
  source: 'https://fastify.dev/docs/latest/Reference/Request/, https://fastify.dev/docs/latest/Reference/Routes/',
  types: {
    FastifyInstance: {},
    FastifyRequest: {},
    FastifyReply: {},
    RouteHandler: {},
    RouteHandlerMethod: {},
    preHandlerHookHandler: {},
    onRequestHookHandler: {},
    FastifyPluginAsync: {},
    FastifyPluginCallback: {},
  },
  gives: [
    { call: ['default', 'fastify'], gives: 'FastifyInstance' },
    { call: 'FastifyInstance.withTypeProvider', gives: 'receiver' },
    { call: 'FastifyInstance.route', gives: 'receiver' },
  ],
  inputs: [
    { property: 'FastifyRequest.query', label: 'the query string' },
    { property: 'FastifyRequest.body', label: 'the request body' },
    { property: 'FastifyRequest.params', label: 'the path' },
    { property: 'FastifyRequest.headers', label: 'the request headers' },
    { property: 'FastifyRequest.cookies', label: 'the cookies' },
    { property: ['FastifyRequest.url', 'FastifyRequest.originalUrl', 'FastifyRequest.hostname'], label: 'the URL' },
  ],
  routes: [
    // what answers stands in the object beside the schemas
    { call: 'FastifyInstance.route', schemas: SCHEMAS, handlers: 1, receives: [] },
    {
      call: 'FastifyInstance.get',
      method: 'GET',
      path: 0,
      schemas: SCHEMAS,
      handlers: 1,
      receives: ['FastifyRequest', 'FastifyReply'],
    },
    {
      call: 'FastifyInstance.post',
      method: 'POST',
      path: 0,
      schemas: SCHEMAS,
      handlers: 1,
      receives: ['FastifyRequest', 'FastifyReply'],
    },
    {
      call: 'FastifyInstance.put',
      method: 'PUT',
      path: 0,
      schemas: SCHEMAS,
      handlers: 1,
      receives: ['FastifyRequest', 'FastifyReply'],
    },
    {
      call: 'FastifyInstance.patch',
      method: 'PATCH',
      path: 0,
      schemas: SCHEMAS,
      handlers: 1,
      receives: ['FastifyRequest', 'FastifyReply'],
    },
    {
      call: 'FastifyInstance.delete',
      method: 'DELETE',
      path: 0,
      schemas: SCHEMAS,
      handlers: 1,
      receives: ['FastifyRequest', 'FastifyReply'],
    },
    {
      call: ['FastifyInstance.all', 'FastifyInstance.head', 'FastifyInstance.options', 'FastifyInstance.addHook'],
      path: 0,
      schemas: SCHEMAS,
      handlers: 1,
      receives: ['FastifyRequest', 'FastifyReply'],
    },
  ],
  callbacks: [{ call: 'FastifyInstance.register', argument: 0, receives: ['FastifyInstance'] }],
  handlers: [
    {
      type: ['RouteHandler', 'RouteHandlerMethod', 'preHandlerHookHandler', 'onRequestHookHandler'],
      receives: ['FastifyRequest', 'FastifyReply'],
    },
    { type: ['FastifyPluginAsync', 'FastifyPluginCallback'], receives: ['FastifyInstance'] },
    { parameters: [['fastify'], ['opts', 'options', '_opts', '_options', '_', 'done']], receives: ['FastifyInstance'] },
  ],
  neutral: [
    'FastifyInstance.listen',
    'FastifyInstance.close',
    'FastifyInstance.ready',
    'FastifyInstance.decorate',
    'FastifyInstance.inject',
    'FastifyInstance.addSchema',
    'FastifyReply.send',
    'FastifyReply.code',
    'FastifyReply.status',
    'FastifyReply.header',
    'FastifyReply.redirect',
  ],
} as const satisfies LibraryModel;
