/** What a client sends, in Python's web frameworks that come with a server or a router of their own. */
import type { LibraryModel } from './vocabulary';

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

export const tornado = {
  package: 'pypi:tornado',
  also: ['pypi:tornado.web', 'pypi:tornado.httputil'],
  source: 'https://www.tornadoweb.org/en/stable/web.html#request-handlers',
  types: { RequestHandler: {}, HTTPServerRequest: {} },
  gives: [{ property: 'RequestHandler.request', gives: 'HTTPServerRequest' }],
  inputs: [
    { call: ['RequestHandler.get_argument', 'RequestHandler.get_arguments'], label: 'the request' },
    { call: ['RequestHandler.get_query_argument', 'RequestHandler.get_query_arguments'], label: 'the query string' },
    { call: ['RequestHandler.get_body_argument', 'RequestHandler.get_body_arguments'], label: 'the request body' },
    { call: 'RequestHandler.get_cookie', label: 'the cookies' },
    { property: 'RequestHandler.path_kwargs', label: 'the path' },
    { property: 'HTTPServerRequest.body', label: 'the request body' },
    { property: ['HTTPServerRequest.arguments', 'HTTPServerRequest.query_arguments'], label: 'the query string' },
    { property: ['HTTPServerRequest.uri', 'HTTPServerRequest.path', 'HTTPServerRequest.query'], label: 'the URL' },
    { property: 'HTTPServerRequest.headers', label: 'the request headers' },
    { property: 'HTTPServerRequest.cookies', label: 'the cookies' },
  ],
} as const satisfies LibraryModel;

export const sanic = {
  package: 'pypi:sanic',
  also: ['pypi:sanic.request', 'pypi:sanic.blueprints', 'pypi:sanic.views'],
  source: 'https://sanic.dev/en/guide/basics/request.html',
  types: { Sanic: {}, Blueprint: { extends: 'Sanic' }, Request: {} },
  gives: [
    { call: 'Sanic', gives: 'Sanic' },
    { call: 'Blueprint', gives: 'Blueprint' },
  ],
  inputs: [
    { property: ['Request.args', 'Request.query_args', 'Request.query_string'], label: 'the query string' },
    { property: ['Request.form', 'Request.json', 'Request.body', 'Request.files'], label: 'the request body' },
    { property: 'Request.match_info', label: 'the path' },
    { property: 'Request.headers', label: 'the request headers' },
    { property: 'Request.cookies', label: 'the cookies' },
    { property: ['Request.path', 'Request.url'], label: 'the URL' },
    { handler: ['Sanic.route', ...METHODS.map(name => `Sanic.${name}` as const)], label: 'the request' },
  ],
} as const satisfies LibraryModel;

export const bottle = {
  package: 'pypi:bottle',
  source: 'https://bottlepy.org/docs/stable/tutorial.html#request-data',
  types: { Bottle: {}, Request: {} },
  gives: [
    { property: 'request', gives: 'Request' },
    { call: 'Bottle', gives: 'Bottle' },
  ],
  inputs: [
    { property: ['Request.query', 'Request.GET', 'Request.query_string'], label: 'the query string' },
    {
      property: ['Request.forms', 'Request.POST', 'Request.json', 'Request.body', 'Request.files'],
      label: 'the request body',
    },
    { property: 'Request.params', label: 'the request' },
    { property: 'Request.headers', label: 'the request headers' },
    { property: 'Request.cookies', label: 'the cookies' },
    { property: ['Request.path', 'Request.url'], label: 'the URL' },
    { call: 'Request.get_cookie', label: 'the cookies' },
    {
      handler: ['route', ...METHODS, 'Bottle.route', ...METHODS.map(name => `Bottle.${name}` as const)],
      label: 'the path',
    },
  ],
} as const satisfies LibraryModel;

export const falcon = {
  package: 'pypi:falcon',
  also: ['pypi:falcon.asgi', 'pypi:falcon.request'],
  source: 'https://falcon.readthedocs.io/en/stable/api/request_and_response_wsgi.html',
  types: { Request: {} },
  inputs: [
    { property: ['Request.params', 'Request.query_string'], label: 'the query string' },
    {
      call: ['Request.get_param', 'Request.get_param_as_list', 'Request.get_param_as_json'],
      label: 'the query string',
    },
    { property: ['Request.media', 'Request.stream', 'Request.bounded_stream'], label: 'the request body' },
    { call: ['Request.get_media', 'Request.get_drain'], label: 'the request body' },
    { property: 'Request.headers', label: 'the request headers' },
    { call: 'Request.get_header', label: 'the request headers' },
    { property: 'Request.cookies', label: 'the cookies' },
    { property: ['Request.path', 'Request.uri', 'Request.url'], label: 'the URL' },
  ],
  // responders are methods that a resource has for each verb, called by their name
  handlers: [{ parameters: [['req'], ['resp']], receives: ['Request', ''] }],
} as const satisfies LibraryModel;
