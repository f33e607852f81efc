/**
 * One file on its way to the program model: what has been found so far, and the way from a syntax node to the function
 * that lowers it. The functions are in tables by node type (`expressions.ts`, `statements.ts`), which call each other
 * through here. Operators and modifiers are read from the text between the nodes.
 */
import type {
  Block,
  Class,
  Comment,
  Export,
  Expression,
  Function as FunctionNode,
  Span,
  Statement,
  Unit,
} from '../../program/model';
import { FlatTree, type Node, NodeTypes, type Reading } from '../../syntax/flatTree';
import type { Language } from '../../syntax/parsers';

/** Offsets are relative to the unit, as the model wants them. */
export type LowerExpression = (at: Lowering, node: Node, start: number, end: number) => Expression;
/** Adds what the node amounts to: usually one statement, for `let a = 1, b = 2` two, for an interface none. */
export type LowerStatement = (at: Lowering, node: Node, into: Statement[]) => void;

export interface Tables {
  readonly expressions: Readonly<Record<string, LowerExpression>>;
  readonly statements: Readonly<Record<string, LowerStatement>>;
}

/** What this language's lowerings do not ask for. */
const READING: Reading = {
  comments: new Set(['comment', 'html_comment']),
  functions: new Set([
    'arrow_function',
    'class_static_block',
    'function_declaration',
    'function_expression',
    'generator_function',
    'generator_function_declaration',
    'method_definition',
  ]),
  deferred: new Set(['formal_parameters', 'statement_block']),
  closed: new Set([
    'string',
    'string_fragment',
    'identifier',
    'property_identifier',
    'private_property_identifier',
    'shorthand_property_identifier',
    'shorthand_property_identifier_pattern',
    'statement_identifier',
    'type_identifier',
    'number',
    'this',
    'super',
    'true',
    'false',
    'null',
    'undefined',
    'optional_chain',
    'predefined_type',
    'accessibility_modifier',
    'override_modifier',
    'escape_sequence',
    'regex_pattern',
    'regex_flags',
    'empty_statement',
    'debugger_statement',
    'hash_bang_line',
    'import_attribute',
    'jsx_text',
    'jsx_closing_element',
  ]),
};

/** The tables by a grammar's own numbers for its node types. Made once for each grammar. */
export class Dispatch {
  readonly expressions: readonly (LowerExpression | undefined)[];
  readonly statements: readonly (LowerStatement | undefined)[];
  readonly types: NodeTypes;

  constructor(language: Language, tables: Tables) {
    // A `Map`, since a record would find `constructor` and `toString` too.
    const expressions = new Map(Object.entries(tables.expressions));
    const statements = new Map(Object.entries(tables.statements));
    this.expressions = language.types.map(type => expressions.get(type));
    this.statements = language.types.map(type => statements.get(type));
    this.types = new NodeTypes(language, READING);
  }
}

/** Code nested deeper than this is generated, and not followed further down. */
const DEEPEST = 300;

export class Lowering {
  readonly units: Unit[] = [];
  readonly classes: Class[] = [];
  readonly exports: Export[] = [];
  /** With offsets in the file. */
  readonly comments = new Map<number, Comment>();
  /** Those of the unit that is being lowered. */
  noted: Comment[] | undefined;
  /** Function declarations, which hold from the start of their block on. */
  readonly hoisted = new Set<Statement>();
  /** Imports, which hold from the start of the file on. */
  readonly imports = new Set<Statement>();
  /** Where the unit starts that is being lowered. */
  base = 0;
  /** A function is a `lambda` inside a unit, and a unit of its own outside. */
  inUnit = false;
  /** What a function at this place is assigned to, and which call it is handed to: its unit is named after these. */
  naming: string | undefined;
  handedTo: string | undefined;
  /** The class whose field is set, and which `this` is in the functions there. */
  fieldOwner: string | undefined;
  /** The namespace around, which its functions' units are named after. */
  namespace: string | undefined;
  /** Inside the generator of a compiled asynchronous function, where `yield` stands for `await`. */
  yieldsAwait = false;
  /** How often each unit id has been given. */
  readonly idsGiven = new Map<string, number>();
  /** Whether the file may hold compiled asynchronous functions. */
  readonly hasAwaiter: boolean;
  /** Expressions that the grammar had grouped wrongly (`expressions.ts`): what follows them goes inside them. */
  readonly regrouped = new Set<Expression>();
  /** The tag that belongs to the template at this offset of the file. */
  awaitedTag: { readonly template: number; build(): Expression } | undefined;
  private depth = 0;

  readonly tree: FlatTree;

  constructor(
    readonly text: string,
    readonly file: string,
    private readonly dispatch: Dispatch,
    readonly reusable: ReadonlyMap<string, Unit>,
  ) {
    this.hasAwaiter = text.includes('__awaiter(');
    this.tree = new FlatTree(dispatch.types, (start, end) => this.noteComment(start, end));
  }

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

  /** The source between two nodes, without comments: an operator, a modifier. */
  between(start: number, end: number): string {
    const raw = this.text.slice(start, end);
    return (/\/[/*]/.test(raw) ? raw.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ') : raw).trim();
  }

  /** Where a declaration goes on behind its decorators, as offset in the file. */
  headStart(node: Node, decorators: readonly Node[]): number {
    const last = decorators.at(-1);
    return Math.max(this.tree.start(node), last ? this.tree.end(last) : 0);
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

  expression(node: Node): Expression {
    const typeId = this.tree.typeId(node);
    const lower = this.dispatch.expressions[typeId];
    const start = this.tree.start(node) - this.base;
    const end = this.tree.end(node) - this.base;
    if (!lower) return { kind: 'opaque', label: this.label(typeId), operands: this.operands(node), start, end };
    if (this.depth >= DEEPEST) return { kind: 'opaque', label: 'too deep', operands: [], start, end };
    this.depth += 1;
    const lowered = lower(this, node, start, end);
    this.depth -= 1;
    return lowered;
  }

  /** The expressions somewhere in a node whose own meaning is not known. */
  operands(node: Node): Expression[] {
    const found: Expression[] = [];
    if (this.depth >= DEEPEST) return found;
    this.depth += 1;
    for (const child of this.items(this.tree.opened(node))) {
      if (this.dispatch.expressions[this.tree.typeId(child)]) found.push(this.expression(child));
      else if (this.dispatch.statements[this.tree.typeId(child)]) found.push(...this.opaqueBlock(child));
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

  /** A statement, or what is in the braces when it is a block. */
  block(node: Node): Block {
    return this.type(node) === 'statement_block' ? this.statements(this.items(node)) : this.statements([node]);
  }

  /** One after the other, except that function declarations go first and what follows a `using` into its scope. */
  statements(nodes: readonly Node[], from = 0): Statement[] {
    const into: Statement[] = [];
    for (let index = from; index < nodes.length; index += 1) {
      const node = nodes[index];
      if (!node) continue;
      if (!this.inUnit) this.naming = this.handedTo = undefined;
      this.statement(node, into);
      const last = into.at(-1);
      if (last?.kind === 'scope' && last.resources.length > 0 && last.body.length === 0) {
        const body = this.statements(nodes, index + 1);
        const end = body.at(-1)?.end ?? last.end;
        into[into.length - 1] = { ...last, body, end: Math.max(last.end, end) };
        break;
      }
    }
    return this.inOrderOfEffect(into);
  }

  statement(node: Node, into: Statement[]): void {
    const typeId = this.tree.typeId(node);
    const lower = this.dispatch.statements[typeId];
    if (lower && this.depth < DEEPEST) {
      this.depth += 1;
      lower(this, node, into);
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
      if (this.dispatch.statements[this.tree.typeId(child)]) this.statement(child, body);
      else if (this.dispatch.expressions[this.tree.typeId(child)]) operands.push(this.expression(child));
      else operands.push(...this.operands(child));
    }
    into.push({ kind: 'opaque-statement', label, operands, body, ...this.span(node) });
  }

  private label(typeId: number): string {
    return (this.dispatch.types.names[typeId] ?? 'error').replaceAll('_', ' ');
  }

  private inOrderOfEffect(statements: Statement[]): Statement[] {
    if (this.hoisted.size === 0 && this.imports.size === 0) return statements;
    const rank = (each: Statement) => (this.imports.has(each) ? 0 : this.hoisted.has(each) ? 1 : 2);
    if (statements.every(each => rank(each) === 2)) return statements;
    return statements.sort((left, right) => rank(left) - rank(right));
  }
}
