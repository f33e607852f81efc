/** What the web platform has in Node.js, Deno, Bun and at the edge: requests as `fetch` knows them, URLs, forms. */
import type { LibraryModel } from './vocabulary';

export const webApi = {
  package: 'web:',
  source:
    'https://developer.mozilla.org/en-US/docs/Web/API/Request, https://developer.mozilla.org/en-US/docs/Web/API/URL, https://developer.mozilla.org/en-US/docs/Web/API/FormData',
  types: {
    Request: { annotated: true },
    URL: { annotated: true },
    URLSearchParams: { annotated: true },
    FormData: { annotated: true },
    Headers: { annotated: true },
  },
  gives: [
    { construct: 'Request', gives: 'Request' },
    { construct: 'URL', gives: 'URL' },
    { construct: 'URLSearchParams', gives: 'URLSearchParams' },
    { construct: 'FormData', gives: 'FormData' },
    { construct: 'Headers', gives: 'Headers' },
    { property: 'URL.searchParams', gives: 'URLSearchParams' },
    { property: 'Request.headers', gives: 'Headers' },
    { call: 'Request.clone', gives: 'receiver' },
  ],
  inputs: [
    { property: 'Request.url', label: 'the URL' },
    { call: ['Request.json', 'Request.text', 'Request.formData'], label: 'the request body' },
    { call: ['FormData.get', 'FormData.getAll'], label: 'the form' },
  ],
  neutral: [
    'URLSearchParams.append',
    'URLSearchParams.set',
    'URLSearchParams.delete',
    'FormData.append',
    'Headers.set',
  ],
} as const satisfies LibraryModel;
