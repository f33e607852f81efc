/** When a call runs the functions that it is handed: what a walk along paths asks (`PathMachine.callback`). */
import type { CallbackRow } from '../libraries/vocabulary';
import type { ObservedCall } from '../program/analysis';
import type { CallbackRun } from '../program/paths';
import type { LibraryTables } from './libraryTables';

/**
 * By the tables; otherwise by how the call is used. What a call is waited for with runs meanwhile; of a call whose result is
 * dropped the last argument is what goes on when it is done, and walking it in place keeps the order of what happens.
 * Listeners and handlers run who knows when: no answer.
 */
export function callbackRunOf(tables: LibraryTables, call: ObservedCall, index: number): CallbackRun | undefined {
  const { target } = call;
  if (target.kind === 'library') {
    if (tables.routes.has(target.name) || tables.batches.has(target.name)) return undefined;
    const row = rowFor(tables.callbacks.get(target.name), index);
    if (row) return runOf(row);
  }
  const method = methodOf(call);
  const row = method === undefined ? undefined : rowFor(tables.callbackMethods.get(method), index);
  if (row) return runOf(row);
  if (method !== undefined && REGISTERS.test(method)) return undefined;
  if (call.awaited || call.use.kind === 'returned' || call.use.kind === 'receiver') return 'now';
  return call.use.kind === 'discarded' && index === call.arguments.length - 1 ? 'now' : undefined;
}

const rowFor = (rows: readonly CallbackRow[] | undefined, index: number): CallbackRow | undefined =>
  rows?.find(({ argument, from = 0 }) => (argument === 'rest' ? index >= from : argument === index));

function runOf({ runs, error, repeats }: CallbackRow): CallbackRun | undefined {
  switch (runs) {
    case 'later':
      return undefined;
    case 'kept':
      return 'on-success';
    case 'either':
      return 'always';
  }
  if (error === 'only') return 'on-failure';
  return repeats ? 'repeatedly' : 'now';
}

/** The name that is called, at the end of what is written: `client.query` → `query`. */
const methodOf = ({ source }: ObservedCall): string | undefined => /[\w$]+$/.exec(source)?.[0];

const REGISTERS =
  /^(?:on|once|off|addListener|prependListener|addEventListener|subscribe|listen|use|get|post|put|patch|delete|all|route|setTimeout|setInterval|setImmediate|nextTick)$|^on[A-Z]/;
