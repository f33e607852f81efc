/**
 * What the lowering of one file is in every language: the way from a syntax node to the function that lowers it, what has
 * been found so far, and units that are taken over from before an edit. The functions stand in tables by node type, one
 * for expressions and one for statements, and call each other through here.
 */
import type { UnitId } from '../engine/place';
import type { Class, Comment, Expression, Function as FunctionNode, Span, Statement, Unit } from '../program/model';
import { FlatTree, type Node, NodeTypes, type Reading } from '../syntax/flatTree';
import type { Language, SyntaxNode } from '../syntax/parsers';

/** Offsets are relative to the unit, as the model wants them. */
export type Lower<At> = (at: At, node: Node, start: number, end: number) => Expression;
/** Adds what the node amounts to: usually one statement, for `let a = 1, b = 2` two, for a type none. */
export type LowerInto<At> = (at: At, node: Node, into: Statement[]) => void;

export interface LoweringTables<At> {
  readonly expressions: Readonly<Record<string, Lower<At>>>;
  readonly statements: Readonly<Record<string, LowerInto<At>>>;
}

/** The tables by a grammar's own numbers for its node types. Made once for each grammar. */
export class Dispatch<At> {
  readonly expressions: readonly (Lower<At> | undefined)[];
  readonly statements: readonly (LowerInto<At> | undefined)[];
  readonly types: NodeTypes;

  constructor(language: Language, tables: LoweringTables<At>, reading: Reading) {
    // A `Map`, since a record would find `constructor` and `toString` too.
    const expressions = new Map(Object.entries(tables.expressions));
    const statements = new Map(Object.entries(tables.statements));
    this.expressions = language.types.map(type => expressions.get(type));
    this.statements = language.types.map(type => statements.get(type));
    this.types = new NodeTypes(language, reading);
  }
}

/** Makes the tables of each grammar once. */
export function dispatcher<At>(tables: LoweringTables<At>, reading: Reading): (language: Language) => Dispatch<At> {
  const known = new WeakMap<Language, Dispatch<At>>();
  return language => {
    const dispatch = known.get(language) ?? new Dispatch(language, tables, reading);
    known.set(language, dispatch);
    return dispatch;
  };
}

/** Code nested deeper than this is generated, and not followed further down. */
const DEEPEST = 300;

/** What a unit holds beside its function, which is to be found again when it is taken over. Comments by offset in the unit. */
const beside = new WeakMap<FunctionNode, readonly Comment[]>();

/** Where a unit stands, and what it is called. */
export interface UnitHead {
  /** After the file's `#`. */
  readonly name: string;
  readonly node: Node;
  /** Its decorators may stand before the node. */
  readonly start: number;
  readonly end: number;
  readonly ownerClass?: string;
}

/** `At` is the language's own class that extends this one. */
export abstract class TreeLowering<At> {
  readonly units: Unit[] = [];
  readonly classes: Class[] = [];
  /** With offsets in the file. */
  readonly comments = new Map<number, Comment>();
  /** Those of the unit that is being lowered. */
  noted: Comment[] | undefined;
  /** Where the unit starts that is being lowered. */
  base = 0;
  /** A function is a `lambda` inside a unit, and a unit of its own outside. */
  inUnit = false;
  /** How often each unit id has been given. */
  readonly idsGiven = new Map<string, number>();
  readonly tree: FlatTree;
  private depth = 0;

  constructor(
    readonly text: string,
    readonly file: string,
    private readonly dispatch: Dispatch<At>,
    private readonly reusable: ReadonlyMap<string, Unit>,
  ) {
    this.tree = new FlatTree(dispatch.types, (start, end) => this.noteComment(start, end));
  }

  protected abstract readonly self: At;
  /** A statement, or those of a block. */
  abstract block(node: Node): readonly Statement[];

  // ——— reading nodes ———

  type(node: Node): string {
    return this.tree.type(node);
  }

  span(node: Node): Span {
    return { start: this.tree.start(node) - this.base, end: this.tree.end(node) - this.base };
  }

  source(node: Node): string {
    return this.text.slice(this.tree.start(node), this.tree.end(node));
  }

  /** The parts of a node that has a fixed shape, without what the parser could not place. */
  parts(node: Node): Node[] {
    return this.tree.parts(node, false);
  }

  /** The parts of a list, each of which is lowered for itself. */
  items(node: Node): Node[] {
    return this.tree.parts(node, true);
  }

  private noteComment(start: number, end: number): void {
    const lineStart = this.text.lastIndexOf('\n', start - 1) + 1;
    const ownLine = this.text.slice(lineStart, start).trim() === '';
    const comment = { text: this.text.slice(start, end), ownLine, start, end };
    this.comments.set(start, comment);
    this.noted?.push(comment);
  }

  // ——— lowering nodes ———

  isExpression(node: Node): boolean {
    return this.dispatch.expressions[this.tree.typeId(node)] !== undefined;
  }

  isStatement(node: Node): boolean {
    return this.dispatch.statements[this.tree.typeId(node)] !== undefined;
  }

  expression(node: Node): Expression {
    const typeId = this.tree.typeId(node);
    const lower = this.dispatch.expressions[typeId];
    const start = this.tree.start(node) - this.base;
    const end = this.tree.end(node) - this.base;
    if (!lower) return { kind: 'opaque', label: this.label(typeId), operands: this.operands(node), start, end };
    if (this.depth >= DEEPEST) return { kind: 'opaque', label: 'too deep', operands: [], start, end };
    this.depth += 1;
    const lowered = lower(this.self, node, start, end);
    this.depth -= 1;
    return lowered;
  }

  /** The expressions somewhere in a node whose own meaning is not known. */
  operands(node: Node): Expression[] {
    const found: Expression[] = [];
    if (this.depth >= DEEPEST) return found;
    this.depth += 1;
    for (const child of this.items(this.tree.opened(node))) {
      if (this.isExpression(child)) found.push(this.expression(child));
      else if (this.isStatement(child)) found.push(...this.opaqueBlock(child));
      else found.push(...this.operands(child));
    }
    this.depth -= 1;
    return found;
  }

  /** Statements where only an expression can stand: as a function that is not known to run. */
  private opaqueBlock(node: Node): Expression[] {
    const body = this.block(node);
    if (body.length === 0) return [];
    const span = this.span(node);
    const [only, ...more] = body;
    if (only?.kind === 'evaluate' && more.length === 0) return [only.expression];
    const wrapped: FunctionNode = { parameters: [], body, ...span };
    return [{ kind: 'lambda', function: wrapped, ...span }];
  }

  statement(node: Node, into: Statement[]): void {
    const typeId = this.tree.typeId(node);
    const lower = this.dispatch.statements[typeId];
    if (lower && this.depth < DEEPEST) {
      this.depth += 1;
      lower(this.self, node, into);
      this.depth -= 1;
      return;
    }
    const span = this.span(node);
    if (this.dispatch.expressions[typeId]) {
      into.push({ kind: 'evaluate', expression: this.expression(node), ...span });
      return;
    }
    if (lower) {
      into.push({ kind: 'opaque-statement', label: 'too deep', operands: [], body: [], ...span });
      return;
    }
    this.opaqueStatement(node, this.label(typeId), into);
  }

  /** A statement that is not understood, or what could be read of half-typed code. */
  opaqueStatement(node: Node, label: string, into: Statement[]): void {
    const operands: Expression[] = [];
    const body: Statement[] = [];
    for (const child of this.items(node)) {
      if (this.isStatement(child)) this.statement(child, body);
      else if (this.isExpression(child)) operands.push(this.expression(child));
      else operands.push(...this.operands(child));
    }
    into.push({ kind: 'opaque-statement', label, operands, body, ...this.span(node) });
  }

  private label(typeId: number): string {
    return (this.dispatch.types.names[typeId] ?? 'error').replaceAll('_', ' ');
  }

  // ——— units ———

  /**
   * The unit that a function becomes; the one from before the edit where its text is the same.
   * @param lower  the function, with `base` at the unit's start
   */
  unit({ name, node, start, end, ownerClass }: UnitHead, lower: () => FunctionNode): Expression {
    const text = this.text.slice(start, end);
    const id = this.uniqueId(name);
    const index = this.units.length;
    const known = this.reusable.get(id);
    const kept =
      known && known.text === text && known.ownerClass === ownerClass ? beside.get(known.function) : undefined;
    // A broken function may be read differently in another surrounding, though its text is the same.
    if (known && kept && !this.tree.isBroken(node)) {
      for (const comment of kept) {
        const place = { start: comment.start + start, end: comment.end + start };
        this.comments.set(place.start, { ...comment, ...place });
      }
      this.units.push(known.start === start ? known : { ...known, start });
    } else {
      const noted: Comment[] = [];
      const outer = this.base;
      const mark = this.tree.mark();
      Object.assign(this, { base: start, inUnit: true, noted });
      const lowered = lower();
      Object.assign(this, { base: outer, inUnit: false, noted: undefined });
      this.tree.release(mark);
      beside.set(
        lowered,
        noted.map(comment => ({ ...comment, start: comment.start - start, end: comment.end - start })),
      );
      const unit: Unit = { id, start, text, function: lowered };
      this.units.splice(index, 0, ownerClass === undefined ? unit : { ...unit, ownerClass });
    }
    return { kind: 'unit', unit: id, start: this.tree.start(node) - this.base, end: end - this.base };
  }

  /** The unit's name after the file's `#`; of several, the later ones get `~2`, `~3`. */
  private uniqueId(name: string): UnitId {
    const id = `${this.file}#${name}`;
    const count = (this.idsGiven.get(id) ?? 0) + 1;
    this.idsGiven.set(id, count);
    return count === 1 ? id : `${id}~${count}`;
  }

  /** All comments that were met, in their order. */
  commentsInOrder(): Comment[] {
    return [...this.comments.values()].sort((left, right) => left.start - right.start);
  }
}

/** Where the parser gave up or had to imagine something. Only broken branches are walked. */
export function problemsIn(root: SyntaxNode, isHarmless: (node: SyntaxNode) => boolean = () => false): Span[] {
  const found: Span[] = [];
  const waiting = root.hasError ? [root] : [];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.isError || node.isMissing) {
      if (!isHarmless(node)) found.push({ start: node.startIndex, end: node.endIndex });
      continue;
    }
    for (const child of [...node.children].reverse()) if (child.hasError || child.isMissing) waiting.push(child);
  }
  return found;
}
