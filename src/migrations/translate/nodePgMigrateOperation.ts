/** What the operations of node-pg-migrate have in common: how they are called, and the options that many of them take. */
import { type ChainStep, constantText, type Value } from '../code/values';
import { named, type Shorthands, several, text } from './nodePgMigrateColumns';
import { entryOf, flag, literalOf } from './quoting';
import { argument, NotTranslated, type Write } from './translation';

/** Writes what one call sends. @throws NotTranslated */
export type Operation = (step: ChainStep, write: Write, shorthands: Shorthands) => void;

export const option = (step: ChainStep, index: number, name: string): Value | undefined =>
  entryOf(argument(step, index), name);

export const when = (condition: boolean, words: string): string => (condition ? words : '');

export const ifExists = (step: ChainStep, index: number): string =>
  when(flag(option(step, index, 'ifExists')), 'IF EXISTS ');

export const ifNotExists = (step: ChainStep, index: number): string =>
  when(flag(option(step, index, 'ifNotExists')), 'IF NOT EXISTS ');

export const cascade = (step: ChainStep, index: number): string =>
  when(flag(option(step, index, 'cascade')), ' CASCADE');

export const isNull = (value: Value | undefined): boolean => value?.kind === 'constant' && value.value === null;

/** `false`, as against what is not given. */
export const isFalse = (value: Value | undefined): boolean => value?.kind === 'constant' && value.value === false;

/** Each of one or several names, quoted. @throws NotTranslated */
export const namesIn = (value: Value | undefined): readonly string[] => several(value).map(named);

/** The entries of a record that is wholly known; none where none is given. @throws NotTranslated */
export function entriesIn(value: Value | undefined, what: string): readonly (readonly [string, Value])[] {
  if (value === undefined || (value.kind === 'constant' && value.value === undefined)) return [];
  if (value.kind !== 'record' || value.open) throw new NotTranslated(`${what} that are not constant`);
  return [...value.entries];
}

/** A text, or a number as it stands. @throws NotTranslated */
export const spelt = (value: Value | undefined, what: string): string =>
  value?.kind === 'constant' ? (literalOf(value) ?? text(value, what)) : (constantText(value) ?? text(value, what));

/** `security_barrier`, `fillfactor = 70`. @throws NotTranslated */
export const parameterOf = ([key, value]: readonly [string, Value]): string =>
  flag(value) ? key : `${key} = ${spelt(value, 'a parameter')}`;
