/** `import a.b as c`, `from .a import b`, `from a import *`. */
import type { Expression, Pattern, Span, Statement } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { Lowering, LowerStatement } from './lowering';
import { variable } from './patterns';

export const lowerImport: LowerStatement = (at, node, into) => {
  const statement = at.span(node);
  for (const name of at.parts(node)) {
    const [first, alias] = at.parts(name);
    const isAliased = at.type(name) === 'aliased_import';
    const module = isAliased ? first : name;
    const local = isAliased ? alias : first;
    if (module === undefined || local === undefined) continue;
    // `import a.b` binds `a`, of which `b` is a part.
    const from = isAliased ? dotted(at, module) : at.source(local);
    const value: Expression = { kind: 'import', from, ...at.span(isAliased ? module : local) };
    if (!isAliased && dotted(at, module) !== from)
      into.push({
        kind: 'evaluate',
        expression: { ...value, from: dotted(at, module), ...at.span(module) },
        ...statement,
      });
    into.push(declared(variable(at, local), value, statement));
  }
};

export const lowerImportFrom: LowerStatement = (at, node, into) => {
  const statement = at.span(node);
  const [module, ...names] = at.parts(node);
  if (module === undefined) return;
  const from = dotted(at, module);
  const value: Expression = { kind: 'import', from, ...at.span(module) };
  const entries = names.flatMap(name => {
    const [first, alias] = at.parts(name);
    const isAliased = at.type(name) === 'aliased_import';
    const imported = isAliased ? first : name;
    const local = isAliased ? alias : first;
    if (at.type(name) === 'wildcard_import' || imported === undefined || local === undefined) return [];
    return [{ key: at.source(imported), target: variable(at, local) }];
  });
  if (names.some(name => at.type(name) === 'wildcard_import')) {
    into.push({ kind: 'evaluate', expression: value, ...statement });
    if (!at.inUnit) at.exports.push({ name: '*', from });
  }
  if (entries.length > 0) into.push(declared({ kind: 'entries', entries, ...statement }, value, statement));
};

const dotted = (at: Lowering, module: Node): string => at.source(module).replace(/\s+/g, '');

const declared = (target: Pattern, value: Expression, statement: Span): Statement => ({
  kind: 'declare',
  target,
  value,
  constant: true,
  statement,
  ...statement,
});
