/**
 * Proves that the way back of a migration is one: runs the history before it, then its up, its down and its up again on
 * the embedded PostgreSQL, and compares what the catalog says in between.
 *
 * Many steps of one history are one pass: each leaves the database as its up has made it, for the next. What a down has
 * left otherwise is undone with its transaction; where there was none, the history is run anew.
 */

import { HOLE } from '../sql/tokens';
import { assumedExtensions } from './assumedExtensions';
import {
  controlsTransaction,
  type Database,
  DatabaseEnded,
  databaseOf,
  extensionOf,
  extensionsIn,
  givesAway,
  isTransactional,
  type LabScript,
  type Ran,
} from './database';
import { compareSnapshots, type Difference } from './differences';
import type { Lab } from './lab';
import { lostOf, putMarkers } from './markers';
import { othersTables } from './othersTables';
import type { Snapshot } from './snapshot';
import type { Again, Failure, LabStep, NotReversible, NotVerifiable, Twice, Verdict } from './verdict';

export interface Verified {
  readonly index: number;
  readonly step: LabStep;
  readonly verdict: Verdict;
}

export interface VerifyOptions {
  /** Which steps to judge, by their place in the history; all by default. Those before them run up alone. */
  readonly chosen?: (index: number) => boolean;
  /** Tables that are no part of the schema: the books of the migration tool. */
  readonly leftOut?: (relation: string) => boolean;
  /** The embedded PostgreSQL has it. */
  readonly hasExtension: (name: string) => boolean;
  readonly signal?: AbortSignal;
  readonly onStep?: (index: number, step: LabStep) => void;
}

/** Judges the chosen steps in the order of the history. Ends early when cancelled; throws for nothing that SQL does. */
export async function* verifyHistory(
  lab: Lab,
  history: readonly LabStep[],
  { chosen = () => true, leftOut = () => false, hasExtension, signal, onStep }: VerifyOptions,
): AsyncGenerator<Verified> {
  const run = new HistoryRun(lab, history, databaseOf(lab, leftOut), hasExtension);
  for (const [index, step] of history.entries()) {
    if (signal?.aborted) return;
    if (!chosen(index)) continue;
    onStep?.(index, step);
    const verdict = await run.judge(index);
    if (signal?.aborted) return;
    yield { index, step, verdict };
  }
}

/** The database, and how far the history has been run in it. */
class HistoryRun {
  /** How many ups the database holds; undefined when it must be made anew. */
  private done: number | undefined;
  /** The schema that the database has. */
  private schema: Snapshot | undefined;
  /** The first step that cannot be run. */
  private broken: { readonly index: number; readonly because: NotVerifiable } | undefined;
  private readonly scripts: readonly LabScript[];
  /** The extensions that are there before the first step. */
  private readonly assumed: readonly string[];
  /** The same of tables: what makes them. */
  private readonly others: readonly string[];

  constructor(
    private readonly lab: Lab,
    private readonly history: readonly LabStep[],
    private readonly database: Database,
    private readonly hasExtension: (name: string) => boolean,
  ) {
    this.scripts = history.flatMap(({ up, down }) => (down ? [up, down] : [up]));
    this.assumed = assumedExtensions(this.scripts).filter(hasExtension);
    this.others = othersTables(this.scripts);
    for (const [index, { up, refused }] of history.entries()) {
      const untranslated = structural(up);
      if (refused !== undefined) this.broken ??= { index, because: { reason: 'refused', message: refused } };
      if (untranslated.length > 0)
        this.broken ??= { index, because: { reason: 'untranslated', direction: 'up', what: untranslated } };
    }
  }

  async judge(index: number): Promise<Verdict> {
    try {
      return await this.judgeStep(index);
    } catch (error) {
      this.done = undefined;
      if (!(error instanceof Error)) throw error;
      return error instanceof DatabaseEnded
        ? notVerifiable({ reason: 'ended', direction: 'up', statement: 0, ending: error.ending })
        : notVerifiable({ reason: 'lab', message: error.message });
    }
  }

  private async judgeStep(index: number): Promise<Verdict> {
    const step = this.history[index];
    if (!step) throw new RangeError(`no step ${index}`);
    if (this.broken && this.broken.index <= index) return notVerifiable(this.whyNot(index));
    const before = await this.schemaBefore(index);
    if (!before) return notVerifiable(this.whyNot(index));

    const missing = step.up.statements.flatMap(({ sql }) => this.lacks(sql) ?? [])[0];
    const failed = await this.up(index);
    if (failed) return notVerifiable(failed);
    const after = await this.current();
    if (missing !== undefined) return notVerifiable({ reason: 'extension', extension: missing });
    const changed = deciding(compareSnapshots(before, after));
    const twice = await this.twice(step, after);
    await this.restore(index + 1);
    if (step.repeatable && changed.length > 0) return { ...notVerifiable({ reason: 'repeatable' }), twice };

    const down = step.down && this.runnable(step.down);
    const isThere = down && (down.statements.length > 0 || down.untranslated.length > 0);
    if (!isThere)
      return changed.length === 0
        ? { verdict: 'data-only', soft: [], twice }
        : { verdict: 'not-reversible', because: { reason: 'no-down', differences: changed }, soft: [], twice };
    if (down.throws && down.statements.length === 0 && changed.length > 0)
      return { ...notReversible({ reason: 'down-throws', differences: changed }), twice };
    const untranslated = structural(down);
    if (untranslated.length > 0)
      return { ...notVerifiable({ reason: 'untranslated', direction: 'down', what: untranslated }), twice };
    if (this.done !== index + 1) return notVerifiable(this.whyNot(index + 1));
    const schemas = { before, after, changed };
    const verdict =
      (await this.downWithin(index, step, down, schemas)) ?? (await this.downAlone(index, step, down, schemas));
    return { ...verdict, twice };
  }

  /**
   * The down in a transaction, which is kept when it is an inverse and undone when it is not; undefined for one that
   * cannot run in a transaction.
   */
  private async downWithin(
    index: number,
    step: LabStep,
    down: LabScript,
    schemas: Schemas,
  ): Promise<Verdict | undefined> {
    if (controlsTransaction(down)) return undefined;
    const { before, changed } = schemas;
    await this.database.ask('RESET ALL');
    await this.database.ask('BEGIN');
    const ran = await this.database.runWithin(down);
    if (ran.state === 'ended') return this.ended(stoppedIn(ran, down, 'down'));
    if (ran.state === 'failed') {
      await this.database.ask('ROLLBACK');
      if (!down.inTransaction && wantsNoTransaction(ran)) return undefined;
      return notReversible({ reason: 'down-fails', failure: failureOf(ran, down) });
    }
    const differences = compareSnapshots(before, await this.database.snapshot());
    const against = deciding(differences);
    const soft = differences.filter(difference => difference.soft);
    if (against.length > 0) {
      await this.database.ask('ROLLBACK');
      return { ...notReversible({ reason: 'differs', differences: against }), soft };
    }
    const lost = await this.lost(step, down, schemas);
    const committed = await this.lab.run('COMMIT');
    if ('ended' in committed)
      return this.ended({ reason: 'ended', direction: 'down', statement: 0, ending: committed.ended });
    if ('error' in committed)
      return notReversible({
        reason: 'down-fails',
        failure: { statement: down.statements.length - 1, sql: 'COMMIT', error: committed.error },
      });
    return this.upAgain(index, { changed, soft, lost, after: schemas.after });
  }

  /** The down as it is sent without a transaction: what it does wrong stays, and the history is run anew. */
  private async downAlone(index: number, step: LabStep, down: LabScript, schemas: Schemas): Promise<Verdict> {
    this.done = undefined;
    const ran = await this.database.run(down);
    if (ran.state === 'ended') return this.ended(stoppedIn(ran, down, 'down'));
    if (ran.state === 'failed') return notReversible({ reason: 'down-fails', failure: failureOf(ran, down) });
    const differences = compareSnapshots(schemas.before, await this.database.snapshot());
    const against = deciding(differences);
    const soft = differences.filter(difference => difference.soft);
    if (against.length > 0) return { ...notReversible({ reason: 'differs', differences: against }), soft };
    await this.database.ask('BEGIN');
    const lost = await this.lost(step, down, schemas);
    await this.database.ask('ROLLBACK');
    return this.upAgain(index, { changed: schemas.changed, soft, lost, after: schemas.after });
  }

  /** The schema is back: the up has to give what it gave. */
  private async upAgain(
    index: number,
    {
      changed,
      soft,
      lost,
      after,
    }: { changed: readonly Difference[]; soft: readonly Difference[]; lost: readonly string[]; after: Snapshot },
  ): Promise<Verdict> {
    this.done = index;
    this.schema = undefined;
    const step = this.history[index];
    const ran = step ? await this.database.run(this.runnable(step.up)) : undefined;
    let again: Again | undefined;
    if (step && ran?.state === 'failed') {
      again = { outcome: 'fails', failure: failureOf(ran, step.up) };
      this.done = undefined;
    } else if (ran?.state === 'ended') {
      this.done = undefined;
    } else {
      this.done = index + 1;
      const differences = deciding(compareSnapshots(after, await this.current()));
      if (differences.length > 0) {
        again = { outcome: 'differs', differences };
        this.done = undefined;
      }
    }
    const found = again ? { again } : {};
    if (changed.length === 0 && lost.length === 0) return { verdict: 'data-only', soft };
    return lost.length > 0
      ? { verdict: 'structure-proven-data-lost', lost, soft, ...found }
      : { verdict: 'proven', soft, ...found };
  }

  /**
   * What is lost on the way there and back, asked of rows inside the open transaction, in which the schema is as it was
   * before the up. Where rows stop the up, what falls on the way is lost by definition.
   */
  private async lost(step: LabStep, down: LabScript, { changed }: Schemas): Promise<readonly string[]> {
    const fallen = losesByDefinition(changed);
    if (fallen.length === 0 && !mayLoseRows(step.up, changed) && !WRITES_ROWS.test(textOf(down))) return [];
    if (controlsTransaction(step.up) || controlsTransaction(down)) return fallen;
    await this.database.ask('SAVEPOINT there_and_back');
    let lost: readonly string[] = fallen;
    const rows = await putMarkers(this.database);
    const there = await this.database.runWithin(this.runnable(step.up));
    if (there.state === 'done') await this.database.tries('SET CONSTRAINTS ALL IMMEDIATE');
    const back = there.state === 'done' ? await this.database.runWithin(down) : there;
    if (back.state === 'ended') throw new DatabaseEnded(back.ending);
    if (back.state === 'done') lost = await lostOf(this.database, rows);
    await this.database.ask('ROLLBACK TO there_and_back');
    return lost;
  }

  private async twice(step: LabStep, after: Snapshot): Promise<Twice | undefined> {
    const up = this.runnable(step.up);
    if (up.statements.length === 0) return undefined;
    let ran: Ran | undefined;
    let differences: readonly Difference[] = [];
    if (!controlsTransaction(up)) {
      await this.database.ask('BEGIN');
      ran = await this.database.runWithin(up);
      if (ran.state === 'done') differences = deciding(compareSnapshots(after, await this.database.snapshot()));
      if (ran.state !== 'ended') await this.database.ask('ROLLBACK');
    }
    if (!up.inTransaction && (!ran || ran.state === 'failed')) {
      // as it is sent: what comes before the failure stays
      ran = await this.database.run(up);
      if (ran.state !== 'ended') differences = deciding(compareSnapshots(after, await this.database.snapshot()));
      if (differences.length > 0 || WRITES_ROWS.test(textOf(up))) this.done = undefined;
    }
    if (!ran || ran.state === 'ended') {
      this.done = undefined;
      return undefined;
    }
    if (ran.state === 'failed')
      return { outcome: 'fails', failure: failureOf(ran, up), undone: differences.length === 0 };
    return differences.length > 0 ? { outcome: 'changes', differences } : { outcome: 'same' };
  }

  /** Brings the database to the state before a step; undefined when the history does not get there. */
  private async schemaBefore(index: number): Promise<Snapshot | undefined> {
    await this.restore(index);
    return this.done === index ? this.current() : undefined;
  }

  /** Runs ups until the database holds so many, from an empty one where it must. */
  private async restore(count: number): Promise<void> {
    if (this.done === undefined || this.done > count) {
      const opened = await this.lab.open([...this.assumed, ...extensionsIn(this.scripts)].filter(this.hasExtension));
      if ('ended' in opened) throw new DatabaseEnded(opened.ended);
      if ('error' in opened) throw new Error(opened.error.message);
      for (const extension of this.assumed) await this.database.ask(`CREATE EXTENSION "${extension}"`);
      for (const table of this.others) await this.database.ask(table);
      this.done = 0;
      this.schema = undefined;
    }
    while (this.done !== undefined && this.done < count) {
      const index = this.done;
      if (this.broken && this.broken.index <= index) return;
      const failed = await this.up(index);
      if (failed) return;
    }
  }

  /** Runs the up of a step on the database that holds all before it. What it gives is why it could not. */
  private async up(index: number): Promise<NotVerifiable | undefined> {
    const step = this.history[index];
    if (!step) throw new RangeError(`no step ${index}`);
    const ran = await this.database.run(this.runnable(step.up));
    if (ran.state === 'done') {
      this.done = index + 1;
      this.schema = undefined;
      return undefined;
    }
    const because: NotVerifiable =
      ran.state === 'failed' ? { reason: 'up-fails', failure: failureOf(ran, step.up) } : stoppedIn(ran, step.up, 'up');
    if (ran.state === 'ended' || !isTransactional(step.up)) this.done = undefined;
    if (!this.broken || this.broken.index > index) this.broken = { index, because };
    return because;
  }

  /**
   * Without the extensions that the embedded PostgreSQL lacks: what needs them will fail by itself. And without rows that
   * are known in part alone.
   */
  private runnable(script: LabScript): LabScript {
    const isLeftOut = (sql: string): boolean => givesAway(sql) || sql.includes(HOLE) || this.lacks(sql) !== undefined;
    if (!script.statements.some(({ sql }) => isLeftOut(sql))) return script;
    return { ...script, statements: script.statements.map(one => (isLeftOut(one.sql) ? NOTHING : one)) };
  }

  private lacks(sql: string): string | undefined {
    const extension = extensionOf(sql);
    return extension !== undefined && !this.hasExtension(extension) ? extension : undefined;
  }

  private async current(): Promise<Snapshot> {
    this.schema ??= await this.database.snapshot();
    return this.schema;
  }

  private whyNot(index: number): NotVerifiable {
    const { broken } = this;
    if (!broken) return { reason: 'lab', message: 'the history before it could not be run' };
    if (broken.index === index) return broken.because;
    return { reason: 'history', step: this.history[broken.index]?.name ?? '', because: broken.because };
  }

  private ended(because: NotVerifiable): Verdict {
    this.done = undefined;
    return notVerifiable(because);
  }
}

interface Schemas {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** What the up changes. */
  readonly changed: readonly Difference[];
}

/** Keeps the place of a statement that is not run. */
const NOTHING = { sql: 'SELECT' };

const deciding = (differences: readonly Difference[]): readonly Difference[] => differences.filter(one => !one.soft);

const structural = (script: LabScript): readonly string[] =>
  script.untranslated.filter(({ dataOnly }) => !dataOnly).map(({ what }) => what);

const notVerifiable = (because: NotVerifiable) => ({ verdict: 'not-verifiable', because, soft: [] }) as const;
const notReversible = (because: NotReversible) => ({ verdict: 'not-reversible', because, soft: [] }) as const;

const failureOf = ({ statement, error }: Ran & { state: 'failed' }, script: LabScript): Failure => ({
  statement,
  sql: script.statements[statement]?.sql ?? '',
  error,
});

function stoppedIn(
  { statement, ending }: Ran & { state: 'ended' },
  script: LabScript,
  direction: 'up' | 'down',
): NotVerifiable {
  const sql = script.statements[statement]?.sql;
  return { reason: 'ended', direction, statement, ...(sql === undefined ? {} : { sql }), ending };
}

/** Refused for being in a transaction: CONCURRENTLY, VACUUM, a label of an enum that the transaction has added. */
const wantsNoTransaction = ({ error }: Ran & { state: 'failed' }): boolean =>
  error.code === '25001' || error.code === '55P04';

const textOf = ({ statements }: LabScript): string => statements.map(({ sql }) => sql).join(';\n');

const WRITES_ROWS = /\b(?:update|delete|truncate|insert|merge|execute)\b/i;

/** Whether rows that were there before an up may not come back, as far as its text and what it changes say. */
function mayLoseRows(up: LabScript, changed: readonly Difference[]): boolean {
  const text = textOf(up);
  return (
    /\b(?:update|delete|truncate|merge|execute)\b/i.test(text) ||
    /\bdrop\s+(?:table|column)\b|\bdrop\s+(?!constraint|default|not|index)\w+\s*[;,]/i.test(text) ||
    changed.some(({ kind, aspect }) => kind === 'column' && (aspect === 'type' || aspect === 'generation'))
  );
}

/** What the up drops holds rows, or values, that no down can know. */
const losesByDefinition = (changed: readonly Difference[]): readonly string[] =>
  changed.flatMap(({ kind, change, name }) =>
    change !== 'missing' ? [] : kind === 'table' ? [`rows of ${name}`] : kind === 'column' ? [`values of ${name}`] : [],
  );
