/** Types, sequences, extensions and statistics, read from PostgreSQL's tree. */
import type {
  AlterDomainStmt,
  AlterEnumStmt,
  AlterSeqStmt,
  CompositeTypeStmt,
  CreateDomainStmt,
  CreateEnumStmt,
  CreateExtensionStmt,
  CreateRangeStmt,
  CreateSeqStmt,
  CreateStatsStmt,
} from 'libpg-query';
import type { Clauses } from './clauses';
import type { ConstraintDefinition, Expression, Identifier } from './definition';
import type { OperationOf } from './operation';
import {
  collationOf,
  constantText,
  elementOf,
  expressionOf,
  listedName,
  optionsOf,
  relationName,
  sequenceOptions,
  stringsOf,
  typeOf,
} from './readPostgresParts';
import { columnOf, constraintOf, ifNotExists, persistenceOf } from './readPostgresTable';

const whole = (clauses: Clauses) => ({ statement: clauses.whole, span: clauses.whole });

/** The literal with this value. */
function label(clauses: Clauses, value: string, from: number): Identifier {
  for (let index = from; index < clauses.all.to; index += 1)
    if (clauses.statement.tokens[index]?.kind === 'text' && clauses.source(index).includes(value.replaceAll("'", "''")))
      return { name: value, span: clauses.span({ from: index, to: index + 1 }) };
  return { name: value, span: clauses.whole };
}

export function readCreateEnum(clauses: Clauses, statement: CreateEnumStmt): OperationOf<'createEnum'> {
  const body = clauses.inside(clauses.all);
  const items = body ? clauses.items(body) : [];
  return {
    ...whole(clauses),
    kind: 'createEnum',
    name: listedName(clauses, stringsOf(statement.typeName), { from: 2, to: clauses.all.to }),
    labels: stringsOf(statement.vals).map((name, position) => ({
      name,
      span: clauses.span(items[position] ?? body ?? clauses.all),
    })),
    unlessExists: false,
  };
}

export function readAlterEnum(
  clauses: Clauses,
  statement: AlterEnumStmt,
): OperationOf<'addEnumLabel'> | OperationOf<'renameEnumLabel'> {
  const type = listedName(clauses, stringsOf(statement.typeName), { from: 2, to: clauses.all.to });
  const value = clauses.find(clauses.all, 'VALUE') ?? 0;
  if (statement.oldVal !== undefined) {
    const to = clauses.find(clauses.all, 'TO') ?? value;
    return {
      ...whole(clauses),
      kind: 'renameEnumLabel',
      type,
      label: label(clauses, statement.oldVal, value),
      to: label(clauses, statement.newVal ?? '', to),
    };
  }
  const neighbour = statement.newValNeighbor;
  return {
    ...whole(clauses),
    kind: 'addEnumLabel',
    ...ifNotExists(clauses, statement.skipIfNewValExists, 'VALUE'),
    type,
    label: label(clauses, statement.newVal ?? '', value),
    ...(neighbour === undefined ? {} : statement.newValIsAfter ? { after: neighbour } : { before: neighbour }),
  };
}

export function readCreateDomain(clauses: Clauses, statement: CreateDomainStmt): OperationOf<'createDomain'> {
  const constraints: ConstraintDefinition[] = [];
  let byDefault: Expression | undefined;
  let notNull = false;
  for (const node of statement.constraints ?? []) {
    if (!('Constraint' in node)) continue;
    const constraint = node.Constraint;
    const from = clauses.located(constraint.location) ?? 0;
    // up to the next constraint: what stands between is this one's
    const next = (statement.constraints ?? []).flatMap(other => {
      const at = 'Constraint' in other ? clauses.located(other.Constraint.location) : undefined;
      return at !== undefined && at > from ? [at] : [];
    });
    const range = { from, to: Math.min(clauses.all.to, ...next) };
    if (constraint.contype === 'CONSTR_NOTNULL') notNull = true;
    else if (constraint.contype === 'CONSTR_DEFAULT' && constraint.raw_expr)
      byDefault = expressionOf(clauses, constraint.raw_expr, { from: from + 1, to: range.to });
    else constraints.push(...constraintOf(clauses, constraint, range, undefined));
  }
  const collation = collationOf(clauses, statement.collClause);
  return {
    ...whole(clauses),
    kind: 'createDomain',
    name: listedName(clauses, stringsOf(statement.domainname), { from: 2, to: clauses.all.to }),
    type: typeOf(clauses, statement.typeName),
    ...(collation ? { collation } : {}),
    ...(byDefault ? { default: byDefault } : {}),
    notNull,
    constraints,
    unlessExists: false,
  };
}

export function readAlterDomain(clauses: Clauses, statement: AlterDomainStmt): OperationOf<'alterDomain'> | undefined {
  const domain = listedName(clauses, stringsOf(statement.typeName), { from: 2, to: clauses.all.to });
  const change = domainChange(clauses, statement);
  return change ? { ...whole(clauses), kind: 'alterDomain', domain, change } : undefined;
}

function domainChange(clauses: Clauses, statement: AlterDomainStmt): OperationOf<'alterDomain'>['change'] | undefined {
  const { def, name = '' } = statement;
  switch (statement.subtype) {
    case 'T': {
      const word = clauses.find(clauses.all, 'DEFAULT') ?? 0;
      return {
        kind: 'setDefault',
        ...(def ? { value: expressionOf(clauses, def, { from: word + 1, to: clauses.all.to }) } : {}),
      };
    }
    case 'N':
      return { kind: 'setNotNull', notNull: false };
    case 'O':
      return { kind: 'setNotNull', notNull: true };
    case 'C': {
      const from = (clauses.find(clauses.all, 'ADD') ?? 0) + 1;
      if (!def || !('Constraint' in def)) return undefined;
      if (def.Constraint.contype === 'CONSTR_NOTNULL') return { kind: 'setNotNull', notNull: true };
      const [constraint] = constraintOf(clauses, def.Constraint, { from, to: clauses.all.to }, undefined);
      return constraint ? { kind: 'addConstraint', constraint } : undefined;
    }
    case 'X':
      return { kind: 'dropConstraint', name, ifExists: statement.missing_ok === true };
    case 'V':
      return { kind: 'validateConstraint', name };
    default:
      return undefined;
  }
}

export function readCompositeType(clauses: Clauses, statement: CompositeTypeStmt): OperationOf<'createCompositeType'> {
  const body = clauses.inside(clauses.all);
  const items = body ? clauses.items(body) : [];
  return {
    ...whole(clauses),
    kind: 'createCompositeType',
    name: relationName(clauses, statement.typevar),
    attributes: (statement.coldeflist ?? []).flatMap((node, position) =>
      'ColumnDef' in node ? [columnOf(clauses, node.ColumnDef, items[position] ?? clauses.all)] : [],
    ),
    unlessExists: false,
  };
}

export const readRangeType = (clauses: Clauses, statement: CreateRangeStmt): OperationOf<'createRangeType'> => ({
  ...whole(clauses),
  kind: 'createRangeType',
  name: listedName(clauses, stringsOf(statement.typeName), { from: 2, to: clauses.all.to }),
  options: optionsOf(statement.params),
});

export const readCreateSequence = (clauses: Clauses, statement: CreateSeqStmt): OperationOf<'createSequence'> => ({
  ...whole(clauses),
  kind: 'createSequence',
  ...ifNotExists(clauses, statement.if_not_exists, 'SEQUENCE'),
  name: relationName(clauses, statement.sequence),
  persistence: persistenceOf(statement.sequence?.relpersistence),
  options: sequenceOptions(clauses, statement.options),
});

export const readAlterSequence = (clauses: Clauses, statement: AlterSeqStmt): OperationOf<'alterSequence'> => ({
  ...whole(clauses),
  kind: 'alterSequence',
  name: relationName(clauses, statement.sequence),
  ifExists: statement.missing_ok === true,
  options: sequenceOptions(clauses, statement.options),
});

export function readCreateExtension(clauses: Clauses, statement: CreateExtensionStmt): OperationOf<'createExtension'> {
  const options = new Map(
    (statement.options ?? []).flatMap(node => {
      const element = elementOf(node);
      return element?.defname === undefined
        ? []
        : [[element.defname, element.arg ? constantText(element.arg) : 'true'] as const];
    }),
  );
  const schema = options.get('schema');
  const version = options.get('new_version');
  return {
    ...whole(clauses),
    kind: 'createExtension',
    ...ifNotExists(clauses, statement.if_not_exists, 'EXTENSION'),
    name: clauses.identifier(statement.extname ?? '', { from: 2, to: clauses.all.to }),
    ...(schema === undefined ? {} : { schema }),
    ...(version === undefined ? {} : { version }),
    cascade: options.get('cascade') === 'true',
  };
}

export function readCreateStatistics(
  clauses: Clauses,
  statement: CreateStatsStmt,
): OperationOf<'createStatistics'> | undefined {
  const [relation] = statement.relations ?? [];
  if (!relation || !('RangeVar' in relation)) return undefined;
  const names = stringsOf(statement.defnames);
  const on = clauses.find(clauses.all, 'ON') ?? 0;
  const from = clauses.find(clauses.all, 'FROM') ?? clauses.all.to;
  const items = clauses.items({ from: on + 1, to: from });
  return {
    ...whole(clauses),
    kind: 'createStatistics',
    ...ifNotExists(clauses, statement.if_not_exists, 'STATISTICS'),
    ...(names.length > 0 ? { name: listedName(clauses, names, { from: 2, to: on }) } : {}),
    table: relationName(clauses, relation.RangeVar),
    kinds: [...stringsOf(statement.stat_types)].sort(),
    elements: (statement.exprs ?? []).flatMap((node, position) => {
      if (!('StatsElem' in node)) return [];
      const range = items[position] ?? clauses.all;
      const { name, expr } = node.StatsElem;
      return [
        {
          span: clauses.span(range),
          ...(name === undefined ? {} : { column: clauses.identifier(name, range) }),
          ...(expr ? { expression: expressionOf(clauses, expr, range) } : {}),
          opclassOptions: [],
          descending: false,
        },
      ];
    }),
  };
}
