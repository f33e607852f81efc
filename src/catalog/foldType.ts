/** Enums, domains, composite and range types, and sequences. */
import { bindOver } from './bind';
import { isType } from './catalog';
import type { QualifiedName, SequenceOptions } from './definition';
import { type Draft, type Outcome, refuse } from './draft';
import { labelFollowed } from './enumLabels';
import { freeConstraintName } from './names';
import type { Column, ObjectId, Sequence, Type } from './object';
import type { OperationOf, TypeOperation } from './operation';
import { columnFor, dataTypeOf, isRefusal, sequenceFor, shown, tableFor } from './refer';

type Creation = OperationOf<'createEnum' | 'createDomain' | 'createCompositeType' | 'createRangeType'>;

type Domain = Extract<Type, { readonly kind: 'domain' }>;

export function foldType(draft: Draft, op: TypeOperation): Outcome {
  switch (op.kind) {
    case 'createEnum':
    case 'createDomain':
    case 'createCompositeType':
    case 'createRangeType':
      return createType(draft, op);
    case 'addEnumLabel':
    case 'renameEnumLabel':
      return changeLabels(draft, op);
    case 'alterDomain':
      return alterDomain(draft, op);
    case 'alterCompositeType':
      return alterComposite(draft, op);
  }
}

function createType(draft: Draft, op: Creation): Outcome {
  const schema = draft.creationSchema(op.name);
  const { name } = op.name;
  if (draft.taken('t', schema, name) || draft.taken('r', schema, name))
    return 'unlessExists' in op && op.unlessExists
      ? undefined
      : refuse('exists', `type ${shown({ schema, name })} already exists`);
  if (!draft.taken('s', undefined, schema)) {
    if (draft.complete) return refuse('missing', `schema ${schema} does not exist`);
    draft.assumeSchema(schema);
  }
  const common = { id: draft.fresh(), schema, name };
  switch (op.kind) {
    case 'createEnum':
      draft.put({ ...common, kind: 'enum', labels: op.labels.map(label => label.name) });
      return undefined;
    case 'createRangeType':
      draft.put({ ...common, kind: 'range', options: op.options });
      return undefined;
    case 'createCompositeType':
      draft.put({
        ...common,
        kind: 'composite',
        attributes: op.attributes.map(attribute => attributeOf(draft, attribute)),
      });
      return undefined;
    case 'createDomain': {
      const constraints: Domain['constraints'][number][] = [];
      for (const constraint of op.constraints)
        if (constraint.kind === 'check') constraints.push(domainCheck(draft, schema, name, constraint, constraints));
      draft.put({
        ...common,
        kind: 'domain',
        type: dataTypeOf(draft, op.type),
        ...(op.collation ? { collation: shown(op.collation) } : {}),
        ...(op.default ? { default: bindOver(draft, op.default, undefined) } : {}),
        notNull: op.notNull,
        constraints,
      });
      return undefined;
    }
  }
}

const attributeOf = (draft: Draft, attribute: OperationOf<'createCompositeType'>['attributes'][number]): Column => ({
  id: draft.fresh(),
  name: attribute.name.name,
  type: dataTypeOf(draft, attribute.type),
  notNull: false,
  ...(attribute.collation ? { collation: shown(attribute.collation) } : {}),
});

type Check = Extract<OperationOf<'createDomain'>['constraints'][number], { readonly kind: 'check' }>;

function domainCheck(draft: Draft, schema: string, domain: string, check: Check, before: Domain['constraints']) {
  const reserved = new Set(before.map(({ name }) => name));
  return {
    id: draft.fresh(),
    name: check.name?.name ?? freeConstraintName(draft, schema, domain, undefined, 'check', reserved),
    validated: check.notValid === undefined,
    enforced: true,
    deferrable: 'no' as const,
    expression: bindOver(draft, check.expression, undefined),
  };
}

/** The type of that name; undefined where an incomplete history may hold it. */
function typeFor(draft: Draft, name: QualifiedName): Type | Outcome {
  const found = draft.find('t', name);
  if (isType(found)) return found;
  return draft.complete ? refuse('missing', `type ${shown(name)} does not exist`) : undefined;
}

function changeLabels(draft: Draft, op: OperationOf<'addEnumLabel' | 'renameEnumLabel'>): Outcome {
  const type = typeFor(draft, op.type);
  if (isRefusal(type) || !type) return type;
  if (type.kind !== 'enum') return refuse('invalid', `${shown(type)} is not an enum`);
  const label = op.label.name;
  if (op.kind === 'renameEnumLabel') {
    if (!type.labels.includes(label)) return refuse('missing', `"${label}" is not a label of ${shown(type)}`);
    if (type.labels.includes(op.to.name))
      return refuse('exists', `"${op.to.name}" is a label of ${shown(type)} already`);
    draft.put({ ...type, labels: type.labels.map(one => (one === label ? op.to.name : one)) });
    for (const object of labelFollowed(draft, type.id, label, op.to.name)) draft.put(object);
    return undefined;
  }
  if (type.labels.includes(label))
    return op.ifNotExists ? undefined : refuse('exists', `"${label}" is a label of ${shown(type)} already`);
  const neighbour = op.before ?? op.after;
  const at = neighbour === undefined ? type.labels.length : type.labels.indexOf(neighbour);
  if (at < 0) return refuse('missing', `"${neighbour}" is not a label of ${shown(type)}`);
  const labels = [...type.labels];
  labels.splice(op.after === undefined ? at : at + 1, 0, label);
  draft.put({ ...type, labels });
  return undefined;
}

function alterDomain(draft: Draft, op: OperationOf<'alterDomain'>): Outcome {
  const domain = typeFor(draft, op.domain);
  if (isRefusal(domain) || !domain) return domain;
  if (domain.kind !== 'domain') return refuse('invalid', `${shown(domain)} is not a domain`);
  const { change } = op;
  switch (change.kind) {
    case 'setDefault': {
      const { default: _, ...rest } = domain;
      draft.put({ ...rest, ...(change.value ? { default: bindOver(draft, change.value, undefined) } : {}) });
      return undefined;
    }
    case 'setNotNull':
      draft.put({ ...domain, notNull: change.notNull });
      return undefined;
    case 'addConstraint': {
      if (change.constraint.kind !== 'check') return undefined;
      const name = change.constraint.name?.name;
      if (name !== undefined && domain.constraints.some(one => one.name === name))
        return refuse('exists', `constraint ${name} for domain ${shown(domain)} already exists`);
      const check = domainCheck(draft, domain.schema, domain.name, change.constraint, domain.constraints);
      draft.put({ ...domain, constraints: [...domain.constraints, check] });
      return undefined;
    }
    default: {
      const { name } = change;
      if (!domain.constraints.some(one => one.name === name)) {
        if (change.kind === 'dropConstraint' && change.ifExists) return undefined;
        return refuse('missing', `constraint ${name} of domain ${shown(domain)} does not exist`);
      }
      const constraints =
        change.kind === 'dropConstraint'
          ? domain.constraints.filter(one => one.name !== name)
          : domain.constraints.map(one => (one.name === name ? { ...one, validated: true } : one));
      draft.put({ ...domain, constraints });
      return undefined;
    }
  }
}

function alterComposite(draft: Draft, op: OperationOf<'alterCompositeType'>): Outcome {
  const type = typeFor(draft, op.type);
  if (isRefusal(type) || !type) return type;
  if (type.kind !== 'composite') return refuse('invalid', `${shown(type)} is not a composite type`);
  const { change } = op;
  if (change.kind === 'addAttribute') {
    draft.put({ ...type, attributes: [...type.attributes, attributeOf(draft, change.attribute)] });
    return undefined;
  }
  const { name } = change;
  if (!type.attributes.some(one => one.name === name)) {
    if (change.kind === 'dropAttribute' && change.ifExists) return undefined;
    return refuse('missing', `attribute ${name} of type ${shown(type)} does not exist`);
  }
  const stored = change.kind === 'dropAttribute' ? undefined : columnOf(draft, type.id);
  if (stored) return refuse('dependents', `the attributes of ${shown(type)} cannot change: ${stored} uses it`);
  const attributes =
    change.kind === 'dropAttribute'
      ? type.attributes.filter(one => one.name !== name)
      : type.attributes.map(one => (one.name === name ? { ...one, type: dataTypeOf(draft, change.type) } : one));
  draft.put({ ...type, attributes });
  return undefined;
}

/** A column that stores values of the type, or of one that is made of it. */
function columnOf(draft: Draft, type: ObjectId): string | undefined {
  for (const object of draft.objects.values()) {
    if (object.kind === 'table' || object.kind === 'materializedView') {
      const column = object.columns.find(one => one.type?.id === type);
      if (column) return `column ${column.name} of ${shown(object)}`;
    }
    const within =
      (object.kind === 'domain' && object.type.id === type) ||
      (object.kind === 'composite' && object.attributes.some(one => one.type?.id === type));
    const found = within ? columnOf(draft, object.id) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

export function foldSequence(draft: Draft, op: OperationOf<'createSequence' | 'alterSequence'>): Outcome {
  if (op.kind === 'createSequence') {
    const schema = draft.creationSchema(op.name, op.persistence === 'temporary');
    const { name } = op.name;
    if (draft.taken('r', schema, name))
      return op.ifNotExists ? undefined : refuse('exists', `relation ${shown({ schema, name })} already exists`);
    if (!draft.taken('s', undefined, schema) && schema !== 'pg_temp') {
      if (draft.complete) return refuse('missing', `schema ${schema} does not exist`);
      draft.assumeSchema(schema);
    }
    const sequence: Sequence = {
      kind: 'sequence',
      id: draft.fresh(),
      schema,
      name,
      persistence: op.persistence,
      options: {},
      identity: false,
      grants: [],
    };
    draft.put(sequence);
    return setSequence(draft, sequence, op.options);
  }
  if (op.ifExists && !draft.find('r', op.name)) return undefined;
  const sequence = sequenceFor(draft, op.name);
  return isRefusal(sequence) ? sequence : setSequence(draft, sequence, op.options);
}

function setSequence(draft: Draft, sequence: Sequence, written: SequenceOptions): Outcome {
  const { restart: _, ownedBy, sequenceName: __, ...options } = written;
  draft.change<Sequence>(sequence, now => ({ ...now, options: { ...now.options, ...options } }));
  if (ownedBy === undefined) return undefined;
  if (ownedBy === null) {
    draft.change<Sequence>(sequence, ({ ownedBy: ___, ...now }) => now);
    return undefined;
  }
  const table = tableFor(draft, ownedBy.table);
  if (isRefusal(table)) return table;
  const column = columnFor(draft, table, ownedBy.column.name);
  if (isRefusal(column)) return column;
  draft.change<Sequence>(sequence, now => ({ ...now, ownedBy: { table: table.id, column: column.id } }));
  return undefined;
}
