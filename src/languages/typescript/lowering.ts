/**
 * One file of JavaScript or TypeScript on its way to the program model. Operators and modifiers are read from the text
 * between the nodes.
 */
import type { Block, Export, Expression, Statement, Unit } from '../../program/model';
import type { Node, Reading } from '../../syntax/flatTree';
import { type Dispatch, type Lower, type LowerInto, TreeLowering } from '../treeLowering';

export type LowerExpression = Lower<Lowering>;
export type LowerStatement = LowerInto<Lowering>;

/** What this language's lowerings do not ask for. */
export const READING: Reading = {
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

export class Lowering extends TreeLowering<Lowering> {
  readonly exports: Export[] = [];
  /** Variables that are what the module exports: `const Posts = module.exports`. */
  readonly aliases = new Set<string>();
  /** Function declarations, which hold from the start of their block on. */
  readonly hoisted = new Set<Statement>();
  /** Imports, which hold from the start of the file on. */
  readonly imports = new Set<Statement>();
  /** What a function at this place is assigned to, and which call it is handed to: its unit is named after these. */
  naming: string | undefined;
  handedTo: string | undefined;
  /** The class whose field is set, and which `this` is in the functions there. */
  fieldOwner: string | undefined;
  /** The namespace around, which its functions' units are named after. */
  namespace: string | undefined;
  /** Inside the generator of a compiled asynchronous function, where `yield` stands for `await`. */
  yieldsAwait = false;
  /** Whether the file may hold compiled asynchronous functions. */
  readonly hasAwaiter: boolean;
  /** Expressions that the grammar had grouped wrongly (`expressions.ts`): what follows them goes inside them. */
  readonly regrouped = new Set<Expression>();
  /** Where the parentheses around them begin, for expressions that the grammar took for arguments. */
  readonly parenthesised = new WeakMap<Expression, number>();
  /** The tag that belongs to the template at this offset of the file. */
  awaitedTag: { readonly template: number; build(): Expression } | undefined;
  /** The chain that the grammar took a function for the start of, which is the function's body; then that body's own start. */
  chainOfBody: { readonly arrow: Node; readonly chain: Node } | undefined;
  startOfChain: { readonly arrow: Node; readonly body: Node } | undefined;
  /** Where a chain begins that was seen not to begin with a function. */
  plainChain: number | undefined;
  protected readonly self = this;

  constructor(text: string, file: string, dispatch: Dispatch<Lowering>, reusable: ReadonlyMap<string, Unit>) {
    super(text, file, dispatch, reusable);
    this.hasAwaiter = text.includes('__awaiter(');
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

  private inOrderOfEffect(statements: Statement[]): Statement[] {
    if (this.hoisted.size === 0 && this.imports.size === 0) return statements;
    const rank = (each: Statement) => (this.imports.has(each) ? 0 : this.hoisted.has(each) ? 1 : 2);
    if (statements.every(each => rank(each) === 2)) return statements;
    return statements.sort((left, right) => rank(left) - rank(right));
  }
}
