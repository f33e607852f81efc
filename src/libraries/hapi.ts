/** hapi 18 to 21: handlers in route objects, and what a client sends. */
import type { LibraryModel } from './vocabulary';

export const hapi = {
  package: 'npm:@hapi/hapi',
  also: ['npm:hapi'],
  source: 'https://hapi.dev/api/#request-properties, https://hapi.dev/api/#-serverrouteroute',
  types: { Server: {}, Request: {}, ResponseToolkit: {} },
  gives: [
    { call: ['server', 'Server'], gives: 'Server' },
    { construct: 'Server', gives: 'Server' },
  ],
  inputs: [
    { property: 'Request.query', label: 'the query string' },
    { property: 'Request.payload', label: 'the request body' },
    { property: ['Request.params', 'Request.paramsArray'], label: 'the path' },
    { property: 'Request.headers', label: 'the request headers' },
    { property: 'Request.state', label: 'the cookies' },
    { property: 'Request.url', label: 'the URL' },
  ],
  handlers: [
    {
      parameters: [
        ['req', 'request', '_request'],
        ['h', '_h', 'toolkit'],
      ],
      receives: ['Request', 'ResponseToolkit'],
    },
  ],
  routes: [
    {
      call: 'Server.route',
      schemas: ['options', 'config'].flatMap(options =>
        ['query', 'payload', 'params', 'headers', 'state'].map(part => `${options}.validate.${part}`),
      ),
      // what answers stands in the object beside them
      handlers: 1,
      receives: [],
    },
  ],
  neutral: ['Server.start', 'Server.stop', 'Server.register', 'Server.ext', 'Server.auth'],
} as const satisfies LibraryModel;
