/**
 * A value that becomes part of an SQL text instead of a bound parameter.
 *
 * The database cannot tell the value from the statement around it. A quote or a keyword in the value makes it another
 * statement: one that returns every row, or drops the table. It is an error where a request's data is proven to reach
 * the text, also through helpers and other files, and a warning where the value comes from somewhere else.
 * ## Flags
 * ```ts
 * app.get('/people', async (req, res) => {
 *   const { rows } = await pool.query(`SELECT * FROM person WHERE name = '${req.query.name}'`);
 *   res.json(rows);
 * });
 * ```
 * ```ts
 * async function remove(id: string) {
 *   await pool.query('DELETE FROM person WHERE id = ' + id);
 * }
 * ```
 * ```ts
 * async function list(sort: string) {
 *   let sql = 'SELECT * FROM person WHERE active';
 *   if (sort) sql += ` ORDER BY ${sort}`;
 *   return pool.query(sql);
 * }
 * ```
 * ## Stays silent
 * ```ts
 * await pool.query('SELECT * FROM person WHERE name = $1', [name]);
 * ```
 * ```ts
 * const columns = { name: 'name', joined: 'created_at' };
 * const list = (sort: 'name' | 'joined') => pool.query(`SELECT * FROM person ORDER BY ${columns[sort]}`);
 * ```
 * ```ts
 * const list = (page: string) => pool.query(`SELECT * FROM person LIMIT 20 OFFSET ${Number(page) * 20}`);
 * ```
 * ```ts
 * const find = (ids: number[]) =>
 *   pool.query(`SELECT * FROM person WHERE id IN (${ids.map((_, i) => '$' + (i + 1)).join(', ')})`, ids);
 * ```
 * ## When to leave it
 * Text that only the program itself can choose, in a form that the review does not see through: a table name from a
 * migration's own list, say. Leave it with a reason, so that the next reader need not prove it again.
 */
import { fileOf, type Place } from '../engine/place';
import type { Hazard, QueryExecution, SqlFragment, SqlText } from '../facts/facts';
import { defineRule } from '../facts/rule';
import type { PlaceholderStyle } from '../sql/dialect';
import { bindValues } from './fixes/bindValues';
import { contextOf, type HoleContext } from './fixes/holeContext';

export const sqlInjection = defineRule({
  id: 'sql-injection',
  level: 'warning',
  concern: 'security',
  sameLevelInTests: true,

  *check({ queryExecutions, fragments, looseTexts, inMigration, writer, parser }) {
    const seen = new Set<string>();
    for (const query of [...queryExecutions, ...fragments]) {
      for (const text of query.sql ? statementsOf(query.sql) : []) {
        const found = injectionInto(text, query, seen, inMigration);
        if (found) yield { ...found, inMigration, bench: { writer, parser } };
      }
    }
    for (const text of looseTexts) {
      const found = injectionInto(text, undefined, seen, inMigration);
      // Without a query in sight, only a request's data makes it worth a word.
      if (found?.hazard.inputPath)
        yield { ...found, inMigration, level: 'warning' as const, bench: { writer, parser } };
    }
  },

  explain: ({ hazard, others, text, query, inMigration, bench }) => {
    const context = contextOf(text, hazard, bench.parser);
    const hole = quoted(hazard.source);
    return {
      what: `${hole} goes into ${query ? `the SQL of ${quoted(query.label)}` : 'an SQL text'} as text: ${harm(context, hazard)}.`,
      why: hazard.inputPath
        ? 'A client can read or change every row that this service can.'
        : inMigration
          ? 'What a migration takes out of rows somebody has typed: one quote in it ends the migration, or runs.'
          : 'One caller that passes on what a user typed hands over the database.',
      remedy: remedyFor(context, query),
      related: [
        ...(hazard.inputPath ?? []),
        ...others.map(other => ({ at: other.at, says: `${quoted(other.source)} goes in as text too` })),
        ...(query ? [{ at: query.at, says: `${quoted(query.label)} takes the text` }, ...query.callPath] : []),
      ],
    };
  },

  fix: ({ text, query, bench }) => (query ? bindValues(text, query, bench) : []),
});

type Taker = QueryExecution | SqlFragment;

/** One text for each of the statements that it may be: what is mended in one leaves the others as they are. */
function statementsOf(text: SqlText): readonly SqlText[] {
  const all = [...new Set(text.hazards.map(({ statement }) => statement))];
  return all.length < 2
    ? [text]
    : all.map(each => ({ ...text, hazards: text.hazards.filter(({ statement }) => statement === each) }));
}

interface Injection {
  readonly at: Place;
  readonly level?: 'error';
  readonly loweredBy?: number;
  readonly text: SqlText;
  readonly hazard: Hazard;
  readonly others: readonly Hazard[];
  readonly query?: Taker;
}

/**
 * The evidence in one text, marked at the hole that matters most: one that request input reaches, else the most
 * likely one. One finding a hole, however many calls take the text. A migration is run once, by the people who wrote
 * it: what it pastes of its own counts one level lower.
 */
function injectionInto(
  text: SqlText,
  query: Taker | undefined,
  seen: Set<string>,
  inMigration: boolean,
): Injection | undefined {
  // A wrapper's own text is its callers' business; what a client sent as a whole text is nobody else's.
  const hazards = text.hazards.filter(
    ({ wholeText, pieceOfOthers, inputPath }) => inputPath || !(wholeText || pieceOfOthers),
  );
  const [hazard] = hazards.toSorted((one, other) => urgency(other) - urgency(one));
  if (!hazard) return undefined;
  const key = `${hazard.at.unit}@${hazard.at.start}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  return {
    at: standsWith(hazard.at, query) ? hazard.at : (query?.rewrite?.sqlArgument?.at ?? query?.at ?? text.at),
    level: hazard.inputPath ? 'error' : undefined,
    loweredBy:
      (query?.evidence === 'manifest' ? 1 : 0) + (isDoubtful(hazard) || (inMigration && !hazard.inputPath) ? 1 : 0),
    text,
    hazard,
    others: hazards.filter(other => other !== hazard),
    query,
  };
}

/** Proven input matters before all; of it, what came through a call that nobody has seen comes last. */
function urgency({ inputPath, spelling, weight }: Hazard): number {
  if (inputPath) return spelling?.called ? 2 : 3;
  return weight === 'likely' ? 1 : 0;
}

/** Nothing says that a client chooses it, and code that writes statements for many tables looks the same. */
const isDoubtful = ({ inputPath, weight }: Hazard): boolean => !inputPath && weight !== 'likely';

/** A text built in another file, or by another method, is marked where it is executed: that is the file under review. */
const standsWith = (at: Place, query: Taker | undefined): boolean =>
  !query || (fileOf(at.unit) === fileOf(query.at.unit) && at.end > at.start);

function harm(context: HoleContext, hazard: Hazard): string {
  if (context === 'quoted') return 'a quote in it ends the literal, and the rest runs as SQL';
  return hazard.inputPath ? 'whatever the request holds runs as SQL' : 'whatever it holds runs as SQL';
}

function remedyFor(context: HoleContext, query: Taker | undefined): string {
  switch (context) {
    case 'name':
      return 'A name cannot be bound: choose it from a fixed list, or let the driver quote it.';
    case 'direction':
      return 'Choose between `ASC` and `DESC` in the code.';
    case 'list':
      return query?.dialect === 'postgresql'
        ? 'Hand the list over as one array: `= ANY($1)`.'
        : 'Write one placeholder for each item and hand the items over beside the text.';
    case 'sql':
      return 'Put the text together from constants, and bind the values in it.';
    case 'quoted':
    case 'value':
      return bindingRemedy(query?.placeholder);
  }
}

function bindingRemedy(placeholder: PlaceholderStyle | undefined): string {
  switch (placeholder) {
    case '$n':
      return 'Write `$1` in the text and hand the value over beside it.';
    case '?':
    case '%s':
      return `Write \`${placeholder}\` in the text and hand the value over beside it.`;
    case ':name':
    case '@name':
    case '%(name)s':
      return `Write \`${placeholder.replace('name', 'value')}\` in the text and hand the value over by that name.`;
    default:
      return 'Bind it as a parameter.';
  }
}

const quoted = (source: string): string => `\`${source.replace(/\s+/g, ' ').slice(0, 80)}\``;
