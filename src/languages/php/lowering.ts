/** Statements and expressions of PHP as the program model has them; what is not known becomes `opaque`. */
import type {
  Argument,
  Block,
  Expression,
  Function as FunctionNode,
  Pattern,
  Span,
  Statement,
  TextHole,
  TextPart,
} from '../../program/model';
import type { SyntaxNode } from '../../syntax/parsers';

export interface At {
  /** Where the unit starts. */
  readonly base: number;
  /** What `use` brings in. */
  readonly imports: ReadonlyMap<string, string>;
}

export const childOfType = (node: SyntaxNode, type: string): SyntaxNode | undefined =>
  node.namedChildren.find(each => each?.type === type) ?? undefined;

const spanOf = ({ base }: At, node: SyntaxNode): Span => ({ start: node.startIndex - base, end: node.endIndex - base });

const children = (node: SyntaxNode): readonly SyntaxNode[] =>
  node.namedChildren.filter((each): each is SyntaxNode => each !== null && each.type !== 'comment');

const field = (node: SyntaxNode, name: string): SyntaxNode | undefined => node.childForFieldName(name) ?? undefined;

// ——— statements ———

export const statements = (at: At, block: SyntaxNode): Block =>
  block.type === 'compound_statement' || block.type === 'colon_block'
    ? children(block).flatMap(each => statement(at, each))
    : statement(at, block);

function statement(at: At, node: SyntaxNode): readonly Statement[] {
  const span = spanOf(at, node);
  const [first] = children(node);
  switch (node.type) {
    case 'expression_statement': {
      if (!first) return [];
      if (first.type === 'throw_expression') return [{ kind: 'throw', ...span }];
      return [{ kind: 'evaluate', expression: expression(at, first), ...span }];
    }
    case 'compound_statement':
      return statements(at, node);
    case 'return_statement':
      return [{ kind: 'return', ...(first ? { value: expression(at, first) } : {}), ...span }];
    case 'throw_statement':
      return [{ kind: 'throw', ...span }];
    case 'if_statement':
      return [branch(at, node, span)];
    case 'foreach_statement':
      return [foreach(at, node, span)];
    case 'for_statement':
    case 'while_statement':
    case 'do_statement': {
      const body = field(node, 'body');
      return [{ kind: 'loop', form: 'while', head: span, body: body ? statements(at, body) : [], ...span }];
    }
    case 'try_statement': {
      const body = field(node, 'body');
      const handlers = children(node)
        .filter(({ type }) => type === 'catch_clause')
        .map(each => {
          const caught = field(each, 'body');
          return { types: [], body: caught ? statements(at, caught) : [], span: spanOf(at, each) };
        });
      const last = childOfType(node, 'finally_clause');
      const ending = last && field(last, 'body');
      return [
        {
          kind: 'try',
          body: body ? statements(at, body) : [],
          handlers,
          finally: ending ? statements(at, ending) : [],
          ...span,
        },
      ];
    }
    case 'break_statement':
      return [{ kind: 'break', ...span }];
    case 'continue_statement':
      return [{ kind: 'continue', ...span }];
    case 'empty_statement':
    case 'comment':
      return [];
    case 'echo_statement':
      return first ? [{ kind: 'evaluate', expression: expression(at, first), ...span }] : [];
    default:
      return [{ kind: 'opaque-statement', label: node.type, operands: [], body: [], ...span }];
  }
}

function branch(at: At, node: SyntaxNode, span: Span): Statement {
  const condition = field(node, 'condition');
  const body = field(node, 'body');
  const [otherwise, ...more] = node.childrenForFieldName('alternative').filter(each => each !== null);
  const inElse = otherwise && field(otherwise, 'body');
  const next: Block =
    otherwise?.type === 'else_if_clause' ? [elseIf(at, [otherwise, ...more])] : inElse ? statements(at, inElse) : [];
  return {
    kind: 'branch',
    test: condition ? expression(at, condition) : { kind: 'opaque', label: 'condition', operands: [], ...span },
    then: body ? statements(at, body) : [],
    otherwise: next,
    ...span,
  };
}

function elseIf(at: At, [clause, ...more]: readonly SyntaxNode[]): Statement {
  if (!clause) return { kind: 'opaque-statement', label: 'else', operands: [], body: [], start: 0, end: 0 };
  const span = spanOf(at, clause);
  const condition = field(clause, 'condition');
  const body = field(clause, 'body');
  const [next] = more;
  const inElse = next && field(next, 'body');
  return {
    kind: 'branch',
    test: condition ? expression(at, condition) : { kind: 'opaque', label: 'condition', operands: [], ...span },
    then: body ? statements(at, body) : [],
    otherwise: next?.type === 'else_if_clause' ? [elseIf(at, more)] : inElse ? statements(at, inElse) : [],
    ...span,
  };
}

/** `foreach ($list as $item)`; with a key it goes through pairs, as `Object.entries` gives them. */
function foreach(at: At, node: SyntaxNode, span: Span): Statement {
  const [source, target] = children(node);
  const body = field(node, 'body');
  const given = source ? expression(at, source) : undefined;
  const pair = target?.type === 'pair' ? children(target) : undefined;
  const item: Pattern | undefined = pair
    ? { kind: 'items', items: pair.map(each => ({ target: pattern(at, each) })), ...span }
    : target && pattern(at, target);
  const entries: Expression | undefined =
    given && pair
      ? {
          kind: 'call',
          callee: {
            kind: 'member',
            object: { kind: 'name', name: 'Object', ...span },
            name: 'entries',
            nameSpan: span,
            ...span,
          },
          arguments: [{ value: given }],
          form: 'call',
          argumentsSpan: span,
          ...span,
        }
      : given;
  return {
    kind: 'loop',
    form: 'each',
    head: source ? spanOf(at, source) : span,
    ...(item ? { item } : {}),
    ...(entries ? { source: entries } : {}),
    body: body ? statements(at, body) : [],
    ...span,
  };
}

function pattern(at: At, node: SyntaxNode): Pattern {
  const span = spanOf(at, node);
  if (node.type === 'variable_name') return { kind: 'variable', name: node.text, ...span };
  if (node.type === 'list_literal' || node.type === 'array_creation_expression')
    return {
      kind: 'items',
      items: children(node).map(each => ({
        target: pattern(at, each.type === 'array_element_initializer' ? (each.namedChildren[0] ?? each) : each),
      })),
      ...span,
    };
  return { kind: 'place', expression: expression(at, node), ...span };
}

// ——— expressions ———

export function expression(at: At, node: SyntaxNode): Expression {
  const span = spanOf(at, node);
  switch (node.type) {
    case 'parenthesized_expression': {
      const [inner] = children(node);
      return inner ? expression(at, inner) : { kind: 'opaque', label: node.type, operands: [], ...span };
    }
    case 'integer':
    case 'float':
      return { kind: 'constant', value: Number(node.text.replaceAll('_', '')), ...span };
    case 'boolean':
      return { kind: 'constant', value: node.text.toLowerCase() === 'true', ...span };
    case 'null':
      return { kind: 'constant', value: null, ...span };
    case 'string':
    case 'encapsed_string':
    case 'heredoc':
    case 'nowdoc':
      return text(at, node, span);
    case 'variable_name':
      return node.text === '$this' ? { kind: 'this', ...span } : { kind: 'name', name: node.text, ...span };
    case 'name':
    case 'qualified_name':
      return imported(at, node, span);
    case 'relative_scope':
      return { kind: 'this', ...(node.text === 'parent' ? { super: true } : {}), ...span };
    case 'class_constant_access_expression': {
      const [owner, name] = children(node);
      if (!owner || !name) break;
      if (name.text === 'class') {
        const from = imported(at, owner, span);
        return textOf(from.kind === 'import' ? from.from : owner.text, span);
      }
      return { kind: 'member', object: expression(at, owner), name: name.text, nameSpan: spanOf(at, name), ...span };
    }
    case 'member_access_expression':
    case 'nullsafe_member_access_expression':
    case 'scoped_property_access_expression': {
      const object = field(node, 'object') ?? field(node, 'scope');
      const name = field(node, 'name');
      if (!object || !name) break;
      const spelt = name.text.replace(/^\$/, '');
      return { kind: 'member', object: expression(at, object), name: spelt, nameSpan: spanOf(at, name), ...span };
    }
    case 'member_call_expression':
    case 'nullsafe_member_call_expression':
    case 'scoped_call_expression': {
      const object = field(node, 'object') ?? field(node, 'scope');
      const name = field(node, 'name');
      if (!object || name?.type !== 'name') break;
      const callee: Expression = {
        kind: 'member',
        object: expression(at, object),
        name: name.text,
        nameSpan: spanOf(at, name),
        start: span.start,
        end: spanOf(at, name).end,
      };
      return call(at, node, callee, 'call', span);
    }
    case 'function_call_expression': {
      const target = field(node, 'function');
      if (!target) break;
      const callee: Expression =
        target.type === 'name' || target.type === 'qualified_name'
          ? { kind: 'name', name: target.text.replace(/^\\/, ''), ...spanOf(at, target) }
          : expression(at, target);
      return call(at, node, callee, 'call', span);
    }
    case 'object_creation_expression': {
      const [made] = children(node);
      if (!made || made.type === 'anonymous_class') break;
      return call(at, node, { kind: 'name', name: made.text, ...spanOf(at, made) }, 'new', span);
    }
    case 'anonymous_function':
    case 'arrow_function':
      return { kind: 'lambda', function: lambda(at, node, span), ...span };
    case 'array_creation_expression':
      return array(at, node, span);
    case 'assignment_expression': {
      const [left, right] = [field(node, 'left'), field(node, 'right')];
      if (!left || !right) break;
      return { kind: 'assign', target: pattern(at, left), value: expression(at, right), ...span };
    }
    case 'augmented_assignment_expression': {
      const [left, right] = [field(node, 'left'), field(node, 'right')];
      const operator =
        field(node, 'operator')?.text === '.=' ? '+' : (field(node, 'operator')?.text ?? '').slice(0, -1);
      if (!left || !right) break;
      return { kind: 'assign', target: pattern(at, left), operator, value: expression(at, right), ...span };
    }
    case 'binary_expression':
      return binary(at, node, span);
    case 'unary_op_expression': {
      const operand = field(node, 'argument') ?? children(node).at(-1);
      if (!operand) break;
      const operator = node.text.startsWith('!') ? '!' : node.text.charAt(0);
      return { kind: 'operation', operator, operands: [expression(at, operand)], ...span };
    }
    case 'conditional_expression': {
      const [test, then, otherwise] = [field(node, 'condition'), field(node, 'body'), field(node, 'alternative')];
      if (!test || !otherwise) break;
      const asked = expression(at, test);
      return {
        kind: 'choice',
        operator: then ? '?:' : '||',
        test: asked,
        then: then ? expression(at, then) : asked,
        otherwise: expression(at, otherwise),
        ...span,
      };
    }
    case 'cast_expression': {
      const value = field(node, 'value');
      if (!value) break;
      return expression(at, value);
    }
    default:
      break;
  }
  return { kind: 'opaque', label: node.type, operands: children(node).map(each => expression(at, each)), ...span };
}

/** A class by the name that it is brought in under, or one of the framework's aliases. */
function imported({ imports }: At, node: SyntaxNode, span: Span): Expression {
  const name = node.text.replace(/^\\/, '');
  return { kind: 'import', from: imports.get(name) ?? name, ...span };
}

const textOf = (value: string, span: Span): Expression => ({
  kind: 'text',
  parts: value === '' ? [] : [{ kind: 'part', value, ...span }],
  open: "'",
  close: "'",
  ...span,
});

function call(at: At, node: SyntaxNode, callee: Expression, form: 'call' | 'new', span: Span): Expression {
  const given = field(node, 'arguments') ?? childOfType(node, 'arguments');
  const values = (given ? children(given) : []).flatMap((argument): Argument[] => {
    const name = field(argument, 'name')?.text;
    const value = children(argument).at(-1);
    if (!value) return [];
    const lowered = expression(at, value);
    if (value.type === 'variadic_unpacking')
      return [{ value: { kind: 'spread', value: lowered, ...spanOf(at, value) } }];
    return [{ value: lowered, ...(name === undefined ? {} : { name }) }];
  });
  return { kind: 'call', callee, arguments: values, form, argumentsSpan: given ? spanOf(at, given) : span, ...span };
}

function lambda(at: At, node: SyntaxNode, span: Span): FunctionNode {
  const body = field(node, 'body');
  const parameters = (field(node, 'parameters')?.namedChildren ?? []).flatMap(each => {
    const name = each && field(each, 'name');
    return each && name
      ? [{ target: { kind: 'variable' as const, name: name.text, ...spanOf(at, each) }, ...spanOf(at, each) }]
      : [];
  });
  const lowered: Block = !body
    ? []
    : node.type === 'arrow_function'
      ? [{ kind: 'return', value: expression(at, body), ...spanOf(at, body) }]
      : statements(at, body);
  return { parameters, body: lowered, ...span };
}

/** A list where no element has a key. */
function array(at: At, node: SyntaxNode, span: Span): Expression {
  const elements = children(node).map(children);
  if (elements.every(each => each.length < 2))
    return { kind: 'list', items: elements.flatMap(([value]) => (value ? [expression(at, value)] : [])), ...span };
  return {
    kind: 'record',
    entries: elements.flatMap(([key, value]) => {
      if (!key || !value) return [];
      const lowered = expression(at, key);
      const [part] = lowered.kind === 'text' ? lowered.parts : [];
      return [{ key: part?.kind === 'part' ? part.value : lowered, value: expression(at, value), ...span }];
    }),
    ...span,
  };
}

function binary(at: At, node: SyntaxNode, span: Span): Expression {
  const [left, right] = [field(node, 'left'), field(node, 'right')];
  const operator = field(node, 'operator')?.text ?? '';
  if (!left || !right) return { kind: 'opaque', label: node.type, operands: [], ...span };
  const [first, second] = [expression(at, left), expression(at, right)];
  if (operator === '??' || operator === '&&' || operator === '||')
    return {
      kind: 'choice',
      operator,
      test: first,
      then: operator === '&&' ? second : first,
      otherwise: operator === '&&' ? first : second,
      ...span,
    };
  return { kind: 'operation', operator: operator === '.' ? '+' : operator, operands: [first, second], ...span };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', e: '\x1b' };

/** A literal of any kind, with its escapes undone. */
function text(at: At, node: SyntaxNode, span: Span): Expression {
  const holder = node.type === 'heredoc' || node.type === 'nowdoc' ? field(node, 'value') : node;
  const isPlain = node.type === 'string' || node.type === 'nowdoc';
  const parts = (holder ? children(holder) : []).map((part): TextPart | TextHole => {
    const place = spanOf(at, part);
    if (part.type === 'string_content' || part.type === 'nowdoc_string')
      return { kind: 'part', value: part.text, ...place };
    if (part.type === 'escape_sequence') {
      const written = part.text.slice(1);
      const value = isPlain ? written : (ESCAPES[written] ?? written);
      return { kind: 'part', value, escapes: [[1, part.text.length]], ...place };
    }
    return { kind: 'hole', expression: expression(at, part), ...place };
  });
  return { kind: 'text', parts, open: node.text.charAt(0), close: node.text.charAt(0), ...span };
}
