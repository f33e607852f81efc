/** AWS Lambda behind API Gateway, a load balancer or a function URL: the event holds the request. */
import type { LibraryModel } from './vocabulary';

export const awsLambda = {
  package: 'npm:aws-lambda',
  also: ['npm:@types/aws-lambda'],
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html',
  types: {
    APIGatewayProxyEvent: {},
    APIGatewayProxyEventV2: { extends: 'APIGatewayProxyEvent' },
    APIGatewayEvent: { extends: 'APIGatewayProxyEvent' },
    ALBEvent: { extends: 'APIGatewayProxyEvent' },
    LambdaFunctionURLEvent: { extends: 'APIGatewayProxyEvent' },
    APIGatewayProxyHandler: {},
    APIGatewayProxyHandlerV2: {},
    ALBHandler: {},
    LambdaFunctionURLHandler: {},
    Handler: {},
    AppSyncResolverEvent: {},
    AppSyncResolverHandler: {},
  },
  inputs: [
    { property: ['APIGatewayProxyEvent.body'], label: 'the request body' },
    {
      property: [
        'APIGatewayProxyEvent.queryStringParameters',
        'APIGatewayProxyEvent.multiValueQueryStringParameters',
        'APIGatewayProxyEvent.rawQueryString',
      ],
      label: 'the query string',
    },
    {
      property: ['APIGatewayProxyEvent.pathParameters', 'APIGatewayProxyEvent.path', 'APIGatewayProxyEvent.rawPath'],
      label: 'the path',
    },
    {
      property: ['APIGatewayProxyEvent.headers', 'APIGatewayProxyEvent.multiValueHeaders'],
      label: 'the request headers',
    },
    { property: 'APIGatewayProxyEvent.cookies', label: 'the cookies' },
    { property: 'AppSyncResolverEvent.arguments', label: 'the arguments of the GraphQL query' },
  ],
  handlers: [
    {
      type: ['APIGatewayProxyHandler', 'APIGatewayProxyHandlerV2', 'ALBHandler', 'LambdaFunctionURLHandler', 'Handler'],
      receives: ['APIGatewayProxyEvent'],
    },
    { type: 'AppSyncResolverHandler', receives: ['AppSyncResolverEvent'] },
    {
      exported: ['handler', 'lambdaHandler', 'main'],
      parameters: [['event', '_event', 'evt']],
      receives: ['APIGatewayProxyEvent'],
    },
  ],
} as const satisfies LibraryModel;
