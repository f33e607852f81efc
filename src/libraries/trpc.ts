/** tRPC 10 and 11: what a client calls a procedure with. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

export const trpc = {
  package: 'npm:@trpc/server',
  source:
    'https://trpc.io/docs/server/procedures, https://trpc.io/docs/server/validators, https://trpc.io/docs/server/context',
  types: { Builder: {}, Trpc: {}, Procedure: {}, ResolverOptions: {} },
  gives: [
    { property: 'initTRPC', gives: 'Builder' },
    { call: 'Builder.context', gives: 'receiver with ctx type 0' },
    { call: 'Builder.meta', gives: 'receiver' },
    { call: 'Builder.create', gives: 'Trpc beside receiver' },
    { property: 'Trpc.procedure', gives: 'Procedure beside receiver' },
    { call: 'Procedure.input', gives: 'receiver with input argument 0' },
    { call: membersOf('Procedure', ['output', 'use', 'meta', 'unstable_concat', 'concat']), gives: 'receiver' },
    { property: 'ResolverOptions.ctx', gives: 'as said' },
  ],
  inputs: [{ property: ['ResolverOptions.input', 'ResolverOptions.rawInput'], label: 'the input of the procedure' }],
  routes: [
    {
      call: membersOf('Procedure', ['query', 'mutation', 'subscription']),
      handlers: 0,
      receives: ['ResolverOptions beside receiver'],
    },
  ],
  callbacks: [
    { call: ['Procedure.use', 'Trpc.middleware'], argument: 0, receives: ['ResolverOptions beside receiver'] },
  ],
  neutral: ['Trpc.router', 'Trpc.mergeRouters', 'Trpc.createCallerFactory'],
} as const satisfies LibraryModel;
