/** Clients that call other services over HTTP. */
import type { LibraryModel } from './vocabulary';

const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request'] as const;

const on = (...objects: readonly string[]): readonly string[] =>
  objects.flatMap(object => VERBS.map(verb => `${object}.${verb}`));

export const axios = {
  package: 'npm:axios',
  source: 'https://axios-http.com/docs/api_intro, https://axios-http.com/docs/instance',
  types: { AxiosInstance: {}, Axios: { extends: 'AxiosInstance' } },
  gives: [
    { call: ['create', 'default.create', 'axios.create'], gives: 'AxiosInstance' },
    { construct: 'Axios', gives: 'Axios' },
  ],
  external: [
    { call: ['default', ...VERBS, ...on('default', 'axios', 'AxiosInstance'), 'AxiosInstance'], kind: 'http' },
  ],
  neutral: ['isAxiosError', 'default.isAxiosError', 'isCancel', 'default.isCancel'],
} as const satisfies LibraryModel;

export const nestAxios = {
  package: 'npm:@nestjs/axios',
  source: 'https://docs.nestjs.com/techniques/http-module',
  types: { HttpService: {} },
  gives: [{ property: 'HttpService.axiosRef', gives: 'npm:axios#AxiosInstance' }],
  external: [{ call: on('HttpService'), kind: 'http' }],
} as const satisfies LibraryModel;

export const got = {
  package: 'npm:got',
  source: 'https://github.com/sindresorhus/got#documentation',
  types: { Got: {} },
  gives: [{ call: ['extend', 'default.extend', 'got.extend', 'Got.extend'], gives: 'Got' }],
  external: [{ call: ['default', 'got', 'Got', ...on('default', 'got', 'Got')], kind: 'http' }],
} as const satisfies LibraryModel;

export const ky = {
  package: 'npm:ky',
  also: ['npm:ky-universal', 'npm:wretch'],
  source: 'https://github.com/sindresorhus/ky#api',
  types: { KyInstance: {} },
  gives: [{ call: ['default.create', 'default.extend', 'KyInstance.extend'], gives: 'KyInstance' }],
  external: [{ call: ['default', 'KyInstance', ...on('default', 'KyInstance')], kind: 'http' }],
} as const satisfies LibraryModel;

export const fetchPackages = {
  package: 'npm:node-fetch',
  also: ['npm:cross-fetch', 'npm:isomorphic-fetch', 'npm:node-fetch-native', 'npm:make-fetch-happen'],
  source: 'https://github.com/node-fetch/node-fetch#api',
  external: [{ call: ['default', 'fetch'], kind: 'http' }],
  neutral: ['Headers', 'Request', 'Response'],
} as const satisfies LibraryModel;

export const undici = {
  package: 'npm:undici',
  source: 'https://undici.nodejs.org/#/?id=undicirequesturl-options-promise',
  types: { Dispatcher: {} },
  gives: [{ construct: ['Client', 'Pool', 'Agent'], gives: 'Dispatcher' }],
  external: [{ call: ['fetch', 'request', 'default.fetch', 'default.request', 'Dispatcher.request'], kind: 'http' }],
  neutral: ['setGlobalDispatcher'],
} as const satisfies LibraryModel;

export const request = {
  package: 'npm:request',
  also: ['npm:request-promise', 'npm:request-promise-native', 'npm:needle', 'npm:postman-request'],
  source: 'https://github.com/request/request#readme',
  callbacks: [{ call: ['default', ...on('default')], argument: 'rest', from: 1, error: 'first' }],
  external: [{ call: ['default', ...on('default')], kind: 'http' }],
} as const satisfies LibraryModel;

export const superagent = {
  package: 'npm:superagent',
  source: 'https://ladjs.github.io/superagent/',
  external: [{ call: ['default', ...on('default')], kind: 'http' }],
} as const satisfies LibraryModel;

export const nodeHttp = {
  package: 'npm:http',
  also: ['npm:https', 'npm:node:http', 'npm:node:https'],
  source: 'https://nodejs.org/api/http.html#httprequesturl-options-callback',
  types: { IncomingMessage: {}, ServerResponse: {}, RequestListener: {} },
  inputs: [
    { property: 'IncomingMessage.url', label: 'the URL' },
    { property: ['IncomingMessage.headers', 'IncomingMessage.rawHeaders'], label: 'the request headers' },
  ],
  external: [{ call: ['request', 'get', 'default.request', 'default.get'], kind: 'http' }],
  gives: [{ call: ['IncomingMessage.on', 'IncomingMessage.once', 'IncomingMessage.setEncoding'], gives: 'receiver' }],
  callbacks: [
    { call: ['IncomingMessage.on', 'IncomingMessage.once'], argument: 1, receives: ['input the request body'] },
    {
      call: ['createServer', 'default.createServer'],
      argument: 'rest',
      from: 0,
      receives: ['IncomingMessage', 'ServerResponse'],
    },
  ],
  handlers: [{ type: 'RequestListener', receives: ['IncomingMessage', 'ServerResponse'] }],
} as const satisfies LibraryModel;

/** Its client's methods hang two members deep, `stripe.paymentIntents.create`, and all of them call the service. */
export const stripe = {
  package: 'npm:stripe',
  source: 'https://docs.stripe.com/api?lang=node',
  types: { Stripe: {}, Resource: {} },
  gives: [
    { construct: ['default', 'Stripe'], gives: 'Stripe' },
    { call: 'default', gives: 'Stripe' },
    { property: 'Stripe.*', gives: 'Resource' },
    { property: 'Resource.sessions', gives: 'Resource' },
  ],
  external: [
    {
      call: [
        'Resource.create',
        'Resource.update',
        'Resource.retrieve',
        'Resource.list',
        'Resource.del',
        'Resource.cancel',
        'Resource.confirm',
        'Resource.capture',
        'Resource.search',
        'Resource.pay',
        'Resource.finalizeInvoice',
        'Resource.sendInvoice',
        'Resource.attach',
        'Resource.detach',
      ],
      kind: 'http',
    },
  ],
  neutral: ['Resource.constructEvent'],
} as const satisfies LibraryModel;
