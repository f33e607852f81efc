/** Koa 2 and its router: routes, and what a client sends. */
import type { LibraryModel } from './vocabulary';

export const koa = {
  package: 'npm:koa',
  source: 'https://koajs.com/#context, https://github.com/koajs/router/blob/master/API.md',
  types: {
    Koa: {},
    Middleware: {},
    Context: {},
    DefaultContext: { extends: 'Context' },
    ParameterizedContext: { extends: 'Context' },
    ContextRequest: {},
  },
  gives: [
    { construct: 'default', gives: 'Koa' },
    { property: 'Context.request', gives: 'ContextRequest' },
  ],
  inputs: [
    { property: ['Context.query', 'Context.querystring', 'ContextRequest.query'], label: 'the query string' },
    { property: ['ContextRequest.body', 'ContextRequest.rawBody', 'ContextRequest.files'], label: 'the request body' },
    { property: 'Context.params', label: 'the path' },
    { property: ['Context.headers', 'Context.header', 'ContextRequest.headers'], label: 'the request headers' },
    { property: ['Context.url', 'Context.originalUrl', 'Context.path', 'Context.hostname'], label: 'the URL' },
    { call: ['Context.get', 'ContextRequest.get'], label: 'the request headers' },
  ],
  callbacks: [{ call: 'Koa.use', argument: 0, receives: ['Context'] }],
  handlers: [
    { type: 'Middleware', receives: ['Context'] },
    // Strapi's controllers and policies look like this too
    { parameters: [['ctx']], receives: ['Context'] },
  ],
  raises: ['Context.throw'],
  neutral: ['Koa.listen', 'Koa.on', 'Koa.callback', 'Context.redirect', 'Context.set'],
} as const satisfies LibraryModel;

export const koaRouter = {
  package: 'npm:@koa/router',
  also: ['npm:koa-router'],
  source: 'https://github.com/koajs/router/blob/master/API.md',
  types: { Router: {}, RouterContext: { extends: 'npm:koa#Context' } },
  gives: [
    { construct: ['default', 'Router'], gives: 'Router' },
    { call: ['default', 'Router.prefix', 'Router.use'], gives: 'Router' },
  ],
  routes: [
    { call: 'Router.get', method: 'GET', path: 0, handlers: 1, receives: ['npm:koa#Context'] },
    { call: 'Router.post', method: 'POST', path: 0, handlers: 1, receives: ['npm:koa#Context'] },
    { call: 'Router.put', method: 'PUT', path: 0, handlers: 1, receives: ['npm:koa#Context'] },
    { call: 'Router.patch', method: 'PATCH', path: 0, handlers: 1, receives: ['npm:koa#Context'] },
    { call: ['Router.delete', 'Router.del'], method: 'DELETE', path: 0, handlers: 1, receives: ['npm:koa#Context'] },
    { call: 'Router.all', path: 0, handlers: 1, receives: ['npm:koa#Context'] },
  ],
  neutral: ['Router.routes', 'Router.allowedMethods', 'Router.url', 'Router.param'],
} as const satisfies LibraryModel;
