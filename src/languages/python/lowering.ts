/**
 * One file of Python on its way to the program model. Operators and modifiers are read from the text between the nodes, as
 * the flat tree keeps no field names.
 */
import type { Block, Export, Expression, Statement, Unit } from '../../program/model';
import type { Node, Reading } from '../../syntax/flatTree';
import { type Dispatch, type Lower, type LowerInto, TreeLowering } from '../treeLowering';
import type { Bindings } from './bindings';

export type LowerExpression = Lower<Lowering>;
export type LowerStatement = LowerInto<Lowering>;

/** What this language's lowerings do not ask for. */
export const READING: Reading = {
  comments: new Set(['comment', 'line_continuation']),
  functions: new Set(['function_definition']),
  deferred: new Set(['parameters', 'block']),
  closed: new Set([
    'identifier',
    'integer',
    'float',
    'true',
    'false',
    'none',
    'ellipsis',
    'string_start',
    'string_content',
    'string_end',
    'type_conversion',
    'format_specifier',
    'import_prefix',
    'pass_statement',
    'break_statement',
    'continue_statement',
    'keyword_separator',
    'positional_separator',
  ]),
};

/** A function that is being lowered: what is a variable of its own, and which name is the object that it is called on. */
export interface Around {
  readonly bindings: Bindings;
  readonly self?: string;
}

export class Lowering extends TreeLowering<Lowering> {
  readonly exports: Export[] = [];
  /** The innermost function; set by the front end for the file's top level. */
  around!: Around;
  /** What a lambda at the top level is assigned to: its unit is named after it. */
  naming: string | undefined;
  protected readonly self = this;

  constructor(text: string, file: string, dispatch: Dispatch<Lowering>, reusable: ReadonlyMap<string, Unit>) {
    super(text, file, dispatch, reusable);
  }

  /** The source between two nodes, without comments and continued lines: an operator, a modifier. */
  between(start: number, end: number): string {
    const raw = this.text.slice(start, end);
    return (/[#\\]/.test(raw) ? raw.replace(/#.*|\\\r?\n/g, ' ') : raw).trim();
  }

  /** Whether the node begins with the word, as `async def` does. */
  startsWith(node: Node, word: string): boolean {
    const start = this.tree.start(node);
    return this.text.startsWith(word, start) && /\s/.test(this.text.charAt(start + word.length));
  }

  block(node: Node): Block {
    if (this.type(node) === 'block' || this.type(node) === 'module') return this.statements(this.items(node));
    return this.statements([node]);
  }

  statements(nodes: readonly Node[]): Statement[] {
    const into: Statement[] = [];
    for (const node of nodes) this.statement(node, into);
    return into;
  }

  missing(position: number): Expression {
    return { kind: 'opaque', label: 'missing', operands: [], start: position, end: position };
  }

  /** The expression, or one that says that it is missing, at the end of what should hold it. */
  orMissing(node: Node | undefined, around: Node): Expression {
    return node === undefined ? this.missing(this.tree.end(around) - this.base) : this.expression(node);
  }

  /** What could not be placed in the shape that the node should have. */
  broken(node: Node, label = 'broken'): Expression {
    return { kind: 'opaque', label, operands: this.operands(node), ...this.span(node) };
  }
}
