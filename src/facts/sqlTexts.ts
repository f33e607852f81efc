/** Recovers SQL text from abstract values: its pieces, which of its holes can do harm, and what kind of statement it is. */
import type { Place, UnitId } from '../engine/place';
import { alternativesOf, constantText, type FlatPieces, formWith, holesOf } from '../program/strings';
import type { Hole, Piece, Source, Value } from '../program/value';
import { type Dialect, dialectOf, LEXIS } from '../sql/dialect';
import { type HoleRole, holeRoles } from '../sql/holePosition';
import { withNamedVariables } from '../sql/placeholder';
import { looksLikeSql } from '../sql/recognise';
import { HOLE, isKeyword, nameOf, sourceOf, type Token, tokensOf } from '../sql/tokens';
import type { Hazard, SqlText } from './facts';
import { weightOf } from './hazardWeights';
import { trustOf } from './trustedNames';

/** An expression as it was observed. */
export interface Written {
  readonly at: Place;
  readonly source: string;
  readonly value: Value;
}

/** Texts with many optional clauses are looked at in so many forms. */
const FORMS = 16;

/** What is known of a value as a text; nothing when it is no text, or nothing is known of it. */
export function piecesOf(value: Value, source = ''): readonly Piece[] | undefined {
  const { shape } = value;
  if (shape.kind === 'text') return shape.pieces;
  if (shape.kind !== 'oneOf') return undefined;
  // a text on one way and something else on another: what else it may be is a hole in the place of the text
  const texts = shape.alternatives.map(alternative => piecesOf(alternative, source));
  const known = texts.filter(text => text !== undefined);
  const [first] = known;
  if (!first) return undefined;
  return known.length === 1 ? first : [{ kind: 'choice', alternatives: known }];
}

/**
 * The text that an expression gives. An expression of which nothing is known is one hole: the whole text.
 * @param partial  the text is a piece of a statement that is written elsewhere
 */
export function sqlTextOf(written: Written, dialect: Dialect, partial = false): SqlText {
  const pieces = orInput(written, piecesOf(written.value) ?? [wholeHole(written)]);
  return {
    at: written.at,
    pieces,
    preview: previewOf(pieces),
    hazards: hazardsOf(pieces, dialect, written.at.unit),
    complete: !partial && isComplete(pieces),
    dialect,
  };
}

/** `request.query.order ?? 'asc'`: the text, or what a client sent in its place. */
function orInput(written: Written, pieces: readonly Piece[]): readonly Piece[] {
  const { shape } = written.value;
  if (shape.kind !== 'oneOf') return pieces;
  const sent = shape.alternatives.find(
    each => each.shape.kind === 'unknown' && each.from.some(({ kind }) => kind === 'input'),
  );
  return sent ? [{ kind: 'choice', alternatives: [pieces, [wholeHole({ ...written, value: sent })]] }] : pieces;
}

const wholeHole = ({ at, source, value }: Written): Hole => ({ kind: 'hole', at, source, value });

/** The fullest form of the text, holes as `HOLE`, and what a library puts values into as parameters. */
export const recoveredFrom = (pieces: readonly Piece[]): string =>
  withNamedVariables(
    (alternativesOf(pieces, 1)[0] ?? []).map(piece => (piece.kind === 'constant' ? piece.value : HOLE)).join(''),
  );

/** Whether the text is an SQL statement, whichever way it is built. */
export const isSql = (pieces: readonly Piece[]): boolean =>
  alternativesOf(pieces, FORMS).some(form =>
    looksLikeSql(form.map(piece => (piece.kind === 'constant' ? piece.value : HOLE)).join('')),
  );

const isComplete = (pieces: readonly Piece[]): boolean => looksLikeSql(recoveredFrom(pieces));

/** One line, holes as `${source}`. */
function previewOf(pieces: readonly Piece[]): string {
  const form = alternativesOf(pieces, 1)[0] ?? [];
  const text = form.map(piece => (piece.kind === 'constant' ? piece.value : `\${${piece.source}}`)).join('');
  return text.replace(/\s+/g, ' ').trim();
}

function hazardsOf(pieces: readonly Piece[], dialect: Dialect, unit: UnitId): readonly Hazard[] {
  const told = alternativesOf(pieces, FORMS);
  const statements = statementsIn(pieces);
  const hazards = new Map<string, Hazard>();
  for (const hole of holesOf(pieces)) {
    // what a call brought from elsewhere stands at the call, however many holes it has
    const key = `${hole.at.unit}@${hole.at.start}-${hole.at.end} ${hole.source}`;
    if (hazards.has(key) || isHarmless(hole)) continue;
    const forms = formsWith(told, pieces, hole);
    if (namesParameter(forms, hole)) continue;
    if (hole.within !== undefined && everyForm(forms, hole, before => isEnclosed(before, hole.within ?? '', dialect)))
      continue;
    const { shape, from } = hole.value;
    const member = shape.kind === 'unknown' ? shape.parameter?.path : undefined;
    const role = roleOf(forms, hole, dialect);
    hazards.set(key, {
      at: hole.at,
      source: hole.source,
      ...(hole.spelling ? { spelling: hole.spelling } : {}),
      from,
      role,
      weight: weightOf(role, hole.value, trustOf(hole.spelling)),
      ...(member ? { member } : {}),
      wholeText: isWholeText(forms, hole),
      ...(statements ? { statement: statements.findIndex(holes => holes.includes(hole)) } : {}),
      ...(isPieceOfOthers(hole.value, role, unit) ? { pieceOfOthers: true } : {}),
    });
  }
  const all = [...hazards.values()];
  // a method that adds to a field finds there what it has added before, too: what stands in sight is meant
  return all.filter(
    ({ at, source }) =>
      at.end > at.start || !all.some(other => other.source === source && other.at.end > other.at.start),
  );
}

/** The forms, and one that has the hole where none of them does. */
function formsWith(told: readonly FlatPieces[], pieces: readonly Piece[], hole: Hole): readonly FlatPieces[] {
  if (told.some(form => form.includes(hole))) return told;
  const own = formWith(pieces, hole);
  return own ? [...told, own] : told;
}

/** The holes of each, where the text is one of several statements: what a helper is called with, here and there. */
function statementsIn([only, ...more]: readonly Piece[]): readonly (readonly Hole[])[] | undefined {
  if (only?.kind !== 'choice' || more.length > 0) return undefined;
  const { alternatives } = only;
  return alternatives.every(each => looksLikeSql(recoveredFrom(each))) ? alternatives.map(holesOf) : undefined;
}

/** A piece of SQL that another function of the object was handed, and put into a field: `where(condition)`. */
const isPieceOfOthers = ({ shape }: Value, role: HoleRole, unit: UnitId): boolean =>
  shape.kind === 'unknown' &&
  shape.parameter !== undefined &&
  shape.parameter.unit !== unit &&
  !shape.parameter.unit.startsWith(`${unit}@`) &&
  !unit.startsWith(`${shape.parameter.unit}@`) &&
  role !== 'value' &&
  role !== 'quoted' &&
  role !== 'limit';

/** What stands in front of the name of a bound parameter: `:`, `:...`, `$`, `@`; neither a cast nor inside a literal. */
const PARAMETER_MARK = /(?:^|[^\w:$@'"`])(?::(?:\.\.\.)?\w*|[$@]\w*)$/;

/**
 * The hole is the name of a bound parameter, `:${key}` with `{ [key]: value }` beside it: a name that the code itself
 * makes up. One that comes from a request is none.
 */
function namesParameter(forms: readonly FlatPieces[], hole: Hole): boolean {
  if (hole.value.from.some(source => source.kind === 'input')) return false;
  return everyForm(forms, hole, before => PARAMETER_MARK.test(before) && !isInLiteral(before));
}

/** What the hole stands for where the text is fullest. */
function roleOf(forms: readonly FlatPieces[], hole: Hole, dialect: Dialect): HoleRole {
  const form = forms.find(each => each.includes(hole));
  if (!form) return 'sql';
  const text = form.map(piece => (piece.kind === 'constant' ? piece.value : HOLE)).join('');
  const role =
    holeRoles(text, dialectOf(text.replaceAll(HOLE, 'h'), dialect))[textBefore(form, hole).split(HOLE).length - 1] ??
    'sql';
  if (ORDERS.test(textBehind(form, hole))) return 'order';
  if ((role === 'value' || role === 'sql') && DEFINES.test(text)) return 'name';
  return (role === 'value' || role === 'quoted') && ASKS_CATALOG.test(text) ? 'name' : role;
}

/** A statement that defines the schema takes no parameter: types, columns and options are pasted like the names beside them. */
const DEFINES =
  /^\s*(?:alter|drop)\s+(?:table|index|type|sequence|view)\b|^\s*create\s+(?:\w+\s+){0,3}(?:table|index|type|sequence)\b(?![\s\S]*\bselect\b)/i;

/** What stands behind something that is sorted by, be it in a fragment without its ORDER BY. */
const ORDERS = /^["`]?\s+(?:asc|desc)\b/i;

const textBehind = (form: FlatPieces, hole: Hole): string =>
  form
    .slice(form.indexOf(hole) + 1)
    .map(piece => (piece.kind === 'constant' ? piece.value : HOLE))
    .join('');

/** A statement that asks the database for its own tables: the values that it compares with are names. */
const ASKS_CATALOG =
  /\b(?:from|join)\s+["`]?(?:information_schema|pg_catalog|pg_[a-z]+|sqlite_(?:master|schema|sequence|temp_master)|pragma_\w+|sys|mysql)\b|::reg\w+|\b(?:nextval|setval|currval|pg_get_serial_sequence|to_reg\w+)\s*\(/i;

/** Whether something holds for the text before the hole in every form that has the hole. */
function everyForm(forms: readonly FlatPieces[], hole: Hole, holds: (before: string) => boolean): boolean {
  const within = forms.filter(form => form.includes(hole));
  return within.length > 0 && within.every(form => holds(textBefore(form, hole)));
}

const textBefore = (form: FlatPieces, hole: Hole): string =>
  form
    .slice(0, form.indexOf(hole))
    .map(piece => (piece.kind === 'constant' ? piece.value : HOLE))
    .join('');

/** Whether what follows `before` stands between quotes that a text with this `within` cannot end. */
function isEnclosed(before: string, within: string, dialect: Dialect): boolean {
  const last = tokensOf(before, dialect).at(-1);
  if (!last?.open || (last.kind !== 'text' && last.kind !== 'name')) return false;
  const [quote = ''] = /['"`]/.exec(sourceOf(before, last)) ?? [];
  const escapes = last.kind === 'text' && (LEXIS[dialect].backslashEscapes || /^e'/i.test(sourceOf(before, last)));
  return quote !== '' && within.includes(quote) && (!escapes || within.includes('\\'));
}

/** An odd number of quotes stands before it. */
const isInLiteral = (before: string): boolean => before.split("'").length % 2 === 0;

/** Nothing but the hole is written where it stands. */
function isWholeText(forms: readonly FlatPieces[], hole: Hole): boolean {
  const within = forms.filter(form => form.includes(hole));
  return within.length > 0 && within.every(form => form.every(piece => piece === hole || isBlank(piece)));
}

/** What a text is as a whole, where the code does not write it; what its name makes harmless is some text all the same. */
export function handedWhole({ hazards, pieces }: SqlText): Pick<Hazard, 'from' | 'member'> | undefined {
  const [hazard] = hazards;
  if (hazard) return hazard.wholeText ? hazard : undefined;
  const [only, ...more] = pieces.filter(piece => !isBlank(piece));
  if (only?.kind !== 'hole' || more.length > 0) return undefined;
  const { from, shape } = only.value;
  const member = shape.kind === 'unknown' ? shape.parameter?.path : undefined;
  return member ? { from, member } : { from };
}

const isBlank = (piece: Piece): boolean => piece.kind === 'constant' && piece.value.trim() === '';

const isHarmless = (hole: Hole): boolean =>
  (hole.safety !== undefined && (hole.safety !== 'said-escaped' || !isInput(hole.value))) ||
  isHarmlessValue(hole.value) ||
  trustOf(hole.spelling) === 'escaped-by-driver';

/** A name says nothing of what a client sends. */
const isInput = ({ from }: Value): boolean => from.some(({ kind }) => kind === 'input');

/** Nothing in it can end a statement: numbers, constants, and texts of nothing else. */
export const isHarmlessValue = ({ shape }: Value): boolean => {
  switch (shape.kind) {
    case 'scalar':
      return true;
    case 'text':
      return holesOf(shape.pieces).every(isHarmless);
    case 'list':
      return isHarmlessValue(shape.each);
    case 'oneOf':
      return shape.alternatives.length > 0 && shape.alternatives.every(isHarmlessValue);
    default:
      return false;
  }
};

/** What a statement's tokens tell without parsing it. */
export interface StatementGist {
  readonly operation: 'read' | 'write' | 'unknown';
  readonly relation?: string;
  /** What the relation's name depends on, where it is not constant. */
  readonly relationFrom: readonly Source[];
}

/** Words that change rows, and the word that stands before the relation. */
const WRITES: Readonly<Record<string, string | undefined>> = {
  INSERT: 'INTO',
  REPLACE: 'INTO',
  MERGE: 'INTO',
  UPDATE: 'UPDATE',
  DELETE: 'FROM',
  TRUNCATE: 'TABLE',
  COPY: 'COPY',
  CREATE: undefined,
  ALTER: undefined,
  DROP: undefined,
  GRANT: undefined,
  REVOKE: undefined,
};

/** Forms of a statement that are looked at for what they are about. */
const GIST_FORMS = 4;

/** Whether a statement reads or writes, and the first relation that it names. */
export function gistOf(pieces: readonly Piece[], dialect: Dialect): StatementGist {
  const [first = [], ...others] = alternativesOf(pieces, GIST_FORMS);
  const gist = gistOfForm(first, dialect);
  // a name that is known on one way and open on another: `if (table === 'orders') …` before it
  const rest = holesOf(pieces).slice(0, GIST_FORMS);
  const forms = isOpen(gist) ? [] : [...others, ...rest.map(hole => formWith(pieces, hole) ?? [])];
  const open = forms.map(form => gistOfForm(form, dialect)).find(isOpen);
  return open ? { operation: gist.operation, relationFrom: open.relationFrom } : gist;
}

const isOpen = ({ relationFrom }: StatementGist): boolean => relationFrom.length > 0;

function gistOfForm(form: readonly Piece[], dialect: Dialect): StatementGist {
  const text = form.map(piece => (piece.kind === 'constant' ? piece.value : HOLE)).join('');
  const tokens = tokensOf(text, dialect).filter(token => token.kind !== 'comment');
  const verb = verbOf(text, tokens) ?? '';
  const operation = verb in WRITES ? 'write' : READS.test(verb) ? 'read' : 'unknown';
  const before = operation === 'write' ? WRITES[verb] : operation === 'read' ? 'FROM' : undefined;
  const name =
    before === undefined ? undefined : nameAfter(text, tokens, operation === 'write' ? [before, verb] : [before]);
  const holes = form.filter(piece => piece.kind === 'hole');
  if (!name)
    return { operation, relationFrom: OF_ONE_OBJECT.test(verb) ? holes.flatMap(({ value }) => value.from) : [] };
  const counted = (until: number) => text.slice(0, until).split(HOLE).length - 1;
  const within = holes.slice(counted(name.start), counted(name.end));
  return within.length > 0
    ? { operation, relationFrom: within.flatMap(hole => hole.value.from) }
    : { operation, relation: name.name, relationFrom: [] };
}

/** Verbs of statements that are about one object each, whatever else they say of it. */
const OF_ONE_OBJECT =
  /^(?:CREATE|ALTER|DROP|TRUNCATE|GRANT|REVOKE|COMMENT|PRAGMA|DESCRIBE|DESC|SHOW|ANALYZE|VACUUM|REINDEX|CLUSTER|OPTIMIZE|REPAIR|REFRESH|ATTACH|DETACH|USE)$/;

const READS = /^(?:SELECT|VALUES|TABLE|SHOW|DESCRIBE|EXPLAIN)$/;

/** The verb; of a statement that begins with WITH the verb that follows, a writing one first. */
function verbOf(text: string, tokens: readonly Token[]): string | undefined {
  const first = tokens.find(token => token.kind === 'word');
  const verb = first && sourceOf(text, first).toUpperCase();
  if (verb !== 'WITH') return verb;
  const words = tokens.filter(token => token.kind === 'word').map(token => sourceOf(text, token).toUpperCase());
  return words.find(word => /^(?:INSERT|UPDATE|DELETE|MERGE)$/.test(word)) ?? 'SELECT';
}

interface NameInText {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The name, maybe qualified, behind the first of these words that stands in the text. */
function nameAfter(text: string, tokens: readonly Token[], words: readonly string[]): NameInText | undefined {
  for (const word of words) {
    const at = tokens.findIndex(token => isKeyword(text, token, word));
    if (at < 0) continue;
    let next = at + 1;
    while (['ONLY', 'IF', 'EXISTS', 'IGNORE', 'TABLE'].some(noise => isKeyword(text, tokens[next], noise))) next += 1;
    let found: NameInText | undefined;
    for (; ; next += 2) {
      const token = tokens[next];
      if (!token || (token.kind !== 'word' && token.kind !== 'name' && !isQuotedName(text, token))) break;
      found = { name: nameOf(text, token), start: found?.start ?? token.start, end: token.end };
      const dot = tokens[next + 1];
      if (!dot || sourceOf(text, dot) !== '.') break;
    }
    return found;
  }
  return undefined;
}

/** `"orders"` where only a name can stand: some servers take it for a text elsewhere. */
const isQuotedName = (text: string, token: Token): boolean => token.kind === 'text' && text[token.start] === '"';

/** The text when nothing in it is open. */
export const constantOf = (value: Value): string | undefined =>
  value.shape.kind === 'text' ? constantText(value.shape.pieces) : undefined;
