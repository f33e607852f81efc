/** Hono 3 and 4: routes, and what a client sends. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

export const hono = {
  package: 'npm:hono',
  also: ['npm:hono/tiny', 'npm:hono/quick', 'npm:@hono/zod-openapi'],
  source: 'https://hono.dev/docs/api/request, https://hono.dev/docs/api/routing',
  types: { Hono: {}, Context: {}, HonoRequest: {}, Handler: {}, MiddlewareHandler: {} },
  gives: [
    { construct: ['Hono', 'OpenAPIHono'], gives: 'Hono' },
    { call: membersOf('Hono', ['basePath', 'route', 'use', 'onError', 'notFound']), gives: 'receiver' },
    { call: membersOf('Hono', ['get', 'post', 'put', 'patch', 'delete', 'all', 'on', 'openapi']), gives: 'receiver' },
    { property: 'Context.req', gives: 'HonoRequest' },
    { property: 'HonoRequest.raw', gives: 'web:#Request' },
  ],
  inputs: [
    { call: ['HonoRequest.query', 'HonoRequest.queries'], label: 'the query string' },
    { call: 'HonoRequest.param', label: 'the path' },
    {
      call: ['HonoRequest.json', 'HonoRequest.text', 'HonoRequest.parseBody', 'HonoRequest.formData'],
      label: 'the request body',
    },
    { call: 'HonoRequest.valid', label: 'the request' },
    { call: 'HonoRequest.header', label: 'the request headers' },
    { property: ['HonoRequest.url', 'HonoRequest.path'], label: 'the URL' },
  ],
  routes: [
    { call: 'Hono.get', method: 'GET', path: 0, handlers: 0, receives: ['Context'] },
    { call: 'Hono.post', method: 'POST', path: 0, handlers: 0, receives: ['Context'] },
    { call: 'Hono.put', method: 'PUT', path: 0, handlers: 0, receives: ['Context'] },
    { call: 'Hono.patch', method: 'PATCH', path: 0, handlers: 0, receives: ['Context'] },
    { call: 'Hono.delete', method: 'DELETE', path: 0, handlers: 0, receives: ['Context'] },
    { call: ['Hono.all', 'Hono.use'], path: 0, handlers: 0, receives: ['Context'] },
    { call: 'Hono.on', path: 1, handlers: 2, receives: ['Context'] },
    { call: 'Hono.openapi', handlers: 1, receives: ['Context'] },
  ],
  handlers: [{ type: ['Handler', 'MiddlewareHandler'], receives: ['Context'] }],
  neutral: [
    ...membersOf('Context', ['json', 'text', 'html', 'body', 'redirect', 'status', 'header', 'get', 'set']),
    'Hono.fire',
    'Hono.fetch',
  ],
} as const satisfies LibraryModel;
