/** Finds the clauses of a statement by its tokens: the server's tree says what is written, and seldom where it ends. */
import type { SqlSpan } from '../sql/query';
import type { StatementText } from '../sql/statements';
import { isKeyword, sourceOf } from '../sql/tokens';
import type { Identifier } from './definition';

/** A stretch of a statement's tokens: indexes, the second one exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const OPEN = new Set(['(', '[']);
const CLOSE = new Set([')', ']']);

export class Clauses {
  readonly all: Range;

  /** @param text the whole text that the statement's offsets refer to */
  constructor(
    readonly statement: StatementText & { readonly at?: (location: number) => number },
    protected readonly text: string,
  ) {
    this.all = { from: 0, to: statement.tokens.length };
  }

  source(index: number): string {
    const token = this.statement.tokens[index];
    return token ? sourceOf(this.text, token) : '';
  }

  /** Whether these words stand at `index`, one after the other. */
  reads(index: number, ...words: readonly string[]): boolean {
    return words.every((word, offset) => {
      const token = this.statement.tokens[index + offset];
      return isKeyword(this.text, token, word) || (token?.kind === 'symbol' && sourceOf(this.text, token) === word);
    });
  }

  /** The name that stands at `index`, as the server reads it. */
  nameAt(index: number): string | undefined {
    const token = this.statement.tokens[index];
    if (!token) return undefined;
    const source = sourceOf(this.text, token);
    if (token.kind === 'name') return source.slice(1, -1).replaceAll('""', '"');
    return token.kind === 'word' ? source.toLowerCase() : undefined;
  }

  /** Where `words` stand outside of parentheses that open within the range. */
  find(range: Range, ...words: readonly string[]): number | undefined {
    for (let index = range.from; index < range.to; index = this.next(index))
      if (this.reads(index, ...words)) return index;
    return undefined;
  }

  /** Where a name stands: the first token that reads as it. Names are cut at 63 bytes by the server. */
  findName(range: Range, name: string): number | undefined {
    for (let index = range.from; index < range.to; index += 1) {
      const found = this.nameAt(index);
      if (found === name || (found !== undefined && name.length > 20 && found.startsWith(name))) return index;
    }
    return undefined;
  }

  /** The index after `index`, with parentheses taken as one. */
  next(index: number): number {
    return OPEN.has(this.source(index)) ? this.closing(index) + 1 : index + 1;
  }

  /** The index of the parenthesis that closes the one at `index`. */
  closing(index: number): number {
    let depth = 0;
    for (let at = index; at < this.all.to; at += 1) {
      const source = this.source(at);
      if (OPEN.has(source)) depth += 1;
      else if (CLOSE.has(source)) {
        depth -= 1;
        if (depth === 0) return at;
      }
    }
    return this.all.to - 1;
  }

  /** What stands inside the first parentheses of the range. */
  inside(range: Range): Range | undefined {
    const open = this.find(range, '(');
    return open === undefined ? undefined : { from: open + 1, to: this.closing(open) };
  }

  /** The range cut at its commas. */
  items(range: Range): readonly Range[] {
    const items: Range[] = [];
    let from = range.from;
    for (let index = range.from; index < range.to; index = this.next(index))
      if (this.source(index) === ',') {
        items.push({ from, to: index });
        from = index + 1;
      }
    if (from < range.to) items.push({ from, to: range.to });
    return items;
  }

  /** The token that holds the offset. */
  indexAt(offset: number): number | undefined {
    const tokens = this.statement.tokens;
    let low = 0;
    let high = tokens.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const token = tokens[middle];
      if (!token) return undefined;
      if (token.end <= offset) low = middle + 1;
      else if (token.start > offset) high = middle - 1;
      else return middle;
    }
    return undefined;
  }

  /** The token that a `location` of the tree points at. */
  located(location: number | undefined): number | undefined {
    if (location === undefined || location < 0) return undefined;
    return this.indexAt(this.statement.at?.(location) ?? location);
  }

  span(range: Range): SqlSpan {
    const first = this.statement.tokens[range.from];
    const last = this.statement.tokens[range.to - 1];
    if (!first || !last || range.to <= range.from) return this.whole;
    return { start: first.start, end: last.end };
  }

  get whole(): SqlSpan {
    return { start: this.statement.start, end: this.statement.end };
  }

  textOf(span: SqlSpan): string {
    return this.text.slice(span.start, span.end);
  }

  /** The offset after the token at `index`. */
  after(index: number): number {
    return this.statement.tokens[index]?.end ?? this.statement.end;
  }

  /** The dotted name that begins at `index`. */
  dotted(index: number): Range {
    let to = index + 1;
    while (this.source(to) === '.') to += 2;
    return { from: index, to };
  }

  /** A name of the tree with its place in the range, or the range's own place where it is not found. */
  identifier(name: string, range: Range): Identifier {
    const index = this.findName(range, name);
    return { name, span: index === undefined ? this.span(range) : this.span({ from: index, to: index + 1 }) };
  }

  /** The items in parentheses after `index`, as names. */
  identifiersIn(range: Range | undefined, names: readonly string[]): readonly Identifier[] {
    const items = range ? this.items(range) : [];
    return names.map((name, position) => this.identifier(name, items[position] ?? range ?? this.all));
  }
}
