/** Containers that make and keep the instances of services: asked for a class, they give one of it. */
import type { LibraryModel } from './vocabulary';

export const typedi = {
  package: 'npm:typedi',
  also: ['npm:@n8n/di'],
  source: 'https://docs.typestack.community/typedi, https://github.com/n8n-io/n8n/tree/master/packages/@n8n/di',
  types: { ContainerInstance: {} },
  gives: [
    { call: ['Container.get', 'ContainerInstance.get'], gives: 'instance of argument 0' },
    { call: ['Container.of', 'Container.reset'], gives: 'ContainerInstance' },
  ],
  neutral: ['Container.set', 'Container.has', 'Container.remove', 'Container.import'],
} as const satisfies LibraryModel;

export const tsyringe = {
  package: 'npm:tsyringe',
  source: 'https://github.com/microsoft/tsyringe#container',
  types: { DependencyContainer: {} },
  gives: [
    { property: 'container', gives: 'DependencyContainer' },
    { call: 'DependencyContainer.resolve', gives: 'instance of argument 0' },
    { call: 'DependencyContainer.createChildContainer', gives: 'DependencyContainer' },
  ],
} as const satisfies LibraryModel;

export const inversify = {
  package: 'npm:inversify',
  source: 'https://inversify.io/docs/api/container/',
  types: { Container: {} },
  gives: [
    { construct: 'Container', gives: 'Container' },
    { call: ['Container.get', 'Container.resolve'], gives: 'instance of argument 0' },
    { call: 'Container.createChild', gives: 'Container' },
  ],
} as const satisfies LibraryModel;

export const nestCore = {
  package: 'npm:@nestjs/core',
  also: ['npm:@nestjs/testing'],
  source: 'https://docs.nestjs.com/fundamentals/module-ref, https://docs.nestjs.com/standalone-applications',
  types: { ModuleRef: {}, Application: {} },
  gives: [
    {
      call: ['NestFactory.create', 'NestFactory.createApplicationContext', 'NestFactory.createMicroservice'],
      gives: 'Application',
    },
    {
      call: ['Application.get', 'Application.resolve', 'ModuleRef.get', 'ModuleRef.resolve', 'ModuleRef.create'],
      gives: 'instance of argument 0',
    },
    { call: 'Application.select', gives: 'receiver' },
  ],
} as const satisfies LibraryModel;

export const awilix = {
  package: 'npm:awilix',
  also: ['npm:awilix-express', 'npm:awilix-koa', 'npm:@fastify/awilix', 'npm:awilix-router-core', 'npm:awilix-manager'],
  source:
    'https://github.com/jeffijoe/awilix#api, https://github.com/fastify/fastify-awilix, https://github.com/talyssonoc/awilix-express',
  types: { AwilixContainer: {}, Cradle: {} },
  gives: [
    { call: 'createContainer', gives: 'AwilixContainer' },
    {
      property: [
        'diContainer',
        'diContainerClassic',
        'npm:express#Request.scope',
        'npm:express#Request.container',
        'npm:fastify#FastifyRequest.diScope',
        'npm:fastify#FastifyInstance.diContainer',
      ],
      gives: 'AwilixContainer',
    },
    { property: 'AwilixContainer.cradle', gives: 'Cradle' },
    { property: 'Cradle.*', gives: 'offered by name' },
    { call: ['AwilixContainer.resolve', 'AwilixContainer.build'], gives: 'offered argument 0' },
    {
      call: ['AwilixContainer.createScope', 'AwilixContainer.register', 'AwilixContainer.loadModules'],
      gives: 'receiver',
    },
  ],
  registry: {
    classes: 'asClass',
    functions: 'asFunction',
    values: 'asValue',
    names: 'aliasTo',
    loads: ['AwilixContainer.loadModules', 'loadControllers'],
    injects: [
      'AwilixContainer.build',
      'inject',
      'makeInvoker',
      'makeClassInvoker',
      'makeFunctionInvoker',
      'createController',
      'controller',
    ],
    all: 'Cradle',
  },
  anyReceiver: ['AwilixContainer.resolve'],
  neutral: ['AwilixContainer.dispose', 'AwilixContainer.hasRegistration', 'scopePerRequest'],
} as const satisfies LibraryModel;
