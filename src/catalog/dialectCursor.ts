/** Walks the tokens of one statement of MySQL, MariaDB, SQLite or T-SQL: words, names, what stands in parentheses. */
import type { Dialect } from '../sql/dialect';
import type { SqlSpan } from '../sql/query';
import type { StatementText } from '../sql/statements';
import { nameOf, sourceOf, type Token } from '../sql/tokens';
import { Clauses, type Range } from './clauses';
import type { Expression, Identifier, QualifiedName } from './definition';
import type { Fields } from './tree';

export type OtherDialect = Exclude<Dialect, 'postgresql'>;

/** Schemas that say nothing but where things are anyway. */
const OWN_SCHEMAS: Readonly<Record<OtherDialect, RegExp>> = {
  // the database's name: a dump writes it, the code seldom does
  mysql: /^(?!(?:mysql|information_schema|performance_schema|sys)$)/i,
  mariadb: /^(?!(?:mysql|information_schema|performance_schema|sys)$)/i,
  sqlite: /^(?:main|temp)$/i,
  transactsql: /^dbo$/i,
};

/** The statement's tokens, with names as these dialects quote them. */
export class DialectClauses extends Clauses {
  constructor(
    statement: StatementText,
    text: string,
    readonly dialect: OtherDialect,
  ) {
    super(statement, text);
  }

  token(index: number): Token | undefined {
    return this.statement.tokens[index];
  }

  /** A name keeps the case that it is written in; a text in quotes is one too, where a name must stand. */
  override nameAt(index: number): string | undefined {
    const token = this.token(index);
    if (!token) return undefined;
    if (token.kind === 'word') return sourceOf(this.text, token);
    return token.kind === 'name' || token.kind === 'text' ? nameOf(this.text, token) : undefined;
  }

  cursor(range: Range = this.all): Cursor {
    return new Cursor(this, range.from, range.to);
  }

  /** An expression by its tokens; its columns are found when it is bound. */
  expression(range: Range): Expression {
    const span = this.span(range);
    return { span, text: this.textOf(span), tree: this.treeOf(this.unwrapped(range)) };
  }

  /** Without the parentheses around all of it, which say nothing. */
  private unwrapped(range: Range): Range {
    let { from, to } = range;
    while (to - from > 2 && this.source(from) === '(' && this.closing(from) === to - 1) {
      from += 1;
      to -= 1;
    }
    return { from, to };
  }

  private treeOf({ from, to }: Range): Fields {
    const nodes: (Fields | string)[] = [];
    for (let index = from; index < to; index += 1) {
      const token = this.token(index);
      if (!token) continue;
      const source = this.source(index);
      const next = this.source(index + 1);
      if (token.kind === 'name' || (token.kind === 'word' && next !== '(')) {
        const word = source.toLowerCase();
        const plain = WORDS[word];
        if (plain !== undefined && token.kind === 'word') nodes.push(plain);
        else nodes.push({ ColumnRef: { fields: [{ String: { sval: this.nameAt(index) ?? '' } }] } });
      } else if (token.kind === 'word') {
        const word = source.toLowerCase();
        // `now()` is what `CURRENT_TIMESTAMP` is
        if (NOW.has(word) && this.source(index + 2) === ')') {
          nodes.push('current_timestamp');
          index += 2;
        } else nodes.push(NOW.has(word) ? 'current_timestamp' : word);
      } else if (token.kind === 'text') {
        const content = nameOf(this.text, token);
        nodes.push(/^-?\d+(?:\.\d+)?$/.test(content) && this.isMysql ? content : { text: content });
      } else nodes.push(source);
    }
    return { Words: nodes };
  }

  get isMysql(): boolean {
    return this.dialect === 'mysql' || this.dialect === 'mariadb';
  }
}

const NOW = new Set(['now', 'current_timestamp', 'localtimestamp', 'localtime', 'getdate']);

/** Words that mean one thing, however they are written. */
const WORDS: Readonly<Record<string, string>> = {
  current_timestamp: 'current_timestamp',
  localtimestamp: 'current_timestamp',
  localtime: 'current_timestamp',
  true: '1',
  false: '0',
  null: 'null',
  and: 'and',
  or: 'or',
  not: 'not',
  in: 'in',
  is: 'is',
  like: 'like',
  between: 'between',
  current_date: 'current_date',
  current_time: 'current_time',
};

/** Where a reading of tokens stands. */
export class Cursor {
  constructor(
    readonly clauses: DialectClauses,
    public at: number,
    readonly to: number,
  ) {}

  get isDone(): boolean {
    return this.at >= this.to;
  }

  /** Whether these words come next. */
  is(...words: readonly string[]): boolean {
    return this.at + words.length <= this.to && this.clauses.reads(this.at, ...words);
  }

  isAny(...words: readonly string[]): boolean {
    return words.some(word => this.is(word));
  }

  /** The span of these words, which are read over where they come next. */
  takes(...words: readonly string[]): SqlSpan | undefined {
    if (!this.is(...words)) return undefined;
    const from = this.at;
    this.at += words.length;
    return this.clauses.span({ from, to: this.at });
  }

  /** Reads over the first of these words that comes next. */
  takesAny(...words: readonly string[]): string | undefined {
    return words.find(word => this.takes(word) !== undefined);
  }

  /** Reads over whatever stands here. */
  skip(): void {
    this.at = Math.min(this.clauses.next(this.at), this.to);
  }

  name(): Identifier | undefined {
    if (this.isDone) return undefined;
    const name = this.clauses.nameAt(this.at);
    if (name === undefined) return undefined;
    const span = this.clauses.span({ from: this.at, to: this.at + 1 });
    this.at += 1;
    return { name, span };
  }

  /** `name`, `schema.name`, `database.schema.name`. */
  qualified(): QualifiedName | undefined {
    const from = this.at;
    const first = this.name();
    if (!first) return undefined;
    const parts = [first.name];
    while (this.is('.')) {
      this.at += 1;
      const next = this.name();
      // `database..table`
      if (next) parts.push(next.name);
    }
    const name = parts[parts.length - 1] ?? '';
    const schema = parts.length > 1 ? parts[parts.length - 2] : undefined;
    const { dialect } = this.clauses;
    return {
      name,
      ...(schema === undefined || OWN_SCHEMAS[dialect].test(schema) ? {} : { schema }),
      span: this.clauses.span({ from, to: this.at }),
    };
  }

  /** What stands in the parentheses that open here, which are read over. */
  parenthesised(): Range | undefined {
    if (this.isDone || this.clauses.source(this.at) !== '(') return undefined;
    const closing = this.clauses.closing(this.at);
    const inside = { from: this.at + 1, to: closing };
    this.at = closing + 1;
    return inside;
  }

  /** From an index to here. */
  since(from: number): Range {
    return { from, to: Math.max(from + 1, this.at) };
  }
}
