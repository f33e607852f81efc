/**
 * Writes that belong together, and nothing that makes them one: the later uses what the earlier gave, or the two are one
 * step by what they do to the same rows (`writeBonds.ts`).
 */
import type { Place, UnitId } from '../engine/place';
import type { Try, Unit } from '../program/model';
import { namesIn } from '../program/storage';
import { visitNodes } from '../program/traverse';
import type { Value } from '../program/value';
import type { Evidence, PathStep } from './facts';
import { joinsTransaction } from './transactionCalls';
import { type TransactionRewrite, transactionRewriteOf } from './transactionRewrites';
import { holds, type Scene, triesIn } from './transactionScene';
import { type Work, workOf } from './work';
import { bondBetween, mayBeTied, type WriteBond } from './writeBonds';
import { isOnlyTouched, type WrittenKey, writtenKeysOf } from './writtenKeys';

export type { TransactionRewrite } from './transactionRewrites';

/** Writes of which the later belong to the earlier, with nothing that makes them one. */
export interface DependentWrites {
  readonly unit: UnitId;
  /** What makes them belong together. */
  readonly bond: 'value' | WriteBond | 'references';
  readonly earlier: WriteStep;
  /** In order; at least one. */
  readonly later: readonly WriteStep[];
  readonly evidence: Evidence;
  readonly library?: string;
  readonly rewrite?: TransactionRewrite;
}

export interface WriteStep {
  readonly at: Place;
  readonly label: string;
  readonly relation?: string;
  readonly path: readonly PathStep[];
  /** Columns with the expression that is written to them, or that they are compared with; asked for by the schema alone. */
  readonly keys?: readonly WrittenKey[];
}

/** What is only added to, told to someone, or can be made again: nobody misses a transaction around it. */
const APART =
  /(?:^|[^a-z]|(?<=[a-z])(?=[A-Z]))(?:audit|log|event|history|activit|outbox|notif|analytic|metric|sessions?|token|otp|verification|job|queue|visit|view|stat|telemetry|webhook|cache|trace|e?mails?|reminder|login|attempt|migration|setting|config|seed|fixture|message|snapshot|version|revision|progress|track)/i;

const IDEMPOTENT =
  /on\s+conflict|on\s+duplicate|insert\s+(?:or\s+)?ignore|insert\s+or\s+replace|^\s*replace\b|upsert|findOrCreate|find_or_create|firstOrCreate|getOrCreate|(?:get|update)_or_create|updateOrCreate|ensure|onConflict|orIgnore|orUpdate/i;

export function dependentWritesIn(scene: Scene, writes: readonly Work[]): readonly DependentWrites[] {
  if (scene.transactions.whole || writes.length < 2) return [];
  const candidates = writes.filter(
    each => !each.cleansUp && !each.definesSchema && !isApart(each) && !isInTransaction(scene, each),
  );
  if (candidates.length < 2) return [];
  const tries = triesIn(scene.unit.function);
  const found: DependentWrites[] = [];
  const told = new Set<string>();
  const add = (earlier: Work, later: readonly Work[], bond: DependentWrites['bond']): void => {
    for (const each of later) told.add(each.id);
    const writesOfBoth = [earlier, ...later];
    const rewrite = transactionRewriteOf(scene.setting, scene.unit, writesOfBoth);
    found.push({
      unit: scene.id,
      bond,
      earlier: stepOf(earlier),
      later: later.map(stepOf),
      evidence: writesOfBoth.some(({ evidence }) => evidence === 'manifest') ? 'manifest' : earlier.evidence,
      ...(earlier.library === undefined ? {} : { library: earlier.library }),
      ...(rewrite ? { rewrite } : {}),
    });
  };
  const after = (earlier: Work, index: number): readonly Work[] =>
    candidates
      .slice(index + 1)
      .filter(
        each =>
          !told.has(each.id) && each.call.start > earlier.call.end && !isProvidedFor(tries, earlier, each, scene.unit),
      );
  for (const [index, earlier] of candidates.entries()) {
    if (told.has(earlier.id) || IDEMPOTENT.test(textOf(scene, earlier))) continue;
    const later = after(earlier, index).filter(
      each => belongsTo(scene, each, earlier) && !isSameRow(each, earlier) && !isChangedAgain(scene, each, earlier),
    );
    if (later.length > 0) add(earlier, later, 'value');
  }
  // what is one step for another reason is told where nothing else is said of the two
  const spoken = new Set(found.flatMap(({ earlier, later }) => [earlier, ...later].map(({ at }) => at.start)));
  for (const [index, earlier] of candidates.entries()) {
    if (told.has(earlier.id) || spoken.has(earlier.at.start)) continue;
    const bonds = after(earlier, index).flatMap(each => {
      const bond = spoken.has(each.at.start) ? undefined : bondBetween(scene, earlier, each);
      return bond ? [{ each, bond }] : [];
    });
    const [first] = bonds;
    if (!first) continue;
    const same = bonds.filter(({ bond }) => bond === first.bond).map(({ each }) => each);
    told.add(earlier.id);
    add(earlier, same, first.bond);
  }
  return found;
}

/** Pairs of writes that are one step where a foreign key ties their tables. Of those of which nothing else is said. */
export function maybeTiedWritesIn(
  scene: Scene,
  writes: readonly Work[],
  told: readonly DependentWrites[],
): readonly DependentWrites[] {
  if (scene.transactions.whole || writes.length < 2) return [];
  const spoken = new Set(told.flatMap(({ earlier, later }) => [earlier, ...later].map(({ at }) => at.start)));
  const candidates = writes.filter(
    each =>
      !each.cleansUp &&
      !each.definesSchema &&
      !each.behind &&
      each.relation !== undefined &&
      !spoken.has(each.at.start) &&
      !isApart(each) &&
      !IDEMPOTENT.test(textOf(scene, each)) &&
      !isInTransaction(scene, each) &&
      !isOnlyTouched(scene, each),
  );
  if (candidates.length < 2) return [];
  const tries = triesIn(scene.unit.function);
  const found: DependentWrites[] = [];
  for (const [index, earlier] of candidates.entries())
    for (const later of candidates.slice(index + 1)) {
      if (later.call.start <= earlier.call.end || isProvidedFor(tries, earlier, later, scene.unit)) continue;
      if (!mayBeTied(scene, earlier, later)) continue;
      const rewrite = transactionRewriteOf(scene.setting, scene.unit, [earlier, later]);
      found.push({
        unit: scene.id,
        bond: 'references',
        earlier: { ...stepOf(earlier), keys: writtenKeysOf(scene, earlier) },
        later: [{ ...stepOf(later), keys: writtenKeysOf(scene, later) }],
        evidence: [earlier, later].some(({ evidence }) => evidence === 'manifest') ? 'manifest' : earlier.evidence,
        ...(earlier.library === undefined ? {} : { library: earlier.library }),
        ...(rewrite ? { rewrite } : {}),
      });
    }
  return found;
}

const stepOf = ({ at, label, relation, behind }: Work): WriteStep => ({
  at,
  label,
  ...(relation === undefined ? {} : { relation }),
  path: behind?.path ?? [],
});

const isApart = ({ relation = '', label }: Work): boolean => APART.test(relation) || APART.test(label);

const textOf = (scene: Scene, { call, label }: Work): string =>
  `${label} ${scene.unit.text.slice(call.start, call.end)}`;

/** By region, by what it is run on, or because one was begun before it. */
function isInTransaction(scene: Scene, work: Work): boolean {
  const { controls, enclosed } = scene.transactions;
  if (enclosed.some(span => holds(span, work.call))) return true;
  if (controls.some(({ does, call }) => does === 'begin' && call.start < work.call.start)) return true;
  return work.chain.some(id => {
    const call = scene.calls.get(id);
    return call !== undefined && joinsTransaction(scene.setting, call);
  });
}

/** The later one is made of what the earlier gave, or of the key of the record that it stored. */
function belongsTo(scene: Scene, later: Work, earlier: Work): boolean {
  const gave = later.from.some(source => source.kind === 'call' && earlier.chain.includes(source.call));
  if (gave)
    return !earlier.chain.some(id => givesMeans(scene.calls.get(id)?.result)) && !isTakenAsMeans(scene, earlier);
  const stored = storedBy(scene, earlier);
  if (stored === undefined) return false;
  // what was read or written before has its key already
  const call = scene.calls.get(earlier.id);
  const known = call?.arguments[0]?.value.from ?? [];
  if (known.some(source => source.kind === 'call' && isQueryOf(scene, source.call))) return false;
  const name = stored.replace(/\$/g, '\\$&');
  const key = new RegExp(`(?<![\\w$.])${name}\\.(?:_?id|uuid|key|pk|\\w*I[dD])\\b`);
  // or the record as a whole, where it was made here: `Line.objects.create(order=order)`
  const isMade = (): boolean =>
    new RegExp(
      `(?<![\\w$.])${name}\\s*=\\s*(?:await\\s+)?(?:new\\s+)?(?:[\\w$]+\\.)*(?:[A-Z][\\w$]*|create|build)\\(`,
    ).test(scene.unit.text);
  return later.sources.some(source => key.test(source) || (source === stored && isMade()));
}

/** Lists and records in each other are looked into so deep. */
const MAX_DEPTH = 3;

/** Set-up that writes, too: it gives functions to go on with, `[options, release]`, and no row. */
function givesMeans(value: Value | undefined, depth = 0): boolean {
  if (!value || depth > MAX_DEPTH) return false;
  const { shape } = value;
  const inside = (each: Value): boolean => givesMeans(each, depth + 1);
  switch (shape.kind) {
    case 'function':
    case 'lambda':
      return true;
    case 'record':
      return [...shape.entries.values()].some(inside);
    case 'list':
      return shape.items?.some(inside) ?? false;
    case 'oneOf':
      return shape.alternatives.some(inside);
    default:
      return false;
  }
}

/** What gives something back, closes it, or is asked for it. */
const MEANS =
  /^(?:release|close|dispose|destroy|end|stop|shut_?down|clean_?up|tear_?down|unsubscribe|disconnect|pool|client|connection|db|utils|helpers)(?:$|[A-Z_\d])/;

/** What it gives is taken apart into functions and clients by their names, or called: `const [options, release] = await setUp()`. */
function isTakenAsMeans({ unit }: Scene, { call }: Work): boolean {
  let names: readonly string[] = [];
  let isMeans = false;
  visitNodes(unit.function.body, node => {
    if (node.kind === 'declare' && node.value && holds(node.value, call)) {
      names = namesIn(node.target);
      isMeans = node.target.kind !== 'variable' && names.some(name => MEANS.test(name));
    }
    if (node.kind === 'call' && node.callee.kind === 'name' && names.includes(node.callee.name)) isMeans = true;
    return !isMeans;
  });
  return isMeans;
}

const isQueryOf = ({ setting, id }: Scene, call: string): boolean =>
  workOf(setting, id).some(({ chain, kind }) => kind === 'query' && chain.includes(call));

/** The variable whose record `save(order)` or `order.save()` stores. */
function storedBy(scene: Scene, { id }: Work): string | undefined {
  const call = scene.calls.get(id);
  if (!call) return undefined;
  const method = /([\w$]+)$/.exec(call.source)?.[1] ?? '';
  if (!/^(?:save|insert|persist|create|store)$/.test(method)) return undefined;
  const [first] = call.arguments;
  if (first) return /^[A-Za-z_$][\w$]*$/.test(first.source) ? first.source : undefined;
  return /^([A-Za-z_$][\w$]*)\.save$/.exec(call.source)?.[1];
}

const CHANGES =
  /^(?:update|patch|set|save|mark|finish|complete|edit|modify|delete|remove|destroy|change|refresh|touch|assign)/i;

/**
 * A row that is written twice: when the second write is missing, it is unfinished and stays what it says it is. Where the
 * table is not known, what is changed through the same object that created it is taken for the same row.
 */
function isSameRow(later: Work, earlier: Work): boolean {
  if (earlier.relation !== undefined && later.relation !== undefined)
    return earlier.relation.toLowerCase() === later.relation.toLowerCase();
  const [, owner = '', method = ''] = /^(.*?)\.?([\w$]+)\(\)$/s.exec(later.label) ?? [];
  return CHANGES.test(method) && owner === /^(.*?)\.?[\w$]+\(\)$/s.exec(earlier.label)?.[1];
}

const CHANGES_ITSELF = /(?:^|\.)(?:save|update|patch|delete|destroy|remove|refresh|reload|touch|increment|decrement)$/i;

/** `order = Order.create(…); order.save()`: what the first gave is written once more. */
function isChangedAgain({ calls }: Scene, later: Work, earlier: Work): boolean {
  const call = calls.get(later.id);
  if (!call || later.behind || !CHANGES_ITSELF.test(call.source)) return false;
  return call.receiver?.from.some(source => source.kind === 'call' && earlier.chain.includes(source.call)) === true;
}

const COMPENSATES = /delete|destroy|remove|rollback|roll_back|compensat|revert|undo|clean|cancel|abort/i;

/** The code has its own answer when the later write fails: a `catch` around it alone, or one that takes the first back. */
const isProvidedFor = (tries: readonly Try[], earlier: Work, later: Work, unit: Unit): boolean =>
  tries.some(each => {
    const [first] = each.body;
    const last = each.body.at(-1);
    if (!first || !last || each.handlers.length === 0) return false;
    if (each.handlers.some(({ span }) => holds(span, later.call))) return true;
    const body = { start: first.start, end: last.end };
    if (!holds(body, later.call)) return false;
    if (!holds(body, earlier.call)) return true;
    return each.handlers.some(({ span }) => COMPENSATES.test(unit.text.slice(span.start, span.end)));
  });
