/**
 * Tells SQL from prose by its text alone, cheaply: a string that goes to no known query call is reviewed only when it
 * is SQL, and an interface is full of sentences that begin with Select, Update, Delete and Create.
 */
import { HOLE } from './tokens';

/** How much of a text is looked at: a verb and its clause come early. */
const LOOK_AT = 4000;

/** `??` is a name that the driver or builder puts in. */
const PART = String.raw`(?:[\w$${HOLE}]+|\?\?|"[^"]+"|\`[^\`]+\`|\[[^\]]+\])`;
const NAME = String.raw`${PART}(?:\s*\.\s*${PART})*`;
const statement = (source: string): RegExp => new RegExp(`^${source.replaceAll('NAME', NAME)}`, 'is');

const KIND = String.raw`(?:TABLE|VIEW|MATERIALIZED\s+VIEW|INDEX|SEQUENCE|SCHEMA|TYPE|DOMAIN|FUNCTION|PROCEDURE|TRIGGER|EXTENSION|POLICY|DATABASE|ROLE|USER)`;

/**
 * Each verb with its clause. `sure`: the form is so much SQL's own that no sentence has it; the others are also asked
 * for structure, below.
 */
const FORMS: readonly { readonly form: RegExp; readonly sure?: boolean }[] = [
  {
    form: statement(
      String.raw`INSERT\s+(?:IGNORE\s+|OR\s+\w+\s+)?INTO\s+NAME\s*(?:AS\s+NAME\s*)?(?:\([^)]*\)\s*)?(?:OVERRIDING\s+\w+\s+VALUE\s+)?(?:VALUES?\s*[(${HOLE}?]|SELECT\s|DEFAULT\s+VALUES|SET\s+NAME\s*=|WITH\s)`,
    ),
    sure: true,
  },
  { form: statement(String.raw`INSERT\s+INTO\s+NAME\s*\((?:\s*NAME\s*,)+\s*NAME\s*\)`), sure: true },
  { form: statement(String.raw`REPLACE\s+INTO\s+NAME\s*(?:\([^)]*\)\s*)?(?:VALUES?\s*\(|SELECT\s|SET\s)`), sure: true },
  {
    form: statement(
      String.raw`UPDATE\s+(?:ONLY\s+|IGNORE\s+)?NAME(?:\s+(?:AS\s+)?NAME)?\s+SET\s+(?:NAME\s*=|\(|${HOLE})`,
    ),
    sure: true,
  },
  { form: statement(String.raw`MERGE\s+INTO\s+NAME(?:\s+(?:AS\s+)?NAME)?\s+USING\s.*?\bON\b`), sure: true },
  {
    form: statement(
      String.raw`DELETE\s+FROM\s+(?:ONLY\s+)?NAME(?:\s+(?:AS\s+)?NAME)?\s+(?:WHERE\s+${HOLE}|WHERE\s+\S.*?(?:[=<>~${HOLE}]|\bIN\b|\bIS\b|\bLIKE\b|\bBETWEEN\b|\bEXISTS\b)|USING\s|RETURNING\s)`,
    ),
    sure: true,
  },
  { form: statement(String.raw`DELETE\s+FROM\s+NAME\s*;?\s*$`) },
  {
    form: statement(
      String.raw`WITH\s+(?:RECURSIVE\s+)?NAME\s*(?:\([^)]*\)\s*)?AS\s+(?:(?:NOT\s+)?MATERIALIZED\s+)?\(\s*(?:SELECT|INSERT|UPDATE|DELETE|VALUES|WITH)\b`,
    ),
    sure: true,
  },
  {
    form: statement(
      String.raw`SELECT\s+(?:DISTINCT\s+|ALL\s+|TOP\s*\(?\s*\S+\s+)?(?!FROM\b)\S.*?[\s)*"'\`\]]FROM\s*(?:ONLY\s+|LATERAL\s+)?(?:NAME|\()`,
    ),
  },
  {
    form: statement(
      String.raw`SELECT\s+(?:NAME\s*\((?!\s*(?:s|es|optional|required)\s*\))[^)]*\)|[\d.]+)(?:\s*(?:::\s*\w+|AS\s+NAME|\+|\|\|).*)?\s*;?\s*$`,
    ),
  },
  { form: statement(String.raw`SELECT\s+EXISTS\s*\(\s*SELECT\b`), sure: true },
  {
    form: statement(
      String.raw`CREATE\s+(?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|FOREIGN|VIRTUAL)\s+)*TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?NAME\s*(?:\(\s*(?:(?!\d)NAME\s+\w|LIKE\s|CONSTRAINT\s)|\(\s*$|AS\s+(?:SELECT|WITH|\()|PARTITION\s+OF\s|USING\s+\w+\s*\()`,
    ),
    sure: true,
  },
  {
    form: statement(
      String.raw`CREATE\s+(?:UNIQUE\s+|FULLTEXT\s+|SPATIAL\s+)?INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?:NAME\s+)?ON\s+(?:ONLY\s+)?NAME\s*(?:USING\s+\w+\s*)?\(`,
    ),
    sure: true,
  },
  {
    form: statement(
      String.raw`CREATE\s+(?:OR\s+REPLACE\s+)?(?:RECURSIVE\s+|MATERIALIZED\s+)?VIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?NAME\s*(?:\([^)]*\)\s*)?AS\s+(?:\(?\s*SELECT|WITH|VALUES)\b`,
    ),
    sure: true,
  },
  {
    form: statement(
      String.raw`CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\s+NAME\s*\([^)]*\)\s*(?:RETURNS|LANGUAGE|AS|BEGIN)\b`,
    ),
    sure: true,
  },
  {
    form: statement(
      String.raw`CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\s+NAME\s+(?:BEFORE|AFTER|INSTEAD\s+OF)\s`,
    ),
    sure: true,
  },
  { form: statement(String.raw`CREATE\s+TYPE\s+NAME\s+AS\s+(?:ENUM\s*)?\(`), sure: true },
  {
    form: statement(
      String.raw`CREATE\s+(?:SCHEMA|EXTENSION|SEQUENCE|DATABASE)\s+(?:IF\s+NOT\s+EXISTS\s+)?NAME\s*(?:;|$|WITH\b|AUTHORIZATION\b|START\b|OWNER\b)`,
    ),
  },
  {
    form: statement(
      String.raw`CREATE\s+(?:USER|ROLE)\s+NAME\s+(?:WITH\s+)?(?:LOGIN|PASSWORD|ENCRYPTED|SUPERUSER|NOLOGIN|IDENTIFIED)\b`,
    ),
    sure: true,
  },
  {
    form: statement(
      String.raw`ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?NAME\s+(?:ADD|DROP|ALTER|RENAME|MODIFY|CHANGE|OWNER|SET|ENABLE|DISABLE|ATTACH|DETACH|VALIDATE|INHERIT)\b`,
    ),
    sure: true,
  },
  {
    form: statement(
      String.raw`ALTER\s+(?:TYPE|SEQUENCE|INDEX|VIEW|SCHEMA|FUNCTION|ROLE|USER|DATABASE|DOMAIN)\s+NAME\s+(?:ADD\s+VALUE|RENAME\s+|OWNER\s+TO|SET\s|RESTART|WITH\s)`,
    ),
    sure: true,
  },
  { form: statement(String.raw`DROP\s+${KIND}\s+(?:CONCURRENTLY\s+)?IF\s+EXISTS\s+NAME`), sure: true },
  { form: statement(String.raw`DROP\s+${KIND}\s+NAME(?:\s+ON\s+NAME)?(?:\s+(?:CASCADE|RESTRICT))?\s*;?\s*$`) },
  { form: statement(String.raw`TRUNCATE\s+TABLE\s+NAME`) },
  { form: statement(String.raw`TRUNCATE\s+NAME(?:\s*,\s*NAME)*(?:\s+(?:RESTART\s+IDENTITY|CASCADE))+`), sure: true },
  { form: statement(String.raw`REFRESH\s+MATERIALIZED\s+VIEW\s+`), sure: true },
  {
    form: statement(
      String.raw`(?:GRANT|REVOKE)\s+(?:ALL|SELECT|INSERT|UPDATE|DELETE|USAGE|EXECUTE)\b.*?\bON\s+.*?\b(?:TO|FROM)\s+NAME`,
    ),
  },
  { form: statement(String.raw`COPY\s+NAME\s*(?:\([^)]*\)\s*)?(?:FROM|TO)\s+(?:STDIN|STDOUT|PROGRAM|')`), sure: true },
  {
    form: statement(String.raw`COMMENT\s+ON\s+(?:TABLE|COLUMN|VIEW|INDEX|FUNCTION|TYPE)\s+NAME\s+IS\s+['$${HOLE}]`),
    sure: true,
  },
  { form: statement(String.raw`CALL\s+NAME\s*\(.*\)\s*;?\s*$`) },
];

const VERB =
  /^(?:SELECT|INSERT|REPLACE|UPDATE|MERGE|DELETE|WITH|CREATE|ALTER|DROP|TRUNCATE|REFRESH|GRANT|REVOKE|COPY|COMMENT|CALL|EXPLAIN)\b/i;

/** Words that sentences are made of and names are not. */
const PROSE =
  /\b(?:the|an|your|our|my|their|its|this|that|these|those|each|every|you|we|it|please|some|new|here|there|below|above|which|what|how|more|another|is a|are|was|will|can|should|must|one of|to (?:add|edit|delete|see|view|continue|remove|start|use|be)|a (?!from\b|join\b|left\b|inner\b|right\b|full\b|cross\b|where\b|on\b|set\b|order\b|group\b|limit\b|as\b|using\b|union\b|natural\b)[a-z]+)\b/i;

/** Marks that sentences do not have. */
const STRUCTURE =
  /(?:^SELECT\s+(?:DISTINCT\s+)?(?:\*|NAME)?\s*\*)|[=<>]|\$\d|(?<![\w?])\?(?!\s*$)|(?<![:\w]):[a-z_]\w*|\b[a-z0-9]+_[a-z0-9_]+\b|\b[a-z]\w*\.[a-z"`*]\w*|["`\]]\s*\.|`[^`]+`|\b(?:COUNT|SUM|MIN|MAX|AVG|NOW|COALESCE|LOWER|UPPER|DATE_TRUNC|JSON_AGG|ARRAY_AGG|EXTRACT|CAST|UNNEST)\s*\(|;\s*$|\b(?:INNER|LEFT|RIGHT|FULL|CROSS)\s+(?:OUTER\s+)?JOIN\b|\b(?:ORDER|GROUP)\s+BY\s+\S|\bLIMIT\s+[\d$?]|\bWHERE\s+\S+\s+(?:IN|IS|LIKE|ILIKE|BETWEEN|NOT)\b/i;

/** Comments and opening parentheses that may stand before the verb. */
const BEFORE = /^(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/;

/**
 * Whether a text is an SQL statement: a verb with its clause, in a form that no sentence has. Holes stand in it as
 * `HOLE`. Errs towards no: a text that could be either is prose.
 */
export function looksLikeSql(text: string): boolean {
  const head = text.slice(0, LOOK_AT).replace(BEFORE, '');
  const verb = VERB.exec(head)?.[0];
  if (!verb) return false;
  if (/^EXPLAIN$/i.test(verb))
    return looksLikeSql(head.slice(verb.length).replace(/^\s*(?:\([^)]*\)|(?:ANALYZE|VERBOSE)\b|\s)*/i, ''));
  const found = FORMS.find(({ form }) => form.test(head));
  if (!found) return false;
  // what stands in quotes may be any language
  const bare = head.replace(/'(?:[^'\\]|''|\\.)*'/g, "''");
  const asSentence = /^[A-Z][a-z]/.test(verb);
  const prose = PROSE.test(bare) || /[.!…:]\s*$/.test(bare);
  if (found.sure) return !prose || !asSentence || /[=<>(]/.test(bare);
  const structured = STRUCTURE.test(bare);
  if (prose) return structured && !asSentence && /\*|[=<>]|\$\d|\bWHERE\b/.test(bare) && verb === verb.toUpperCase();
  if (structured) return true;
  // `Select name from list` is a label, `select name from users` and `SELECT name FROM users` are queries
  return !asSentence && sameCase(bare, verb);
}

/** The clause is written in the verb's own case: `DELETE … FROM`, not `DELETE … from`. */
function sameCase(text: string, verb: string): boolean {
  const clause = /\b(?:from|into|table|view|index|schema|type|on|function|sequence|extension|database|call|select)\b/gi;
  const upper = verb === verb.toUpperCase();
  return (text.match(clause) ?? []).every(word => word === (upper ? word.toUpperCase() : word.toLowerCase()));
}
