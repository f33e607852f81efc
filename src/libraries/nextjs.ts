/** Next.js 12 to 15: route handlers, API routes, pages that read on the server. Remix and its successors beside it. */
import type { LibraryModel } from './vocabulary';

export const nextjs = {
  package: 'npm:next',
  also: ['npm:next/server', 'npm:next/headers', 'npm:next/types'],
  source:
    'https://nextjs.org/docs/app/api-reference/file-conventions/route, https://nextjs.org/docs/pages/building-your-application/routing/api-routes, https://nextjs.org/docs/app/api-reference/file-conventions/page',
  types: {
    NextRequest: { extends: 'web:#Request' },
    NextURL: { extends: 'web:#URL' },
    NextApiRequest: {},
    NextApiResponse: {},
    NextApiHandler: {},
    RouteContext: {},
    PageProps: {},
    GetServerSideProps: {},
    GetServerSidePropsContext: {},
    Cookies: {},
  },
  gives: [
    { property: 'NextRequest.nextUrl', gives: 'NextURL' },
    { property: 'NextRequest.cookies', gives: 'Cookies' },
    { call: 'cookies', gives: 'Cookies' },
    { call: 'headers', gives: 'web:#Headers' },
  ],
  inputs: [
    { property: ['NextApiRequest.query', 'GetServerSidePropsContext.query'], label: 'the query string' },
    { property: 'NextApiRequest.body', label: 'the request body' },
    { property: ['NextApiRequest.headers'], label: 'the request headers' },
    { property: ['NextApiRequest.cookies'], label: 'the cookies' },
    { call: ['Cookies.get', 'Cookies.getAll'], label: 'the cookies' },
    { property: ['NextURL.searchParams', 'NextURL.pathname', 'NextURL.search'], label: 'the URL' },
    { property: ['RouteContext.params', 'PageProps.params', 'GetServerSidePropsContext.params'], label: 'the path' },
    { property: 'PageProps.searchParams', label: 'the query string' },
    { property: ['NextApiRequest.url', 'GetServerSidePropsContext.resolvedUrl'], label: 'the URL' },
  ],
  handlers: [
    {
      exported: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
      file: 'route',
      receives: ['NextRequest', 'RouteContext'],
    },
    { exported: ['default', 'handler'], folder: 'pages/api', receives: ['NextApiRequest', 'NextApiResponse'] },
    { exported: 'default', folder: 'app', file: ['page', 'layout'], receives: ['PageProps'] },
    { exported: 'getServerSideProps', receives: ['GetServerSidePropsContext'] },
    { exported: 'middleware', file: 'middleware', receives: ['NextRequest'] },
    { type: 'NextApiHandler', receives: ['NextApiRequest', 'NextApiResponse'] },
    { type: 'GetServerSideProps', receives: ['GetServerSidePropsContext'] },
  ],
  neutral: ['NextResponse.json', 'NextResponse.redirect', 'NextResponse.next'],
} as const satisfies LibraryModel;

export const remix = {
  package: 'npm:@remix-run/node',
  also: ['npm:@remix-run/server-runtime', 'npm:@remix-run/cloudflare', 'npm:react-router', 'npm:@sveltejs/kit'],
  source: 'https://reactrouter.com/start/framework/actions, https://svelte.dev/docs/kit/routing#server',
  types: {
    RouteArguments: {},
    LoaderFunctionArgs: { extends: 'RouteArguments' },
    ActionFunctionArgs: { extends: 'RouteArguments' },
    LoaderArgs: { extends: 'RouteArguments' },
    ActionArgs: { extends: 'RouteArguments' },
    RequestEvent: { extends: 'RouteArguments' },
    LoaderFunction: {},
    ActionFunction: {},
    RequestHandler: {},
    PageServerLoad: {},
  },
  gives: [
    { property: 'RouteArguments.request', gives: 'web:#Request' },
    { property: 'RouteArguments.url', gives: 'web:#URL' },
  ],
  inputs: [
    { property: 'RouteArguments.params', label: 'the path' },
    { property: 'RouteArguments.cookies', label: 'the cookies' },
  ],
  handlers: [
    {
      type: ['LoaderFunction', 'ActionFunction', 'RequestHandler', 'PageServerLoad'],
      receives: ['RouteArguments'],
    },
    { exported: ['loader', 'action'], folder: 'routes', receives: ['RouteArguments'] },
    {
      exported: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      file: '+server',
      receives: ['RouteArguments'],
    },
    { exported: 'load', file: ['+page.server', '+layout.server'], receives: ['RouteArguments'] },
  ],
} as const satisfies LibraryModel;
