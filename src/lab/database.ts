/**
 * One database of the lab while a history runs in it: scripts as their tool sends them, snapshots, and what the lab adds
 * on its own account, roles that a migration names and nobody has made.
 */
import { type Guard, questionOf } from '../migrations/guards';
import type { OthersTable, Untranslated } from '../migrations/script';
import { sourceOf, tokensOf } from '../sql/tokens';
import type { Ending, Lab, Outcome } from './lab';
import type { ServerError } from './protocol';
import { type Snapshot, takeSnapshot } from './snapshot';

/** One direction of a migration, as `migrations/` gives it. */
export interface LabScript {
  readonly statements: readonly { readonly sql: string; readonly guards?: readonly Guard[] }[];
  readonly untranslated: readonly Pick<Untranslated, 'what' | 'dataOnly'>[];
  readonly inTransaction: boolean;
  /** It raises an error whatever happens. */
  readonly throws?: boolean;
  /** Tables of others that are there before the first step, with nothing but the keys that it refers to. */
  readonly leansOn?: readonly OthersTable[];
}

/** How the statements of a script went. `statement` counts from 0 within the script. */
export type Ran =
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly statement: number; readonly error: ServerError }
  | { readonly state: 'ended'; readonly statement: number; readonly ending: Ending };

export class DatabaseEnded extends Error {
  constructor(readonly ending: Ending) {
    super(`the embedded PostgreSQL has ended: ${ending}`);
  }
}

export interface Database {
  /** Runs a script as its tool does, and commits it. A script that fails is undone as far as its transaction goes. */
  run(script: LabScript): Promise<Ran>;
  /** Runs a script within the open transaction, and leaves that open, failed or not. */
  runWithin(script: LabScript): Promise<Ran>;
  snapshot(): Promise<Snapshot>;
  /** Rows of a statement of ours. @throws DatabaseEnded, or an Error with the server's refusal */
  ask(sql: string): Promise<readonly unknown[]>;
  /** The same for one that may be refused: undefined then. */
  tries(sql: string): Promise<readonly unknown[] | undefined>;
}

export function databaseOf(lab: Lab, leftOut: (relation: string) => boolean): Database {
  async function ask(sql: string): Promise<readonly unknown[]> {
    const outcome = await lab.run(sql);
    if ('ended' in outcome) throw new DatabaseEnded(outcome.ended);
    if ('error' in outcome) throw new Error(`${outcome.error.message}, for ${sql.slice(0, 200)}`);
    return outcome.rows;
  }

  async function tries(sql: string): Promise<readonly unknown[] | undefined> {
    const outcome = await lab.run(sql);
    if ('ended' in outcome) throw new DatabaseEnded(outcome.ended);
    return 'error' in outcome ? undefined : outcome.rows;
  }

  /** Each statement, up to the first that fails. */
  async function statementsOf(script: LabScript): Promise<Ran> {
    const known = new Map<object, boolean>();
    for (const [statement, { sql, guards = [] }] of script.statements.entries()) {
      if (!(await allow(guards, known))) continue;
      let outcome = await lab.run(sql);
      // outside a transaction, what was refused has left nothing behind
      const role = !isTransactional(script) && 'error' in outcome ? missingRole(outcome.error) : undefined;
      if (role !== undefined) {
        await tries(`CREATE ROLE ${quotedName(role)}`);
        outcome = await lab.run(sql);
      }
      const ran = ranOf(outcome, statement);
      if (ran) return ran;
    }
    return { state: 'done' };
  }

  /** Whether all that a statement asks first is so. What was asked before has its answer. */
  async function allow(guards: readonly Guard[], known: Map<object, boolean>): Promise<boolean> {
    let isAllowed = true;
    for (const guard of guards) {
      const isThere = known.get(guard.asked) ?? isTrue((await ask(questionOf(guard)))[0]);
      known.set(guard.asked, isThere);
      isAllowed &&= isThere === guard.exists;
    }
    return isAllowed;
  }

  async function run(script: LabScript): Promise<Ran> {
    // what one migration sets in its session is nothing to the next
    await ask('RESET ALL');
    await ask('RESET SESSION AUTHORIZATION');
    if (!isTransactional(script)) {
      const ran = await statementsOf(script);
      if (ran.state !== 'ended') await ask('ROLLBACK');
      return ran;
    }
    await ask('BEGIN');
    const ran = await statementsOf(script);
    if (ran.state === 'ended') return ran;
    if (ran.state === 'failed') {
      await ask('ROLLBACK');
      return ran;
    }
    const committed = await lab.run('COMMIT');
    return ranOf(committed, Math.max(0, script.statements.length - 1)) ?? ran;
  }

  return {
    ask,
    tries,
    snapshot: () => takeSnapshot(ask, leftOut),
    run: script => (isTransactional(script) ? withRoles(() => run(script)) : run(script)),
    runWithin: script =>
      withRoles(async () => {
        await ask('SAVEPOINT script');
        const ran = await statementsOf(script);
        if (ran.state === 'failed') await ask('ROLLBACK TO script');
        return ran;
      }),
  };

  /** Runs again with each role made that is found missing. */
  async function withRoles(work: () => Promise<Ran>): Promise<Ran> {
    const made = new Set<string>();
    for (;;) {
      const ran = await work();
      const role = ran.state === 'failed' ? missingRole(ran.error) : undefined;
      if (role === undefined || made.has(role)) return ran;
      made.add(role);
      await ask(`CREATE ROLE ${quotedName(role)}`);
    }
  }
}

function ranOf(outcome: Outcome, statement: number): Ran | undefined {
  if ('ended' in outcome) return { state: 'ended', statement, ending: outcome.ended };
  return 'error' in outcome ? { state: 'failed', statement, error: outcome.error } : undefined;
}

const UNDEFINED_OBJECT = '42704';

function missingRole({ code, message }: ServerError): string | undefined {
  return code === UNDEFINED_OBJECT ? /^role "(.+)" does not exist$/.exec(message)?.[1] : undefined;
}

/** A name in quotes, whatever it is. */
export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Whether a statement says nothing but whose an object is. That decides nothing, and here all is one user's: with some
 * of it given away, what the user may do elsewhere would fail.
 */
export const givesAway = (sql: string): boolean => /^\s*alter\s[^;,']*\sowner\s+to\s+(?:"[^"]+"|[\w$]+)\s*$/i.test(sql);

/** Whether it begins or ends a transaction itself. */
export const controlsTransaction = (script: LabScript): boolean =>
  script.statements.some(({ sql }) => CONTROLS_TRANSACTION.test(sql));

/** Whether all of it happens or nothing. */
export const isTransactional = (script: LabScript): boolean => script.inTransaction && !controlsTransaction(script);

const CONTROLS_TRANSACTION =
  /^\s*(?:begin|start\s+transaction|commit|end|rollback(?!\s+to\b)|abort|prepare\s+transaction)\b/i;

/** Those of `CREATE EXTENSION` in these scripts, by name. */
export function extensionsIn(scripts: readonly LabScript[]): readonly string[] {
  return [...new Set(scripts.flatMap(({ statements }) => statements.flatMap(({ sql }) => extensionOf(sql) ?? [])))];
}

/** The extension that a statement creates. */
export function extensionOf(sql: string): string | undefined {
  if (!/^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*create\s+extension\b/i.test(sql)) return undefined;
  const words = tokensOf(sql, 'postgresql').filter(({ kind }) => kind === 'word' || kind === 'name');
  const name = words
    .map(token => sourceOf(sql, token))
    .find((word, at) => at >= 2 && !/^(?:if|not|exists)$/i.test(word));
  return name?.replaceAll('"', '').toLowerCase();
}

const isTrue = (row: unknown): boolean =>
  typeof row === 'object' && row !== null && 'isThere' in row && row.isThere === true;
