/** `match`: a switch where its patterns are constants and no jump inside means a loop around it, else one branch after another. */
import type { Block, Expression, Statement } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { Lowering, LowerStatement } from './lowering';
import { variable } from './patterns';

export const lowerMatch: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const body = parts.find(part => at.type(part) === 'block');
  const subject = parts.filter(part => part !== body && at.isExpression(part));
  const cases = (body === undefined ? [] : at.parts(body)).filter(part => at.type(part) === 'case_clause');
  const [first, ...more] = subject;
  if (first === undefined) {
    at.opaqueStatement(node, 'match', into);
    return;
  }
  const read = cases.map(clause => caseOf(at, clause));
  const isPlain =
    more.length === 0 && read.every(each => each.values !== undefined && !each.guard) && !JUMPS.test(at.source(node));
  if (isPlain) {
    into.push({
      kind: 'switch',
      subject: at.expression(first),
      cases: read.map(each => ({
        tests: (each.values ?? []).map(value => at.expression(value)),
        body: closed(each.block === undefined ? [] : at.block(each.block), at, each.node),
      })),
      ...at.span(node),
    });
    return;
  }
  into.push(...branches(at, subject, read, node));
};

const JUMPS = /^\s*(?:break|continue)\b/m;

interface Case {
  readonly node: Node;
  /** What the subject is compared with; empty for `_`, absent where a pattern takes the subject apart. */
  readonly values?: readonly Node[];
  readonly patterns: readonly Node[];
  readonly guard?: Node;
  readonly block?: Node;
}

function caseOf(at: Lowering, node: Node): Case {
  const parts = at.parts(node);
  const block = parts.find(part => at.type(part) === 'block');
  const guard = parts.find(part => at.type(part) === 'if_clause');
  const patterns = parts.filter(part => at.type(part) === 'case_pattern');
  const values = patterns.map(pattern => valuesIn(at, pattern));
  const flat = patterns.length === 1 ? values[0] : undefined;
  return {
    node,
    ...(flat && { values: flat }),
    patterns,
    ...(guard !== undefined && { guard }),
    ...(block !== undefined && { block }),
  };
}

/** The constants and dotted names of a pattern; nothing where it is anything more. */
function valuesIn(at: Lowering, pattern: Node): readonly Node[] | undefined {
  const source = at.source(pattern).trim();
  if (source === '_') return [];
  const inner = at.type(pattern) === 'case_pattern' ? at.parts(pattern)[0] : pattern;
  if (inner === undefined) return undefined;
  switch (at.type(inner)) {
    case 'string':
    case 'concatenated_string':
    case 'integer':
    case 'float':
    case 'true':
    case 'false':
    case 'none':
      return source.startsWith('-') ? undefined : [inner];
    case 'dotted_name':
      return at.source(inner).includes('.') ? [inner] : undefined;
    case 'union_pattern': {
      const all = at.parts(inner).map(each => valuesIn(at, each));
      return all.every(each => each !== undefined && each.length > 0) ? all.flatMap(each => each ?? []) : undefined;
    }
    default:
      return undefined;
  }
}

/** A case does not fall through into the next. */
function closed(body: Block, at: Lowering, node: Node): Block {
  const last = body.at(-1);
  if (last && /^(?:return|throw|break|continue)$/.test(last.kind)) return body;
  const { end } = at.span(node);
  return [...body, { kind: 'break', start: end, end }];
}

function branches(at: Lowering, subject: readonly Node[], cases: readonly Case[], node: Node): Statement[] {
  const span = at.span(node);
  /** What is called is called once. */
  const again = subject.every(each => /^(?:identifier|attribute)$/.test(at.type(each)));
  let asked = false;
  const operands = (): Expression[] => {
    if (asked && !again) return [];
    asked = true;
    return subject.map(each => at.expression(each));
  };
  const build = (index: number): Statement[] => {
    const each = cases[index];
    if (!each) return [];
    const test = testOf(at, each, operands);
    const body = [
      ...capturesOf(at, each, again ? operands() : []),
      ...(each.block === undefined ? [] : at.block(each.block)),
    ];
    if (!test) return body;
    // The subject stands before all of the cases.
    return [{ kind: 'branch', test, then: body, otherwise: build(index + 1), ...span }];
  };
  return build(0);
}

function testOf(at: Lowering, each: Case, operands: () => Expression[]): Expression | undefined {
  const guard = each.guard === undefined ? undefined : at.orMissing(at.parts(each.guard)[0], each.guard);
  const [first, ...more] = each.patterns;
  const span = first === undefined ? at.span(each.node) : { ...at.span(first) };
  if (each.values?.length === 0) return guard;
  const [value, ...others] = each.values ?? [];
  const [subject] = operands();
  const matched: Expression =
    value !== undefined && subject && others.length === 0 && more.length === 0
      ? { kind: 'operation', operator: '===', operands: [subject, at.expression(value)], ...around(subject, span) }
      : { kind: 'opaque', label: 'match', operands: subject ? [subject] : [], ...around(subject, span) };
  if (!guard) return matched;
  return { kind: 'choice', operator: '&&', test: matched, then: guard, otherwise: matched, ...around(matched, guard) };
}

const around = (
  one: { start: number; end: number } | undefined,
  other: { start: number; end: number },
): { start: number; end: number } => ({
  start: Math.min(one?.start ?? other.start, other.start),
  end: Math.max(one?.end ?? other.end, other.end),
});

/** Names that a pattern binds are parts of the subject. */
function capturesOf(at: Lowering, each: Case, subject: readonly Expression[]): Statement[] {
  return each.patterns
    .flatMap(pattern => capturedIn(at, pattern))
    .map((name): Statement => {
      const span = around(subject[0], at.span(name));
      const value: Expression = { kind: 'opaque', label: 'match', operands: subject, ...span };
      return { kind: 'declare', target: variable(at, name), value, statement: span, ...span };
    });
}

function capturedIn(at: Lowering, node: Node): Node[] {
  switch (at.type(node)) {
    case 'dotted_name': {
      const names = at.parts(node);
      return names.length === 1 ? names : [];
    }
    case 'class_pattern':
      return at
        .parts(node)
        .slice(1)
        .flatMap(part => capturedIn(at, part));
    case 'keyword_pattern':
      return at
        .parts(node)
        .slice(1)
        .flatMap(part => capturedIn(at, part));
    case 'splat_pattern':
      return at.parts(node);
    case 'as_pattern': {
      const parts = at.parts(node);
      return parts.flatMap(part => (at.type(part) === 'identifier' ? [part] : capturedIn(at, part)));
    }
    default:
      return at.parts(node).flatMap(part => capturedIn(at, part));
  }
}
