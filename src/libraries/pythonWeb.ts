/** What a client sends, in Python's web frameworks. Django's is beside its ORM. */
import type { LibraryModel } from './vocabulary';

export const flask = {
  package: 'pypi:flask',
  also: ['pypi:quart', 'pypi:flask.globals', 'pypi:flask.wrappers'],
  source: 'https://flask.palletsprojects.com/en/stable/api/#incoming-request-data',
  types: { Request: {}, Flask: {}, Blueprint: { extends: 'Flask' } },
  gives: [
    { property: 'request', gives: 'Request' },
    { call: ['Flask', 'Quart'], gives: 'Flask' },
    { call: 'Blueprint', gives: 'Blueprint' },
  ],
  inputs: [
    { property: 'Request.args', label: 'the query string' },
    { property: ['Request.form', 'Request.json', 'Request.data', 'Request.files'], label: 'the request body' },
    { property: 'Request.values', label: 'the request' },
    { property: 'Request.view_args', label: 'the path' },
    { property: ['Request.headers', 'Request.environ'], label: 'the request headers' },
    { property: 'Request.cookies', label: 'the cookies' },
    { property: ['Request.path', 'Request.url', 'Request.full_path', 'Request.query_string'], label: 'the URL' },
    { call: ['Request.get_json', 'Request.get_data'], label: 'the request body' },
    {
      handler: [
        'Flask.route',
        'Flask.get',
        'Flask.post',
        'Flask.put',
        'Flask.patch',
        'Flask.delete',
        'Flask.websocket',
      ],
      label: 'the path',
    },
  ],
  raises: ['abort'],
  neutral: ['jsonify', 'redirect', 'render_template', 'url_for', 'make_response'],
} as const satisfies LibraryModel;

export const fastapi = {
  package: 'pypi:fastapi',
  also: ['pypi:fastapi.requests', 'pypi:fastapi.params'],
  source: 'https://fastapi.tiangolo.com/reference/apirouter/, https://fastapi.tiangolo.com/reference/dependencies/',
  types: { Request: { extends: 'pypi:starlette#Request' }, APIRouter: {}, FastAPI: { extends: 'APIRouter' } },
  gives: [
    { call: 'APIRouter', gives: 'APIRouter' },
    { call: 'FastAPI', gives: 'FastAPI' },
  ],
  callbacks: [{ call: ['Depends', 'Security'], argument: 0, result: 'yielded' }],
  inputs: [
    { call: 'Query', label: 'the query string' },
    { call: ['Body', 'Form', 'File'], label: 'the request body' },
    { call: 'Path', label: 'the path' },
    { call: 'Header', label: 'the request headers' },
    { call: 'Cookie', label: 'the cookies' },
    {
      handler: [
        'APIRouter.get',
        'APIRouter.post',
        'APIRouter.put',
        'APIRouter.patch',
        'APIRouter.delete',
        'APIRouter.head',
        'APIRouter.options',
        'APIRouter.api_route',
        'APIRouter.websocket',
      ],
      label: 'the request',
    },
  ],
  neutral: ['HTTPException', 'APIRouter.include_router', 'FastAPI.add_middleware'],
} as const satisfies LibraryModel;

export const starlette = {
  package: 'pypi:starlette',
  also: ['pypi:starlette.requests', 'pypi:starlette.routing', 'pypi:starlette.applications'],
  source: 'https://www.starlette.io/requests/',
  types: { Request: {}, HTTPConnection: { extends: 'Request' } },
  inputs: [
    { property: 'Request.query_params', label: 'the query string' },
    { property: 'Request.path_params', label: 'the path' },
    { property: 'Request.headers', label: 'the request headers' },
    { property: 'Request.cookies', label: 'the cookies' },
    { property: 'Request.url', label: 'the URL' },
    { call: ['Request.json', 'Request.form', 'Request.body'], label: 'the request body' },
  ],
} as const satisfies LibraryModel;

export const aiohttp = {
  package: 'pypi:aiohttp',
  also: ['pypi:aiohttp.web'],
  source: 'https://docs.aiohttp.org/en/stable/web_reference.html#request-and-base-request',
  types: { Request: {}, BaseRequest: { extends: 'Request' }, RouteTableDef: {}, View: {} },
  gives: [
    { call: 'RouteTableDef', gives: 'RouteTableDef' },
    { property: 'View.request', gives: 'Request' },
  ],
  inputs: [
    { property: ['Request.query', 'Request.rel_url', 'Request.query_string'], label: 'the query string' },
    { property: 'Request.match_info', label: 'the path' },
    { property: 'Request.headers', label: 'the request headers' },
    { property: 'Request.cookies', label: 'the cookies' },
    { call: ['Request.json', 'Request.post', 'Request.text', 'Request.read'], label: 'the request body' },
  ],
} as const satisfies LibraryModel;

export const pyramid = {
  package: 'pypi:pyramid',
  also: ['pypi:pyramid.request', 'pypi:pyramid.view', 'pypi:webob'],
  source: 'https://docs.pylonsproject.org/projects/pyramid/en/latest/api/request.html',
  types: { Request: {} },
  inputs: [
    { property: 'Request.GET', label: 'the query string' },
    { property: ['Request.POST', 'Request.json_body', 'Request.json', 'Request.body'], label: 'the request body' },
    { property: 'Request.params', label: 'the request' },
    { property: 'Request.matchdict', label: 'the path' },
    { property: 'Request.headers', label: 'the request headers' },
    { property: 'Request.cookies', label: 'the cookies' },
  ],
} as const satisfies LibraryModel;

/** A parameter that is called a request, whose type nothing says: what is read from it by these names is what a client sent. */
export const pythonRequests = {
  package: 'pypi:wsgiref',
  source:
    'https://docs.djangoproject.com/en/5.1/ref/request-response/, https://docs.aiohttp.org/en/stable/web_reference.html, https://www.starlette.io/requests/',
  types: { Request: {} },
  inputs: [
    { property: ['Request.GET', 'Request.query_params', 'Request.rel_url'], label: 'the query string' },
    { property: ['Request.POST', 'Request.json_body'], label: 'the request body' },
    { property: ['Request.matchdict', 'Request.match_info', 'Request.path_params'], label: 'the path' },
    { property: ['Request.COOKIES', 'Request.cookies'], label: 'the cookies' },
    { property: ['Request.META', 'Request.headers'], label: 'the request headers' },
    { property: ['Request.query', 'Request.args'], label: 'the query string' },
    { property: 'Request.form', label: 'the request body' },
  ],
  handlers: [{ parameters: [['request', 'req']], receives: ['Request'] }],
} as const satisfies LibraryModel;
