/**
 * Reads what a statement changes in the schema from its tokens. Not from a parse tree, because the head of a DDL
 * statement is written alike in every dialect, because holes may stand in it, and because a statement that a parser
 * refuses still says what it creates.
 */
import type { Dialect } from './dialect';
import type { ObjectChange, ObjectKind, StatementEffect } from './schemaChange';
import { type StatementText, splitStatements } from './statements';
import { HOLE, isKeyword, nameOf, sourceOf, type Token, tokensOf } from './tokens';

/** A place in a statement's tokens that moves forward. */
class Cursor {
  private at = 0;
  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
    /** Whether the server reads what is not in quotes in lower case. */
    private readonly folds: boolean,
  ) {}

  get token(): Token | undefined {
    return this.tokens[this.at];
  }

  /** The current token as written. */
  get source(): string {
    return this.token ? sourceOf(this.text, this.token) : '';
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** The current token's source in capitals when it is a word or symbol, else empty. */
  get word(): string {
    const token = this.token;
    return token && (token.kind === 'word' || token.kind === 'symbol') ? sourceOf(this.text, token).toUpperCase() : '';
  }

  peek(ahead: number): string {
    const token = this.tokens[this.at + ahead];
    return token && (token.kind === 'word' || token.kind === 'symbol') ? sourceOf(this.text, token).toUpperCase() : '';
  }

  next(): void {
    this.at += 1;
  }

  /** Steps over these words when all of them stand here. */
  take(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => this.peek(ahead) === word)) return false;
    this.at += words.length;
    return true;
  }

  /** Steps over any of these words, as often as they stand here. */
  skip(words: ReadonlySet<string>): void {
    while (words.has(this.word)) this.next();
  }

  skipExistence(): void {
    if (!this.take('IF', 'NOT', 'EXISTS')) this.take('IF', 'EXISTS');
  }

  rewind(): void {
    this.at = 0;
  }

  /** A name, maybe qualified: its last part; undefined when none stands here, or it has a hole. */
  name(): string | undefined {
    let name: string | undefined;
    for (;;) {
      const token = this.token;
      if (!token || !(token.kind === 'word' || token.kind === 'name' || token.kind === 'text')) return name;
      name = token.kind === 'word' && !this.folds ? sourceOf(this.text, token) : nameOf(this.text, token);
      this.next();
      if (this.word !== '.') break;
      this.next();
    }
    return name.includes(HOLE) ? undefined : name;
  }

  /** Moves to just after the word, not inside further parentheses than it is in now; false when it does not come. */
  seek(word: string): boolean {
    let depth = 0;
    for (let ahead = this.at; ahead < this.tokens.length; ahead += 1) {
      const token = this.tokens[ahead];
      const source = token && (token.kind === 'word' || token.kind === 'symbol') ? sourceOf(this.text, token) : '';
      if (depth <= 0 && source.toUpperCase() === word) {
        this.at = ahead + 1;
        return true;
      }
      if (source === '(') depth += 1;
      else if (source === ')') depth -= 1;
    }
    return false;
  }

  /** Moves to just after the next comma at this depth; false when there is none. */
  nextItem(): boolean {
    return this.seek(',');
  }

  /** Whether this word is still to come, at any depth. */
  holds(word: string): boolean {
    return this.tokens.slice(this.at).some(token => isKeyword(this.text, token, word));
  }
}

const MODIFIERS = new Set(
  'OR REPLACE ALTER GLOBAL LOCAL UNLOGGED EXTERNAL FOREIGN VIRTUAL UNIQUE FULLTEXT SPATIAL CLUSTERED NONCLUSTERED RECURSIVE CONSTRAINT EVENT TRUSTED PROCEDURAL DEFAULT'.split(
    ' ',
  ),
);

const KINDS: Readonly<Record<string, ObjectKind>> = {
  TABLE: 'table',
  INDEX: 'index',
  VIEW: 'view',
  FUNCTION: 'function',
  AGGREGATE: 'function',
  PROCEDURE: 'procedure',
  PROC: 'procedure',
  ROUTINE: 'function',
  TRIGGER: 'trigger',
  TYPE: 'type',
  DOMAIN: 'domain',
  SEQUENCE: 'sequence',
  SCHEMA: 'schema',
  EXTENSION: 'extension',
  POLICY: 'policy',
  RULE: 'rule',
  COLLATION: 'object',
  CONVERSION: 'object',
  PUBLICATION: 'object',
  STATISTICS: 'object',
  OPERATOR: 'object',
  SYNONYM: 'object',
  EVENT: 'object',
  'TEXT SEARCH CONFIGURATION': 'object',
  'TEXT SEARCH DICTIONARY': 'object',
};

const structure = (changes: readonly ObjectChange[]): StatementEffect => ({
  effect: 'structure',
  changes,
  // the server names an index or constraint after its table
  complete: changes.every(change => change.name !== undefined || change.on !== undefined),
});
const only = (effect: StatementEffect['effect'], complete = true): StatementEffect => ({
  effect,
  changes: [],
  complete,
});

/** The kind of object that stands at the cursor, which moves behind it. */
function objectKind(cursor: Cursor): ObjectKind | undefined {
  if (cursor.take('MATERIALIZED', 'VIEW')) return 'materialized view';
  if (cursor.take('TEXT', 'SEARCH')) {
    cursor.next();
    return 'object';
  }
  if (cursor.take('OPERATOR', 'CLASS') || cursor.take('OPERATOR', 'FAMILY')) return 'object';
  const kind = KINDS[cursor.word];
  if (kind) cursor.next();
  return kind;
}

const LIVES_ON_TABLE: ReadonlySet<ObjectKind> = new Set<ObjectKind>(['trigger', 'policy', 'rule']);

function createEffect(cursor: Cursor): StatementEffect {
  let temporary = false;
  for (;;) {
    if (cursor.word === 'TEMP' || cursor.word === 'TEMPORARY') temporary = true;
    else if (cursor.take('DEFINER', '=')) {
      // `root`@`localhost`: up to the next kind
      while (!cursor.done && !(cursor.word in KINDS)) cursor.next();
      break;
    } else if (cursor.word === 'EVENT' && cursor.peek(1) !== 'TRIGGER') break;
    else if (!MODIFIERS.has(cursor.word)) break;
    cursor.next();
  }
  const kind = objectKind(cursor);
  if (!kind) return only('unknown', false);
  if (temporary) return only('none');
  cursor.take('CONCURRENTLY');
  cursor.skipExistence();
  if (kind === 'index') {
    const name = cursor.word === 'ON' ? undefined : cursor.name();
    if (!cursor.seek('ON')) return structure([{ action: 'create', kind, name }]);
    cursor.take('ONLY');
    return structure([{ action: 'create', kind, name, on: cursor.name() }]);
  }
  if (kind === 'schema' && cursor.take('AUTHORIZATION'))
    return structure([{ action: 'create', kind, name: cursor.name() }]);
  if (kind === 'table' && cursor.source.startsWith('#')) return only('none');
  const name = cursor.name();
  if (!LIVES_ON_TABLE.has(kind)) return structure([{ action: 'create', kind, name }]);
  const found = kind === 'rule' ? cursor.seek('TO') : cursor.seek('ON');
  return structure([{ action: 'create', kind, name, on: found ? cursor.name() : undefined }]);
}

/** `DROP FUNCTION f(int), g()`: the names, with what stands between them skipped. */
function droppedNames(cursor: Cursor): (string | undefined)[] {
  const names = [cursor.name()];
  while (cursor.nextItem()) names.push(cursor.name());
  return names;
}

function dropEffect(cursor: Cursor): StatementEffect {
  if (cursor.take('OWNED')) return only('unknown', false);
  cursor.skip(new Set(['FOREIGN', 'TEMPORARY', 'TEMP', 'EXTERNAL']));
  if (cursor.word === 'EVENT') cursor.next();
  const kind = objectKind(cursor);
  if (!kind) return only('unknown', false);
  cursor.take('CONCURRENTLY');
  cursor.skipExistence();
  if (kind === 'index' || LIVES_ON_TABLE.has(kind)) {
    const names = droppedNames(cursor);
    const on = onTable(cursor);
    return structure(names.map(name => ({ action: 'drop', kind, name, on })));
  }
  return structure(droppedNames(cursor).map(name => ({ action: 'drop', kind, name })));
}

/** The table after the word ON, if any; `DROP INDEX i ON t`. */
function onTable(cursor: Cursor): string | undefined {
  cursor.rewind();
  return cursor.seek('ON') ? cursor.name() : undefined;
}

const UNNAMED_CONSTRAINTS = new Set(['PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'EXCLUDE']);
const INDEX_WORDS = new Set(['INDEX', 'KEY', 'FULLTEXT', 'SPATIAL']);

/** What follows ADD in ALTER TABLE. */
function addedTo(on: string | undefined, cursor: Cursor): ObjectChange {
  if (cursor.take('CONSTRAINT')) {
    cursor.skipExistence();
    const name = UNNAMED_CONSTRAINTS.has(cursor.word) ? undefined : cursor.name();
    return { action: 'create', kind: 'constraint', name, on };
  }
  if (cursor.take('PARTITION')) return { action: 'alter', kind: 'table', name: on };
  if (INDEX_WORDS.has(cursor.word) || (cursor.word === 'UNIQUE' && INDEX_WORDS.has(cursor.peek(1)))) {
    cursor.skip(new Set([...INDEX_WORDS, 'UNIQUE']));
    cursor.skipExistence();
    return { action: 'create', kind: 'index', name: cursor.word === '(' ? undefined : cursor.name(), on };
  }
  if (UNNAMED_CONSTRAINTS.has(cursor.word)) return { action: 'create', kind: 'constraint', on };
  cursor.take('COLUMN');
  cursor.skipExistence();
  cursor.take('(');
  return { action: 'create', kind: 'column', name: cursor.name(), on };
}

/** What follows DROP in ALTER TABLE. */
function droppedFrom(on: string | undefined, cursor: Cursor): ObjectChange {
  if (cursor.take('PRIMARY', 'KEY')) return { action: 'drop', kind: 'constraint', on };
  if (cursor.take('FOREIGN', 'KEY') || cursor.take('CONSTRAINT') || cursor.take('CHECK')) {
    cursor.skipExistence();
    return { action: 'drop', kind: 'constraint', name: cursor.name(), on };
  }
  if (cursor.take('INDEX') || cursor.take('KEY')) {
    cursor.skipExistence();
    return { action: 'drop', kind: 'index', name: cursor.name(), on };
  }
  if (cursor.take('PARTITION')) return { action: 'alter', kind: 'table', name: on };
  cursor.take('COLUMN');
  cursor.skipExistence();
  return { action: 'drop', kind: 'column', name: cursor.name(), on };
}

const HOW_STORED = new Set(['STATISTICS', 'STORAGE', 'COMPRESSION']);

/** One action of ALTER TABLE; undefined for those that change no structure. */
function tableAction(on: string | undefined, cursor: Cursor): ObjectChange | undefined {
  if (cursor.take('ADD')) return addedTo(on, cursor);
  if (cursor.take('DROP')) return droppedFrom(on, cursor);
  if (cursor.take('OWNER', 'TO') || cursor.take('CLUSTER')) return undefined;
  // what is NOT VALID is so by its definition
  if (cursor.take('VALIDATE', 'CONSTRAINT')) return { action: 'alter', kind: 'constraint', name: cursor.name(), on };
  if (cursor.take('RENAME')) {
    if (cursor.take('TO') || cursor.take('AS')) return { action: 'rename', kind: 'table', name: on, to: cursor.name() };
    const kind = cursor.take('CONSTRAINT')
      ? 'constraint'
      : cursor.take('INDEX') || cursor.take('KEY')
        ? 'index'
        : 'column';
    cursor.take('COLUMN');
    const name = cursor.name();
    return { action: 'rename', kind, name, on, to: cursor.take('TO') ? cursor.name() : undefined };
  }
  if (cursor.take('ALTER', 'CONSTRAINT') || cursor.take('ALTER', 'CHECK'))
    return { action: 'alter', kind: 'constraint', name: cursor.name(), on };
  if (cursor.take('ALTER', 'INDEX')) return { action: 'alter', kind: 'index', name: cursor.name(), on };
  if (cursor.take('ALTER') || cursor.take('MODIFY')) {
    cursor.take('COLUMN');
    cursor.skipExistence();
    const name = cursor.name();
    if (cursor.take('SET') || cursor.take('RESET'))
      if (cursor.word === '(' || HOW_STORED.has(cursor.word))
        // how its values are stored and looked at
        return undefined;
    return { action: 'alter', kind: 'column', name, on };
  }
  if (cursor.take('CHANGE')) {
    cursor.take('COLUMN');
    const name = cursor.name();
    const to = cursor.name();
    return to === name
      ? { action: 'alter', kind: 'column', name, on }
      : { action: 'rename', kind: 'column', name, on, to };
  }
  return { action: 'alter', kind: 'table', name: on };
}

function alterEffect(cursor: Cursor): StatementEffect {
  if (cursor.take('DEFAULT', 'PRIVILEGES')) return only('soft');
  cursor.skip(new Set(['FOREIGN', 'EVENT']));
  const kind = objectKind(cursor);
  if (!kind) return only('unknown', false);
  cursor.skipExistence();
  if (kind === 'table') {
    cursor.take('ONLY');
    const on = cursor.name();
    cursor.take('*');
    const changes: ObjectChange[] = [];
    let adding = false;
    do {
      const continued: boolean = adding && !ACTION_WORDS.has(cursor.word);
      const change: ObjectChange | undefined = continued ? addedTo(on, cursor) : tableAction(on, cursor);
      adding = change?.action === 'create';
      if (change) changes.push(change);
    } while (cursor.nextItem());
    return changes.length > 0 ? structure(changes) : only('soft');
  }
  const name = cursor.name();
  if (cursor.take('(')) cursor.seek(')');
  if (cursor.take('OWNER', 'TO')) return only('soft');
  const on = LIVES_ON_TABLE.has(kind) && cursor.take('ON') ? cursor.name() : undefined;
  if (kind === 'sequence' && cursor.word === 'RESTART') return only('soft');
  if (cursor.take('RENAME')) {
    if (cursor.take('VALUE') || cursor.take('ATTRIBUTE')) return structure([{ action: 'alter', kind, name, on }]);
    return structure([{ action: 'rename', kind, name, on, to: cursor.take('TO') ? cursor.name() : undefined }]);
  }
  return structure([{ action: 'alter', kind, name, on }]);
}

const ACTION_WORDS = new Set(
  'ADD DROP ALTER RENAME MODIFY CHANGE OWNER VALIDATE CLUSTER SET RESET ENABLE DISABLE ATTACH DETACH INHERIT NO REPLICA ENGINE CONVERT COMMENT AUTO_INCREMENT ALGORITHM LOCK ORDER FORCE'.split(
    ' ',
  ),
);

/** MySQL's `RENAME TABLE a TO b, c TO d`. */
function renameEffect(cursor: Cursor): StatementEffect {
  if (!cursor.take('TABLE')) return only('unknown', false);
  const changes: ObjectChange[] = [];
  do {
    const name = cursor.name();
    changes.push({ action: 'rename', kind: 'table', name, to: cursor.take('TO') ? cursor.name() : undefined });
  } while (cursor.nextItem());
  return structure(changes);
}

const NOT_CALLED = new Set(
  'IN VALUES AND OR NOT EXISTS ANY ALL SOME AS ON USING OVER FROM WHERE SELECT BY WHEN THEN ELSE CASE LIMIT OFFSET DISTINCT UNION EXCEPT INTERSECT FILTER LATERAL JOIN'.split(
    ' ',
  ),
);

/** Functions that a migration calls for a setting or a sequence's position. */
const SETTERS = new Set([
  'SET_CONFIG',
  'SETVAL',
  'NOW',
  'VERSION',
  'CURRENT_SETTING',
  'COUNT',
  'MAX',
  'MIN',
  'COALESCE',
]);

function selectEffect(text: string, tokens: readonly Token[]): StatementEffect {
  for (const [at, token] of tokens.entries()) {
    if (isKeyword(text, token, 'INTO')) return only('unknown', false);
    const next = tokens[at + 1];
    if (next?.kind !== 'symbol' || sourceOf(text, next) !== '(') continue;
    const called = token.kind === 'word' || token.kind === 'name' ? sourceOf(text, token).toUpperCase() : undefined;
    if (called !== undefined && !NOT_CALLED.has(called) && !SETTERS.has(called)) return only('unknown', false);
  }
  return only('none');
}

/** Words that begin what holds statements, and the word that those stand behind. */
const OPENED_BY: Readonly<Record<string, string>> = {
  BEGIN: 'BEGIN',
  ELSE: 'ELSE',
  LOOP: 'LOOP',
  FOR: 'LOOP',
  FOREACH: 'LOOP',
  WHILE: 'LOOP',
  IF: 'THEN',
  ELSIF: 'THEN',
  ELSEIF: 'THEN',
  CASE: 'THEN',
  WHEN: 'THEN',
  EXCEPTION: 'THEN',
};

/** Those that begin what may be passed by, and are closed by END and a word. */
const BRANCHES = new Set(['IF', 'CASE', 'LOOP', 'FOR', 'FOREACH', 'WHILE']);

/**
 * What the body of an anonymous block does: its statements are found behind BEGIN, THEN, ELSE and LOOP. Conditions are
 * not decided, so a change in a branch counts as a change, and an error in one (`IF EXISTS (…) THEN RAISE`, which looks at
 * the rows first) does not make the block fail.
 */
function blockEffect(body: string): StatementEffect {
  const changes: ObjectChange[] = [];
  let fails = false;
  let writes = false;
  let unknown = false;
  let branches = 0;
  let declares = false;
  for (const { tokens } of splitStatements(body, 'postgresql')) {
    const wordAt = (at: number): string => (tokens[at] ? sourceOf(body, tokens[at]).toUpperCase() : '');
    let first = 0;
    for (let opener = OPENED_BY[wordAt(0)]; opener !== undefined; opener = OPENED_BY[wordAt(first)]) {
      const word = wordAt(first);
      if (word === 'BEGIN') declares = false;
      if (BRANCHES.has(word) || word === 'EXCEPTION') branches += 1;
      const behind = tokens.findIndex((_, at) => at >= first && wordAt(at) === opener);
      first = behind < 0 ? tokens.length : behind + 1;
    }
    const verb = wordAt(first);
    // `END` alone closes a block, with its handlers if it has any
    if (verb === 'END') branches = Math.max(0, branches - 1);
    if (verb === 'DECLARE') declares = true;
    if (declares || NO_STATEMENTS.has(verb)) continue;
    if (verb === 'RAISE') {
      const raised = tokens[first + 1];
      if (branches === 0 && (isKeyword(body, raised, 'EXCEPTION') || raised?.kind === 'text')) fails = true;
      continue;
    }
    const effect = effectOfTokens(body, tokens.slice(first), 'postgresql');
    changes.push(...effect.changes);
    if (effect.effect === 'data') writes = true;
    else if (effect.effect === 'unknown') unknown = true;
  }
  const complete = !unknown;
  if (changes.length > 0) return { effect: 'structure', changes, complete };
  if (unknown) return only('unknown', false);
  if (writes) return only('data');
  return only(fails ? 'fails' : 'none');
}

const NO_STATEMENTS = new Set(['', 'END', 'NULL', 'RETURN', 'EXIT', 'CONTINUE']);

const SOFT = new Set(
  'COMMENT GRANT REVOKE ANALYZE ANALYSE VACUUM REINDEX REFRESH CLUSTER LOCK OPTIMIZE SECURITY CHECKPOINT'.split(' '),
);
const WITHOUT_EFFECT = new Set(
  'SET RESET BEGIN START COMMIT END ROLLBACK ABORT SAVEPOINT RELEASE USE PRAGMA DISCARD PRINT SHOW EXPLAIN LISTEN NOTIFY UNLOCK DECLARE'.split(
    ' ',
  ),
);
const WRITES = new Set('INSERT UPDATE DELETE MERGE REPLACE COPY LOAD TRUNCATE BULK'.split(' '));

function effectOfTokens(text: string, tokens: readonly Token[], dialect: Dialect): StatementEffect {
  const cursor = new Cursor(text, tokens, dialect === 'postgresql');
  const verb = cursor.word;
  cursor.next();
  switch (verb) {
    case 'CREATE':
      return createEffect(cursor);
    case 'DROP':
      return dropEffect(cursor);
    case 'ALTER':
      return alterEffect(cursor);
    case 'RENAME':
      return renameEffect(cursor);
    case 'WITH':
      return cursor.holds('INSERT') || cursor.holds('UPDATE') || cursor.holds('DELETE') || cursor.holds('MERGE')
        ? only('data')
        : selectEffect(text, tokens);
    case 'SELECT':
    case 'VALUES':
    case '(':
      return selectEffect(text, tokens);
    case 'IMPORT':
      return only('unknown', false);
    case 'DO': {
      const body = tokens.find(token => token.kind === 'body');
      return body && dialect === 'postgresql' ? blockEffect(insideBody(sourceOf(text, body))) : only('unknown', false);
    }
    case 'SIGNAL':
    case 'THROW':
    case 'RAISERROR':
      return only('fails');
    default:
      if (SOFT.has(verb)) return only('soft');
      if (WITHOUT_EFFECT.has(verb)) return only('none');
      if (WRITES.has(verb)) return only('data');
      return only('unknown', false);
  }
}

/** The text between `$tag$` and `$tag$`. */
function insideBody(source: string): string {
  const tag = source.indexOf('$', 1) + 1;
  return source.slice(tag, source.length - tag);
}

/** What one statement does. Total: what is not known is `unknown`. */
export const effectOf = (text: string, statement: StatementText, dialect: Dialect): StatementEffect =>
  effectOfTokens(text, statement.tokens, dialect);

/**
 * Every word that the text holds outside comments, in lower case, those inside literals and bodies included: if a name
 * is not among them, the text does not name it, unless it is computed.
 */
export function namesIn(text: string, dialect: Dialect): ReadonlySet<string> {
  const names = new Set<string>();
  for (const token of tokensOf(text, dialect)) {
    if (token.kind === 'comment') continue;
    if (token.kind === 'name') names.add(nameOf(text, token).toLowerCase());
    for (const word of sourceOf(text, token).match(/[\p{L}\p{N}_$]+/gu) ?? []) names.add(word.toLowerCase());
  }
  return names;
}
