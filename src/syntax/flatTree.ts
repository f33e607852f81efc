/**
 * A syntax tree as arrays. Every question put to a tree in WebAssembly costs about a tenth of a microsecond, and node
 * objects live and die in millions; so what a lowering needs (types, offsets, structure) is read once with a cursor, and
 * all further questions are answered from here.
 */
import type { Language, Node as SyntaxNode } from 'web-tree-sitter';

declare const flat: unique symbol;

/** A node, as its place in the arrays. Never 0, so that it can be tested for being there at all. */
export type Node = number & { readonly [flat]: true };

/** What a language has no use for, by node type. */
export interface Reading {
  /** Nodes whose inside is never asked for: strings, keywords with a token inside. */
  readonly closed: ReadonlySet<string>;
  /** Functions, and the parts of them (parameters, body) that are read only when the function is `opened`. */
  readonly functions: ReadonlySet<string>;
  readonly deferred: ReadonlySet<string>;
  readonly comments: ReadonlySet<string>;
}

/** What a type is to the reader, as bits. */
const NAMED = 1;
const CLOSED = 2;
const FUNCTION = 4;
const DEFERRED = 8;
const COMMENT = 16;
const ERROR_TYPE = 65535;
/** Where an error node keeps its bits: grammars have some hundred types. */
const KINDS = 65536;

/** The types of one grammar, as a language reads them. Made once for each. */
export class NodeTypes {
  readonly names: readonly string[];
  readonly kinds = new Uint8Array(KINDS);

  constructor(language: Language, reading: Reading) {
    this.names = language.types;
    for (const [id, name] of language.types.entries()) {
      const isNamed = language.nodeTypeIsNamed(id);
      // A word of the grammar may be called as a node is: `class`, `import`.
      if (isNamed)
        this.kinds[id] =
          NAMED |
          (reading.closed.has(name) ? CLOSED : 0) |
          (reading.functions.has(name) ? FUNCTION : 0) |
          (reading.deferred.has(name) ? DEFERRED : 0) |
          (reading.comments.has(name) ? COMMENT | CLOSED : 0);
      else this.kinds[id] = CLOSED;
    }
    this.kinds[ERROR_TYPE] = NAMED;
  }
}

export class FlatTree {
  private types = new Uint16Array(1024);
  private starts = new Int32Array(1024);
  private ends = new Int32Array(1024);
  /** One behind the last node inside. */
  private behind = new Int32Array(1024);
  private length = 1;
  private readonly unread = new Map<Node, SyntaxNode>();

  /** @param onComment  told of every comment when it is read, with its offsets in the file; of some twice */
  constructor(
    readonly of: NodeTypes,
    private readonly onComment: (start: number, end: number) => void,
  ) {}

  /** The whole tree, except for what is inside functions. */
  read(root: SyntaxNode): Node {
    return this.copy(root, true);
  }

  /** The same function with all that is in it; any other node is given back as it is. */
  opened(node: Node): Node {
    const original = this.unread.get(node);
    return original ? this.copy(original, false) : node;
  }

  /** Forgets what was opened since `mark` gave this. */
  release(mark: number): void {
    this.length = mark;
  }

  mark(): number {
    return this.length;
  }

  typeId(node: Node): number {
    return this.types[node] ?? ERROR_TYPE;
  }

  type(node: Node): string {
    return this.of.names[this.types[node] ?? ERROR_TYPE] ?? 'ERROR';
  }

  start(node: Node): number {
    return this.starts[node] ?? 0;
  }

  end(node: Node): number {
    return this.ends[node] ?? 0;
  }

  isNamed(node: Node): boolean {
    return this.has(node, NAMED);
  }

  /** Whether the parser had to give up or imagine something in a function of the top level. */
  isBroken(node: Node): boolean {
    return this.unread.get(node)?.hasError ?? false;
  }

  private has(node: Node, bit: number): boolean {
    return ((this.of.kinds[this.types[node] ?? ERROR_TYPE] ?? 0) & bit) !== 0;
  }

  /** All children, words and signs included. */
  children(node: Node): Node[] {
    const found: Node[] = [];
    const last = this.behind[node] ?? 0;
    for (let child = node + 1; child < last; child = this.behind[child] ?? last) found.push(child as Node);
    return found;
  }

  /** Children that are code, and no words, signs or comments; with or without what the parser could not place. */
  parts(node: Node, withErrors: boolean): Node[] {
    const found: Node[] = [];
    const { behind, types } = this;
    const { kinds } = this.of;
    const last = behind[node] ?? 0;
    for (let child = node + 1; child < last; child = behind[child] ?? last) {
      const typeId = types[child] ?? ERROR_TYPE;
      if (((kinds[typeId] ?? 0) & (NAMED | COMMENT)) === NAMED && (withErrors || typeId !== ERROR_TYPE))
        found.push(child as Node);
    }
    return found;
  }

  private copy(root: SyntaxNode, defer: boolean): Node {
    const first = this.length;
    const cursor = root.walk();
    /** The nodes around the current one, innermost last. */
    const around: number[] = [];
    let insideFunction = false;
    let isFirst = false;
    for (;;) {
      const typeId = cursor.nodeTypeId;
      const kind = this.of.kinds[typeId] ?? 0;
      const at = this.length;
      if (at >= this.types.length) this.grow();
      this.length = at + 1;
      this.types[at] = typeId;
      if ((kind & NAMED) !== 0) {
        // A node starts where its first child does, which is not worth a question.
        this.starts[at] = isFirst ? (this.starts[around.at(-1) ?? 0] ?? 0) : cursor.startIndex;
        this.ends[at] = cursor.endIndex;
        if ((kind & COMMENT) !== 0) this.onComment(this.starts[at] ?? 0, this.ends[at] ?? 0);
      }
      const isFunction = defer && (kind & FUNCTION) !== 0;
      if (isFunction) this.unread.set(at as Node, cursor.currentNode);
      const isShut = (kind & CLOSED) !== 0 || (insideFunction && (kind & DEFERRED) !== 0);
      if (!isShut && cursor.gotoFirstChild()) {
        around.push(at);
        insideFunction = isFunction;
        isFirst = true;
        continue;
      }
      isFirst = false;
      this.behind[at] = at + 1;
      while (around.length === 0 || !cursor.gotoNextSibling()) {
        const parent = around.pop();
        if (parent === undefined) {
          cursor.delete();
          return first as Node;
        }
        this.behind[parent] = this.length;
        cursor.gotoParent();
        const outer = around.at(-1);
        insideFunction = defer && outer !== undefined && this.has(outer as Node, FUNCTION);
      }
    }
  }

  private grow(): void {
    const size = this.types.length * 2;
    this.types = widened(this.types, new Uint16Array(size));
    this.starts = widened(this.starts, new Int32Array(size));
    this.ends = widened(this.ends, new Int32Array(size));
    this.behind = widened(this.behind, new Int32Array(size));
  }
}

function widened<T extends Uint16Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
