/**
 * DBML: the tables, enumerations and references of a document, each with its place. What is not known is passed over, so that a
 * document in the middle of an edit still gives what else it says.
 *
 * Source: dbml.dbdiagram.io/docs. Its own parser refuses a document as a whole, weighs as much as all rules together, and gives
 * what a document means without where each part of it stands.
 */
import { type DbmlToken, tokensOfDbml } from './tokens';

/** Offsets in the file. */
export interface DbmlSpan {
  readonly start: number;
  readonly end: number;
}

export interface DbmlName {
  readonly schema?: string;
  readonly name: string;
  readonly at: DbmlSpan;
}

export interface DbmlDocument {
  /** `PostgreSQL` of `database_type` in the block of the project. */
  readonly database?: string;
  readonly tables: readonly DbmlTable[];
  readonly enums: readonly DbmlEnum[];
  readonly references: readonly DbmlReference[];
}

export interface DbmlTable extends DbmlName {
  readonly alias?: string;
  /** Offset of its closing brace, or where it breaks off. */
  readonly close: number;
  /** Those of its partials among them. */
  readonly columns: readonly DbmlColumn[];
  readonly indexes: readonly DbmlIndex[];
  /** It has a partial that is not in the document. */
  readonly isPartial: boolean;
}

export interface DbmlColumn {
  readonly name: string;
  readonly at: DbmlSpan;
  /** As written, without the quotes around it; absent while it is typed. */
  readonly type?: { readonly text: string; readonly at: DbmlSpan };
  readonly settings: readonly DbmlSetting[];
  /** All of it, its settings included. */
  readonly span: DbmlSpan;
  /** Of a partial, where it may belong to several tables. */
  readonly isShared: boolean;
}

export interface DbmlSetting {
  /** In lower case, its words parted by one blank: `not null`. */
  readonly name: string;
  readonly value: readonly DbmlToken[];
  readonly at: DbmlSpan;
}

export interface DbmlIndex {
  /** Absent where one of them is an expression. */
  readonly columns?: readonly string[];
  readonly settings: readonly DbmlSetting[];
  readonly at: DbmlSpan;
}

export interface DbmlEnum extends DbmlName {
  readonly close: number;
  readonly labels: readonly { readonly name: string; readonly at: DbmlSpan }[];
}

export interface DbmlReference {
  /** `>`: the first refers to the second. `<`: the second to the first. `-`: one of them to the other. */
  readonly operator: string;
  readonly from: DbmlEndpoint;
  readonly to: DbmlEndpoint;
  readonly settings: readonly DbmlSetting[];
  readonly at: DbmlSpan;
}

export interface DbmlEndpoint {
  readonly schema?: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export const settingOf = (
  { settings }: { readonly settings: readonly DbmlSetting[] },
  ...names: readonly string[]
): DbmlSetting | undefined => settings.find(({ name }) => names.includes(name));

export function parseDbml(text: string): DbmlDocument {
  return new DbmlReader(text).document();
}

/** Blocks of a document, which no column is: each with its brace in the same line. */
const BLOCK = /^(?:table|enum|ref|project|tablegroup|tablepartial|note|records)$/i;

interface Body {
  readonly close: number;
  readonly columns: DbmlColumn[];
  readonly indexes: DbmlIndex[];
  readonly partials: string[];
}

class DbmlReader {
  private readonly tokens: readonly DbmlToken[];
  private at = 0;
  private database: string | undefined;
  private readonly tables: (DbmlTable & { readonly partials: readonly string[] })[] = [];
  private readonly partials = new Map<string, Body>();
  private readonly enums: DbmlEnum[] = [];
  private readonly references: DbmlReference[] = [];

  constructor(private readonly text: string) {
    this.tokens = tokensOfDbml(text);
  }

  document(): DbmlDocument {
    while (this.at < this.tokens.length) {
      const before = this.at;
      this.block();
      // whatever was not understood is passed over
      if (this.at === before) this.at += 1;
    }
    return {
      ...(this.database === undefined ? {} : { database: this.database }),
      tables: this.tables.map(({ partials, ...table }) => {
        const shared = partials.map(name => this.partials.get(name));
        return {
          ...table,
          columns: [...table.columns, ...shared.flatMap(each => each?.columns ?? [])],
          indexes: [...table.indexes, ...shared.flatMap(each => each?.indexes ?? [])],
          isPartial: shared.includes(undefined),
        };
      }),
      enums: this.enums,
      references: this.references,
    };
  }

  private block(): void {
    const word = this.peek();
    if (word?.kind !== 'word') return;
    switch (word.value.toLowerCase()) {
      case 'table':
        this.at += 1;
        this.table();
        return;
      case 'tablepartial': {
        this.at += 1;
        const name = this.take('word', 'quoted');
        this.bracketed();
        if (name && this.takes('{')) this.partials.set(name.value, this.body(true, name.value, undefined));
        return;
      }
      case 'enum':
        this.at += 1;
        this.enumeration();
        return;
      case 'ref':
        this.at += 1;
        this.reference();
        return;
      case 'project':
        this.at += 1;
        this.take('word', 'quoted');
        this.project();
        return;
      default:
        this.at += 1;
        // a group, a note, rows: nothing of the schema
        while (this.peek() && !this.peek()?.isFirst && !this.is('{')) this.at += 1;
        if (this.is('{')) this.skipBalanced();
    }
  }

  private table(): void {
    const name = this.name();
    if (!name) return;
    const alias = this.takesWord('as') ? this.take('word', 'quoted') : undefined;
    this.bracketed();
    if (!this.takes('{')) return;
    const { columns, indexes, partials, close } = this.body(false, name.name, name.schema);
    this.tables.push({
      ...name,
      ...(alias ? { alias: alias.value } : {}),
      columns,
      indexes,
      partials,
      close,
      isPartial: false,
    });
  }

  private body(isShared: boolean, table: string, schema: string | undefined): Body {
    const body: Omit<Body, 'close'> = { columns: [], indexes: [], partials: [] };
    for (let token = this.peek(); token && !this.takes('}') && !this.beginsBlock(token); token = this.peek()) {
      const before = this.at;
      const following = this.tokens[this.at + 1]?.value;
      if (token.value === '~') {
        this.at += 1;
        const partial = this.take('word', 'quoted');
        if (partial) body.partials.push(partial.value);
      } else if (this.isWord('indexes') && following === '{') {
        this.at += 2;
        body.indexes.push(...this.indexes());
      } else if (token.kind === 'word' && following === '{') {
        this.at += 1;
        this.skipBalanced();
      } else if (token.kind === 'word' && following === ':') {
        this.at += 2;
        this.take('text');
      } else if (token.kind === 'word' || token.kind === 'quoted') {
        const column = this.column(isShared);
        body.columns.push(column);
        for (const { name, value, at } of column.settings)
          if (name === 'ref') this.inlineReference({ table, schema, column: column.name }, value, at);
      }
      if (this.at === before) this.at += 1;
    }
    return { ...body, close: this.closed() };
  }

  private column(isShared: boolean): DbmlColumn {
    const name = this.next();
    const type = this.columnType();
    const settings = this.bracketed();
    const end = this.tokens[this.at - 1]?.end ?? name.end;
    return {
      name: name.value,
      at: spanOf(name),
      ...(type ? { type } : {}),
      settings,
      span: { start: name.start, end },
      isShared,
    };
  }

  /** To the settings or the end of the line; brackets right behind a type make it a list. */
  private columnType(): DbmlColumn['type'] {
    const first = this.peek();
    if (!first || first.isFirst || (first.kind !== 'word' && first.kind !== 'quoted')) return undefined;
    const from = this.at;
    for (let token = this.peek(); token && (!token.isFirst || this.at === from); token = this.peek()) {
      if (token.value === '}') break;
      if (token.value === '(') this.skipBalanced();
      else if (token.value === '[') {
        if (token.start !== this.tokens[this.at - 1]?.end || !/^\[\s*\d*\s*\]/.test(this.text.slice(token.start)))
          break;
        this.skipBalanced();
      } else this.at += 1;
    }
    const last = this.tokens[this.at - 1] ?? first;
    const at = { start: first.start, end: last.end };
    const text = this.text.slice(at.start, at.end);
    return { text: text.replaceAll('"', '').replace(/\s+/g, ' '), at };
  }

  private indexes(): readonly DbmlIndex[] {
    const found: DbmlIndex[] = [];
    for (let token = this.peek(); token && !this.takes('}') && !this.beginsBlock(token); token = this.peek()) {
      const before = this.at;
      const parts: DbmlToken[] = [];
      if (this.takes('(')) {
        for (let each = this.peek(); each && each.value !== ')' && each.value !== '}'; each = this.peek()) {
          if (each.value !== ',') parts.push(each);
          this.at += 1;
        }
        this.takes(')');
      } else if (token.kind === 'word' || token.kind === 'quoted' || token.kind === 'expression')
        parts.push(this.next());
      const end = this.tokens[this.at - 1]?.end ?? token.end;
      const settings = this.bracketed();
      const isPlain = parts.every(({ kind }) => kind !== 'expression');
      if (parts.length > 0)
        found.push({
          ...(isPlain ? { columns: parts.map(({ value }) => value) } : {}),
          settings,
          at: { start: token.start, end },
        });
      if (this.at === before) this.at += 1;
    }
    return found;
  }

  private enumeration(): void {
    const name = this.name();
    if (!name || !this.takes('{')) return;
    const labels: { name: string; at: DbmlSpan }[] = [];
    for (let token = this.peek(); token && !this.takes('}') && !this.beginsBlock(token); token = this.peek()) {
      this.at += 1;
      if (token.kind === 'word' || token.kind === 'quoted') labels.push({ name: token.value, at: spanOf(token) });
      this.bracketed();
    }
    this.enums.push({ ...name, labels, close: this.closed() });
  }

  private project(): void {
    if (!this.takes('{')) return;
    let depth = 1;
    for (let token = this.peek(); token && depth > 0; token = this.peek()) {
      if (this.isWord('database_type') && this.tokens[this.at + 1]?.value === ':')
        this.database = this.tokens[this.at + 2]?.value;
      depth += token.value === '{' ? 1 : token.value === '}' ? -1 : 0;
      this.at += 1;
    }
  }

  private reference(): void {
    if (!this.is(':') && !this.is('{')) this.take('word', 'quoted');
    if (this.takes(':')) {
      this.relationship();
      return;
    }
    if (!this.takes('{')) return;
    for (let token = this.peek(); token && !this.takes('}') && !this.beginsBlock(token); token = this.peek()) {
      const before = this.at;
      this.relationship();
      if (this.at === before) this.at += 1;
    }
  }

  private relationship(): void {
    const first = this.peek();
    const from = this.endpoint();
    const operator = from && this.take('operator');
    const to = operator && this.endpoint();
    if (!first || !from || !operator || !to) return;
    const end = this.tokens[this.at - 1]?.end ?? operator.end;
    const settings = this.bracketed();
    this.references.push({ operator: plain(operator.value), from, to, settings, at: { start: first.start, end } });
  }

  private inlineReference(
    { table, schema, column }: { readonly table: string; readonly schema: string | undefined; readonly column: string },
    value: readonly DbmlToken[],
    at: DbmlSpan,
  ): void {
    const [operator, ...rest] = value;
    const names = rest.filter(({ kind }) => kind === 'word' || kind === 'quoted').map(each => each.value);
    const to = endpointOf(names.slice(0, -1), names.slice(-1));
    if (operator?.kind !== 'operator' || !to) return;
    const from = { table, columns: [column], ...(schema === undefined ? {} : { schema }) };
    this.references.push({ operator: plain(operator.value), from, to, settings: [], at });
  }

  /** `orders.id`, `core.orders.id`, `orders.(a, b)`. */
  private endpoint(): DbmlEndpoint | undefined {
    const names: string[] = [];
    for (let token = this.take('word', 'quoted'); token; token = this.take('word', 'quoted')) {
      names.push(token.value);
      if (!this.takes('.')) return endpointOf(names.slice(0, -1), names.slice(-1));
      if (!this.takes('(')) continue;
      const columns: string[] = [];
      for (let each = this.peek(); each && !this.takes(')') && each.value !== '}'; each = this.peek()) {
        if (each.kind === 'word' || each.kind === 'quoted') columns.push(each.value);
        this.at += 1;
      }
      return endpointOf(names, columns);
    }
    return undefined;
  }

  /** Settings in brackets, where there are some. */
  private bracketed(): readonly DbmlSetting[] {
    if (!this.takes('[')) return [];
    const settings: DbmlSetting[] = [];
    let own: DbmlToken[] = [];
    const add = (): void => {
      const [first] = own;
      const last = own.at(-1);
      const colon = own.findIndex(({ value }) => value === ':');
      const words = colon < 0 ? own : own.slice(0, colon);
      if (first && last)
        settings.push({
          name: words.map(({ value }) => value.toLowerCase()).join(' '),
          value: colon < 0 ? [] : own.slice(colon + 1),
          at: { start: first.start, end: last.end },
        });
      own = [];
    };
    for (let token = this.peek(); token; token = this.peek()) {
      // a bracket that is still open ends with its block
      if (token.value === '}' || this.beginsBlock(token)) break;
      if (token.isFirst && own.length > 0 && token.value !== ']' && token.value !== ',') break;
      this.at += 1;
      if (token.value === ']') break;
      if (token.value === ',') add();
      else own.push(token);
    }
    add();
    return settings;
  }

  private name(): DbmlName | undefined {
    const first = this.take('word', 'quoted');
    if (!first) return undefined;
    const second = this.takes('.') ? this.take('word', 'quoted') : undefined;
    return second
      ? { schema: first.value, name: second.value, at: { start: first.start, end: second.end } }
      : { name: first.value, at: spanOf(first) };
  }

  /** Behind a body: where its brace is, or the next block. */
  private closed(): number {
    const last = this.tokens[this.at - 1];
    return last?.value === '}' ? last.start : (this.peek()?.start ?? this.text.length);
  }

  /** A block that begins where another was not closed. */
  private beginsBlock(token: DbmlToken): boolean {
    if (!token.isFirst || token.kind !== 'word' || !BLOCK.test(token.value)) return false;
    for (let at = this.at + 1; ; at++) {
      const next = this.tokens[at];
      if (!next || next.isFirst) return false;
      if (next.value === '{') return at > this.at + 1;
    }
  }

  private skipBalanced(): void {
    const open = this.next().value;
    const close = open === '{' ? '}' : open === '(' ? ')' : ']';
    for (let depth = 1; depth > 0 && this.at < this.tokens.length; this.at++) {
      const { value, kind } = this.tokens[this.at] ?? NONE;
      if (kind !== 'mark') continue;
      depth += value === open ? 1 : value === close ? -1 : 0;
    }
  }

  private next(): DbmlToken {
    const token = this.tokens[this.at] ?? NONE;
    this.at += 1;
    return token;
  }

  private peek(): DbmlToken | undefined {
    return this.tokens[this.at];
  }

  private is(mark: string): boolean {
    const token = this.peek();
    return token?.kind === 'mark' && token.value === mark;
  }

  private isWord(word: string): boolean {
    const token = this.peek();
    return token?.kind === 'word' && token.value.toLowerCase() === word;
  }

  private takesWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.at += 1;
    return true;
  }

  private takes(mark: string): boolean {
    if (!this.is(mark)) return false;
    this.at += 1;
    return true;
  }

  private take(...kinds: readonly DbmlToken['kind'][]): DbmlToken | undefined {
    const token = this.peek();
    return token && kinds.includes(token.kind) ? this.next() : undefined;
  }
}

const NONE: DbmlToken = { kind: 'mark', value: '', start: 0, end: 0, isFirst: true };

const spanOf = ({ start, end }: DbmlToken): DbmlSpan => ({ start, end });

/** Without the marks that say whether there has to be one. */
const plain = (operator: string): string => operator.replaceAll('?', '');

function endpointOf(names: readonly string[], columns: readonly string[]): DbmlEndpoint | undefined {
  const table = names.at(-1);
  const schema = names.at(-2);
  if (table === undefined || columns.length === 0) return undefined;
  return { table, columns, ...(schema === undefined ? {} : { schema }) };
}
