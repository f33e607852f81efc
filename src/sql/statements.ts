/** Splits SQL text into statements by its tokens alone, so that one that does not parse costs only itself. */
import { lookupAt } from './constraintLookup';
import type { Dialect } from './dialect';
import { rememberedByDialect } from './remembered';
import { isKeyword, sourceOf, type Token, tokensOf } from './tokens';

/** One statement, from its first token to its last, without the terminator; comments around it lie outside. */
export interface StatementText {
  /** UTF-16 offsets in the whole text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The statement's tokens without comments, in offsets of the whole text. */
  readonly tokens: readonly Token[];
}

/** Whether a statement that begins like this may hold further statements, closed by END. */
function holdsStatements(text: string, tokens: readonly Token[]): boolean {
  if (!isKeyword(text, tokens[0], 'CREATE') && !isKeyword(text, tokens[0], 'ALTER')) return false;
  return tokens
    .slice(1, 12)
    .some(token => token.kind === 'word' && /^(?:function|procedure|proc|trigger|event)$/i.test(sourceOf(text, token)));
}

/** A routine or a trigger of T-SQL, which is all that is left of its batch. */
function isModule(text: string, tokens: readonly Token[]): boolean {
  const isAltered = isKeyword(text, tokens[0], 'ALTER');
  if (!isAltered && !isKeyword(text, tokens[0], 'CREATE')) return false;
  const at = !isAltered && isKeyword(text, tokens[1], 'OR') && isKeyword(text, tokens[2], 'ALTER') ? 3 : 1;
  return ['PROC', 'PROCEDURE', 'FUNCTION', 'TRIGGER'].some(word => isKeyword(text, tokens[at], word));
}

/** `CREATE RULE … DO (a; b)`: the one place in PostgreSQL where parentheses hold terminators. */
const isRule = (text: string, tokens: readonly Token[]): boolean =>
  isKeyword(text, tokens[0], 'CREATE') && tokens.slice(1, 4).some(token => isKeyword(text, token, 'RULE'));

/**
 * Splits `text` into its statements. Terminators inside literals, comments and bodies do not split; psql
 * meta-commands, COPY data and DELIMITER lines belong to no statement. Total.
 */
export const splitStatements: (text: string, dialect: Dialect) => readonly StatementText[] = rememberedByDialect(split);

function split(text: string, dialect: Dialect): readonly StatementText[] {
  const statements: StatementText[] = [];
  let current: Token[] = [];
  let delimiter = ';';
  let blocks = 0;
  let parentheses = 0;

  const finish = (): void => {
    const first = current[0];
    const last = current[current.length - 1];
    if (first && last)
      statements.push({ start: first.start, end: last.end, text: text.slice(first.start, last.end), tokens: current });
    current = [];
    blocks = 0;
    parentheses = 0;
  };

  /** Where a statement ends that was found as a whole. */
  let whole = 0;
  const isTransact = dialect === 'transactsql';
  const tokens = tokensOf(text, dialect).filter(({ kind }) => kind !== 'comment');

  for (const [at, token] of tokens.entries()) {
    if (isTransact && token.kind !== 'foreign') {
      if (token.start < whole) {
        current.push(token);
        if ((tokens[at + 1]?.start ?? whole) >= whole) {
          // its last terminator is none of it
          if (sourceOf(text, token) === ';') current.pop();
          finish();
        }
        continue;
      }
      if (isKeyword(text, token, 'DECLARE') && !isModule(text, current)) {
        const end = lookupAt(text, token.start)?.end;
        if (end !== undefined && (current.length === 0 || (blocks === 0 && parentheses === 0))) {
          finish();
          whole = end;
          current.push(token);
          continue;
        }
      }
      if (isTried(text, current, tokens, at)) finish();
    }
    if (token.kind === 'foreign') {
      const source = sourceOf(text, token);
      const line = /^delimiter[ \t]+(\S+)/i.exec(source);
      if (line?.[1]) delimiter = line[1];
      finish();
      continue;
    }
    const source = token.kind === 'symbol' ? sourceOf(text, token) : '';
    if (dialect === 'transactsql' && parentheses === 0 && blocks === 0 && beginsNext(text, current, token)) finish();
    if (source === delimiter) {
      const inside =
        delimiter === ';' &&
        ((blocks > 0 && (holdsStatements(text, current) || isBlock(text, current, dialect))) ||
          (isTransact && isModule(text, current)) ||
          (parentheses > 0 && isRule(text, current)));
      if (!inside) {
        finish();
        continue;
      }
    }
    if (source === '(') parentheses += 1;
    else if (source === ')') parentheses -= 1;
    else if (token.kind === 'word') blocks = blocksAfter(text, current, token, blocks, dialect);
    current.push(token);
  }
  finish();
  return statements;
}

/** T-SQL's `IF … BEGIN …; … END`, and what runs where something has failed. */
const isBlock = (text: string, [first, second]: readonly Token[], dialect: Dialect): boolean =>
  dialect === 'transactsql' &&
  (isKeyword(text, first, 'IF') ||
    isKeyword(text, first, 'WHILE') ||
    (isKeyword(text, first, 'BEGIN') && isKeyword(text, second, 'CATCH')));

/** Whether the words around what is tried end before a token of T-SQL's, or begin there: what is tried is done. */
function isTried(text: string, before: readonly Token[], tokens: readonly Token[], at: number): boolean {
  const [first, second] = before;
  if (before.length === 2 && isKeyword(text, second, 'TRY'))
    return isKeyword(text, first, 'BEGIN') || isKeyword(text, first, 'END');
  if (isKeyword(text, first, 'BEGIN') && isKeyword(text, second, 'CATCH'))
    return isKeyword(text, before.at(-1), 'CATCH') && isKeyword(text, before.at(-2), 'END');
  if (first === undefined || isModule(text, before) || isBlock(text, before, 'transactsql')) return false;
  return isKeyword(text, tokens[at], 'END') && isKeyword(text, tokens[at + 1], 'TRY');
}

/** Words that begin a statement of T-SQL, which needs no terminator, where they begin a line. */
const BEGINS =
  /^(?:create|alter|drop|exec|execute|print|use|truncate|if|declare|insert|grant|deny|revoke|commit|rollback|begin)$/i;

/** Whether a statement of T-SQL ends before a token. A routine and a view hold all that is left of their batch. */
function beginsNext(text: string, before: readonly Token[], token: Token): boolean {
  const last = before[before.length - 1];
  if (!last || token.kind !== 'word' || !BEGINS.test(sourceOf(text, token))) return false;
  if (!/\n/.test(text.slice(last.end, token.start)) || holdsStatements(text, before)) return false;
  if (before.slice(0, 4).some(each => isKeyword(text, each, 'VIEW'))) return false;
  // what belongs to IF and ELSE, and to `ALTER TABLE … \n DROP …`
  const isOpen = /^(?:if|else|begin|while|,|as)$/i;
  const [first] = before;
  if (first && /^(?:while|declare)$/i.test(sourceOf(text, first))) return false;
  if (isOpen.test(sourceOf(text, last))) return false;
  // of IF, what it guards is a statement of its own
  const body = isKeyword(text, first, 'IF')
    ? before.findIndex((each, at) => at > 0 && each.kind === 'word' && BEGINS.test(sourceOf(text, each)))
    : 0;
  if (body < 0) return false;
  const isAlter = isKeyword(text, before[body], 'ALTER');
  return !isAlter || !/^(?:drop|alter|if)$/i.test(sourceOf(text, token)) || before.length - body > 3;
}

/** How many blocks stand open after `token`: BEGIN and CASE open one, END closes it; `END IF` and `END LOOP` do not count. */
function blocksAfter(text: string, before: readonly Token[], token: Token, blocks: number, dialect: Dialect): number {
  const word = sourceOf(text, token).toUpperCase();
  const previous = before[before.length - 1];
  const afterEnd = isKeyword(text, previous, 'END');
  switch (word) {
    case 'BEGIN':
      return dialect === 'postgresql' ? blocks : blocks + 1;
    case 'TRAN':
    case 'TRANSACTION':
      return dialect === 'transactsql' && isKeyword(text, previous, 'BEGIN') ? Math.max(0, blocks - 1) : blocks;
    case 'ATOMIC':
      return isKeyword(text, previous, 'BEGIN') && dialect === 'postgresql' ? blocks + 1 : blocks;
    case 'CASE':
      return afterEnd ? blocks : blocks > 0 ? blocks + 1 : blocks;
    case 'IF':
    case 'LOOP':
    case 'WHILE':
    case 'REPEAT':
    case 'FOR':
      return afterEnd && dialect !== 'transactsql' ? blocks + 1 : blocks;
    case 'END':
      return Math.max(0, blocks - 1);
    default:
      return blocks;
  }
}
