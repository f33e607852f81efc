/** What repeats a query: whether each turn sends another value, and whether the repetition is meant as it is. */
import { placeIn, type Repetition } from '../program/analysis';
import type { Span, Unit } from '../program/model';
import type { Source } from '../program/value';
import { conditionsOf } from './conditions';
import type { QueryRepetition } from './facts';
import type { FieldResolver } from './resolvers';

/** What a statement is made of, for the question whether it differs from turn to turn. */
export interface Dependence {
  readonly from: readonly Source[];
  /** The expressions that it is written with. */
  readonly sources: readonly string[];
  /** What the name of its table depends on. */
  readonly relationFrom?: readonly Source[];
  /** What the text as a whole depends on, where the code does not write it. */
  readonly textFrom?: readonly Source[];
  /** What its connection depends on. */
  readonly connectionFrom?: readonly Source[];
  /** Takes a list as one value: `= ANY($1)`. */
  readonly takesList?: boolean;
}

/** The repetition in a rule's terms. */
export function queryRepetition(repetition: Repetition, dependence: Dependence): QueryRepetition {
  const intended = intentionOf(repetition, dependence);
  return {
    head: repetition.head,
    at: repetition.at,
    form: repetition.form,
    item: repetition.item ?? repetition.bindings[0] ?? '',
    source: repetition.source?.text ?? '',
    runsPerItem: dependsOn(dependence, repetition),
    stopsAtFirstHit: repetition.stopsAtFirstHit,
    ...(intended === undefined ? {} : { intended }),
    ...(isConfigured(repetition) ? { configured: true } : {}),
  };
}

/** A field resolver in a rule's terms: it runs once for every object of its type. */
export function resolverRepetition(
  { type, field, span, parent, parameter }: FieldResolver,
  unit: Unit,
  call: Span,
  { from }: Dependence,
): QueryRepetition {
  const isParent = (source: Source): boolean =>
    source.kind === 'parameter' && source.unit === parameter.unit && source.index === parameter.index;
  const loaded = conditionsOf(unit, call).unlessGiven.some(({ index }) => index === parameter.index);
  return {
    head: parent.at,
    at: placeIn(unit.id, span),
    form: 'resolver',
    item: type,
    source: field,
    runsPerItem: from.some(isParent),
    stopsAtFirstHit: false,
    ...(loaded && parameter.unit === unit.id ? { unlessLoaded: true } : {}),
  };
}

function dependsOn(
  { from, sources, relationFrom = [], connectionFrom = [], textFrom = [] }: Dependence,
  { id, bindings }: Repetition,
): boolean {
  const isItem = (source: Source): boolean => source.kind === 'item' && source.loop === id;
  // a table, a database or a statement for each turn: no one statement could do
  if ([...relationFrom, ...connectionFrom, ...textFrom].some(isItem)) return false;
  if (from.some(isItem)) return true;
  return bindings.some(name => {
    const mention = new RegExp(`(?<![\\w$.])${name.replace(/[$]/g, '\\$&')}(?![\\w$])`);
    return sources.some(source => mention.test(withoutTexts(source)));
  });
}

/** What stands between quotes names no variable. */
const withoutTexts = (source: string): string => source.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");

/** The tables or the models of a program: each has statements of its own. */
const OF_SCHEMA =
  /\.(?:sorted_tables|entityMetadatas)\b|\bmeta(?:data|_data|Data)?\.tables\b|\.__subclasses__\(\)|\b(?:tableNames|table_names|get_models\(\))$/;

const RETRY = /attempt|retr(?:y|ies)|\btries\b|backoff/i;
const PAGE = /page|offset|cursor|\bskip\b|lastId|hasMore|hasNext|nextToken/i;
const BATCH = /batch|chunk/i;
/** What comes one at a time, whenever it comes. */
const STREAM = /\.(?:subscribe|listen|consume|watch|on)\(/;
/** What one does with a batch as a list; any other member of it is a record's: `batch.id`. */
const LIST_MEMBER = 'map|flatMap|filter|reduce|forEach|join|slice|length|entries|values|keys';

/**
 * Sequences that are meant: one statement for many items at a time, pages until there are no more, another try after a
 * failure, a list that the code itself writes out.
 */
function intentionOf(repetition: Repetition, dependence: Dependence): QueryRepetition['intended'] {
  const { sources } = dependence;
  const { form, item = '', source, test = '', feedsNextTurn, constantCount, bindings, batches } = repetition;
  const names = `${item} ${bindings.join(' ')} ${test}`;
  if ((form === 'while' || form === 'count') && RETRY.test(names)) return 'retries';
  if (constantCount !== undefined || isWrittenOut(repetition)) return 'constant-list';
  if (OF_SCHEMA.test(source?.text ?? '')) return 'relations';
  // a function that is called again by what it is handed to, and gets no item of a list: a transaction that is retried
  if (form === 'callback' && !source) return 'retries';
  if (form === 'each' || form === 'callback' || form === 'comprehension') {
    if (isRecord(item, sources)) return undefined;
    if (batches || isListItself(repetition, dependence)) return 'batches';
    if (BATCH.test(item) || BATCH.test(source?.text ?? '')) return 'batches';
    return PAGE.test(item) || STREAM.test(source?.text ?? '') ? 'pages' : undefined;
  }
  if (batches) return 'batches';
  if (PAGE.test(names)) return 'pages';
  if (BATCH.test(names)) return 'batches';
  return feedsNextTurn ? 'pages' : undefined;
}

/** The item is a list, and goes in as one: the lists of a list, or what `= ANY($1)` takes. */
function isListItself({ item = '', source }: Repetition, { sources, takesList }: Dependence): boolean {
  if (!/^[\w$]+$/.test(item)) return false;
  const name = item.replace(/[$]/g, '\\$&');
  const each = source?.value.shape.kind === 'list' ? source.value.shape.each : undefined;
  if (takesList) return sources.some(written => written === item);
  if (each?.shape.kind !== 'list') return false;
  const whole = new RegExp(`(?<![\\w$.])${name}(?![\\w$\\[.]|\\?\\.)`);
  return sources.some(written => whole.test(written));
}

/** What a project has a handful of, and what its settings hold. */
const CONFIGURED =
  /(?:^|\.)(?:drivers|dialects|adapters|connectors|locales|languages|extensions|plugins|providers)$|(?:^|[.\s])\w*(?:[cC]onfig|[sS]ettings)\??\./;

/** Read from settings, and not from the database or a request. */
const isConfigured = ({ source }: Repetition): boolean =>
  source !== undefined &&
  CONFIGURED.test(source.text) &&
  !source.value.from.some(each => each.kind === 'input' || each.kind === 'call');

/** More than this is no list that someone wrote down. */
const SHORT = 12;

/** A list whose items all stand in the code, if not as constants. */
const isWrittenOut = ({ source }: Repetition): boolean => {
  const shape = source?.value.shape;
  return shape?.kind === 'list' && shape.items !== undefined && shape.items.length > 0 && shape.items.length <= SHORT;
};

/** The item is a record that happens to be called a batch or a page: one of its fields goes into the statement. */
const isRecord = (item: string, sources: readonly string[]): boolean =>
  /^[\w$]+$/.test(item) &&
  sources.some(source =>
    new RegExp(`(?<![\\w$.])${item.replace(/[$]/g, '\\$&')}\\??\\.(?!(?:${LIST_MEMBER})\\b)\\w`).test(source),
  );
