/** tRPC 10 and 11: what a client calls a procedure with. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

export const trpc = {
  package: 'npm:@trpc/server',
  source: 'https://trpc.io/docs/server/procedures, https://trpc.io/docs/server/validators',
  types: { Builder: {}, Trpc: {}, Procedure: {}, ResolverOptions: {} },
  gives: [
    { property: 'initTRPC', gives: 'Builder' },
    { call: membersOf('Builder', ['context', 'meta']), gives: 'receiver' },
    { call: 'Builder.create', gives: 'Trpc' },
    { property: 'Trpc.procedure', gives: 'Procedure' },
    {
      call: membersOf('Procedure', ['input', 'output', 'use', 'meta', 'unstable_concat', 'concat']),
      gives: 'receiver',
    },
  ],
  inputs: [{ property: ['ResolverOptions.input', 'ResolverOptions.rawInput'], label: 'the input of the procedure' }],
  routes: [
    { call: membersOf('Procedure', ['query', 'mutation', 'subscription']), handlers: 0, receives: ['ResolverOptions'] },
  ],
  callbacks: [{ call: 'Procedure.use', argument: 0, receives: ['ResolverOptions'] }],
  neutral: ['Trpc.router', 'Trpc.mergeRouters', 'Trpc.middleware', 'Trpc.createCallerFactory'],
} as const satisfies LibraryModel;
