/**
 * PHP, as far as migrations are written in it: the classes of a file with their methods, what they call, and constants.
 * Files of other folders are not read; what is not known here becomes `opaque`.
 */
import type { Class, Export, Field, Function as FunctionNode, Module, Parameter, Unit } from '../../program/model';
import type { SyntaxNode, SyntaxTree } from '../../syntax/parsers';
import type { FrontEnd } from '../frontEnd';
import { type At, childOfType, expression, statements } from './lowering';
import { phpWriter } from './writer';

export const phpFrontEnd: FrontEnd = {
  id: 'php',
  endings: new Map([['.php', 'php']]),
  only: /(?:^|\/)migrations\/(?:[^/]+\/)*[^/]+\.php$/i,
  lower: ({ tree, file }) => lower(tree, file),
  writer: phpWriter,
};

function lower({ root, text }: SyntaxTree, file: string): Module {
  const imports = importsIn(root);
  const units: Unit[] = [];
  const classes: Class[] = [];
  const exports: Export[] = [];
  for (const node of root.descendantsOfType(['class_declaration', 'anonymous_class'])) {
    if (!node) continue;
    const name = node.childForFieldName('name')?.text ?? '<anonymous>';
    const body = node.childForFieldName('body');
    if (!body || classes.some(each => each.name === name)) continue;
    const at: At = { base: 0, imports };
    const methods = new Map<string, string>();
    const fields: Field[] = [];
    for (const member of body.namedChildren) {
      if (member?.type === 'method_declaration') {
        const method = member.childForFieldName('name')?.text ?? '';
        const unit = unitOf(member, `${file}#${name}.${method}`, method, name, imports, text);
        units.push(unit);
        methods.set(method, unit.id);
      } else if (member?.type === 'property_declaration' || member?.type === 'const_declaration')
        fields.push(...fieldsIn(member, at));
    }
    const base = childOfType(node, 'base_clause')?.namedChildren[0];
    const span = { start: node.startIndex, end: node.endIndex };
    classes.push({
      name,
      ...(base ? { extends: { kind: 'name', name: base.text, start: base.startIndex, end: base.endIndex } } : {}),
      fields,
      methods,
      ...span,
    });
  }
  const top: Unit = {
    id: file,
    start: 0,
    text,
    function: { parameters: [], body: [], start: 0, end: text.length },
  };
  const problems = root.hasError
    ? root.descendantsOfType('ERROR').flatMap(each => (each ? [{ start: each.startIndex, end: each.endIndex }] : []))
    : [];
  return { file, language: 'php', top, units, classes, exports, comments: commentsIn(root, text), problems };
}

/** What `use` brings in, by the name that the file has for it. */
function importsIn(root: SyntaxNode): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const use of root.descendantsOfType('namespace_use_declaration')) {
    const prefix = use && childOfType(use, 'namespace_name')?.text;
    for (const clause of use?.descendantsOfType('namespace_use_clause') ?? []) {
      if (!clause) continue;
      const alias = clause.childForFieldName('alias')?.text;
      const named = (clause.namedChildren[0]?.text ?? '').replace(/^\\/, '');
      const whole = prefix === undefined ? named : `${prefix}\\${named}`;
      found.set(alias ?? whole.slice(whole.lastIndexOf('\\') + 1), whole);
    }
  }
  return found;
}

function unitOf(
  node: SyntaxNode,
  id: string,
  name: string,
  ownerClass: string,
  imports: ReadonlyMap<string, string>,
  text: string,
): Unit {
  const at: At = { base: node.startIndex, imports };
  const body = node.childForFieldName('body');
  const fn: FunctionNode = {
    name,
    parameters: parametersOf(node, at),
    body: body ? statements(at, body) : [],
    start: 0,
    end: node.endIndex - node.startIndex,
  };
  return { id, start: node.startIndex, text: text.slice(node.startIndex, node.endIndex), function: fn, ownerClass };
}

function parametersOf(node: SyntaxNode, at: At): readonly Parameter[] {
  return (node.childForFieldName('parameters')?.namedChildren ?? []).flatMap(each => {
    const name = each?.childForFieldName('name');
    if (!each || !name) return [];
    const span = { start: each.startIndex - at.base, end: each.endIndex - at.base };
    const given = each.childForFieldName('default_value');
    return [
      {
        target: { kind: 'variable' as const, name: name.text, ...span },
        ...(given ? { default: expression(at, given) } : {}),
        ...span,
      },
    ];
  });
}

function fieldsIn(node: SyntaxNode, at: At): readonly Field[] {
  return node.namedChildren.flatMap(element => {
    if (element?.type !== 'property_element' && element?.type !== 'const_element') return [];
    const named = element.namedChildren[0];
    const value = element.childForFieldName('default_value') ?? element.namedChildren[1];
    if (!named) return [];
    return [
      {
        name: named.text.replace(/^\$/, ''),
        ...(value && value.id !== named.id ? { value: expression(at, value) } : {}),
        start: element.startIndex,
        end: element.endIndex,
      },
    ];
  });
}

const commentsIn = (root: SyntaxNode, text: string): Module['comments'] =>
  root.descendantsOfType('comment').flatMap(node => {
    if (!node) return [];
    const before = text.slice(text.lastIndexOf('\n', node.startIndex - 1) + 1, node.startIndex);
    return [{ start: node.startIndex, end: node.endIndex, text: node.text, ownLine: before.trim() === '' }];
  });
