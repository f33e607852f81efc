/** Indexes and constraints of Django's models, with their conditions. Source: docs.djangoproject.com/en/5.2/ref/models/indexes/ and constraints/. */
import { constantText, type Value } from '../code/values';
import { argumentOf, madeIn, positional } from './djangoFields';
import type { Constraint, Index } from './djangoState';
import { flag, literalOf, namesOf, quoted } from './quoting';

type ColumnOf = (field: string) => string | undefined;

const METHODS: Readonly<Record<string, string>> = {
  GinIndex: 'gin',
  GistIndex: 'gist',
  SpGistIndex: 'spgist',
  BrinIndex: 'brin',
  HashIndex: 'hash',
  BTreeIndex: 'btree',
  BloomIndex: 'bloom',
};

/** `models.Index(fields=['-created'], name='…', condition=Q(…))` */
export function indexOf(value: Value | undefined): Index | undefined {
  const found = madeIn(value);
  if (!found) return undefined;
  const { made } = found;
  const name = constantText(argumentOf(made, 'name'));
  if (name === undefined) return undefined;
  const using = Object.hasOwn(METHODS, made.name) ? `USING ${METHODS[made.name]} ` : '';
  const parts = {
    fields: namesOf(argumentOf(made, 'fields')),
    expressions: positional(made),
    classes: namesOf(argumentOf(made, 'opclasses')),
    include: argumentOf(made, 'include'),
    condition: argumentOf(made, 'condition'),
  };
  return { name, rest: columns => restOf(parts, using, columns) };
}

interface Parts {
  readonly fields?: readonly string[] | undefined;
  readonly expressions?: readonly Value[];
  readonly classes?: readonly string[] | undefined;
  readonly include?: Value | undefined;
  readonly condition?: Value | undefined;
}

function restOf(
  { fields, expressions = [], classes, include, condition }: Parts,
  using: string,
  of: ColumnOf,
): string | undefined {
  const written =
    expressions.length > 0
      ? expressions.map(each => expressionOf(each, of))
      : fields?.map(field => {
          const column = of(field.replace(/^-/, ''));
          return column === undefined ? undefined : `${quoted(column)}${field.startsWith('-') ? ' DESC' : ''}`;
        });
  if (!written || written.includes(undefined)) return undefined;
  const listed = written.map((each, at) =>
    classes?.[at] === undefined ? each : each?.replace(/( DESC)?$/, ` ${classes[at]}$1`),
  );
  const included = include === undefined ? undefined : namesOf(include)?.map(of);
  if (include !== undefined && (!included || included.includes(undefined))) return undefined;
  const where = condition === undefined ? undefined : conditionOf(condition, of);
  if (condition !== undefined && where === undefined) return undefined;
  return `${using}(${listed.join(', ')})${included && included.length > 0 ? ` INCLUDE (${included.map(each => quoted(each ?? '')).join(', ')})` : ''}${where === undefined ? '' : ` WHERE ${where}`}`;
}

/** `Lower('name')`, `F('name').desc()` */
function expressionOf(value: Value, of: ColumnOf): string | undefined {
  const text = constantText(value);
  if (text !== undefined) {
    const column = of(text);
    return column === undefined ? undefined : quoted(column);
  }
  const found = madeIn(value);
  if (!found) return undefined;
  const order = found.chain.steps.find(({ name, arguments: args }) => args && (name === 'desc' || name === 'asc'));
  const [first] = positional(found.made);
  const inner = first && expressionOf(first, of);
  if (inner === undefined) return undefined;
  const suffix = order ? ` ${order.name.toUpperCase()}` : '';
  if (found.made.name === 'F') return `${inner}${suffix}`;
  if (found.made.name === 'Lower' || found.made.name === 'Upper')
    return `(${found.made.name.toUpperCase()}(${inner}))${suffix}`;
  return undefined;
}

export function constraintOf(value: Value | undefined): Constraint | undefined {
  const found = madeIn(value);
  if (!found) return undefined;
  const { made } = found;
  const name = constantText(argumentOf(made, 'name'));
  if (name === undefined) return undefined;
  if (made.name === 'CheckConstraint') {
    const condition = argumentOf(made, 'condition') ?? argumentOf(made, 'check');
    return {
      name,
      clause: of => {
        const written = condition && conditionOf(condition, of);
        return written === undefined ? undefined : `CHECK (${written})`;
      },
    };
  }
  if (made.name !== 'UniqueConstraint') return { name };
  const parts = {
    fields: namesOf(argumentOf(made, 'fields')),
    expressions: positional(made),
    classes: namesOf(argumentOf(made, 'opclasses')),
    include: argumentOf(made, 'include'),
    condition: argumentOf(made, 'condition'),
  };
  if (parts.condition !== undefined || parts.expressions.length > 0 || parts.include !== undefined || parts.classes)
    return { name, index: { name, unique: true, rest: of => restOf(parts, '', of) } };
  const deferrable = madeDeferrable(argumentOf(made, 'deferrable'));
  const nulls = argumentOf(made, 'nulls_distinct');
  const distinct = nulls?.kind === 'constant' && nulls.value === false ? ' NULLS NOT DISTINCT' : '';
  return {
    name,
    clause: of => {
      const written = restOf(parts, '', of);
      return written === undefined ? undefined : `UNIQUE${distinct} ${written}${deferrable}`;
    },
  };
}

function madeDeferrable(value: Value | undefined): string {
  if (value?.kind !== 'chain') return '';
  return value.steps.some(({ name }) => name === 'DEFERRED')
    ? ' DEFERRABLE INITIALLY DEFERRED'
    : ' DEFERRABLE INITIALLY IMMEDIATE';
}

const COMPARISONS: Readonly<Record<string, string>> = { exact: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** `Q(active=True, price__gte=0)`; nothing where a part of it is none of the plain ones. */
function conditionOf(value: Value, of: ColumnOf): string | undefined {
  const found = madeIn(value);
  if (found?.made.name !== 'Q') return undefined;
  const { made } = found;
  const args = made.arguments ?? [];
  const parts = args.map(({ name, value: given }) => {
    if (name !== undefined) return comparisonOf(name, given, of);
    // `Q(('active', True))`
    const [key, compared] = given.kind === 'list' ? given.items : [];
    const text = constantText(key);
    return text === undefined || !compared ? conditionOf(given, of) : comparisonOf(text, compared, of);
  });
  const connector = args.some(({ name }) => name === '_connector') ? ' OR ' : ' AND ';
  const isNegated = flag(argumentOf(made, '_negated'));
  const known = parts.filter((_, at) => !args[at]?.name?.startsWith('_'));
  if (known.length === 0 || known.includes(undefined)) return undefined;
  const joined = known.length === 1 ? (known[0] ?? '') : `(${known.join(connector)})`;
  return isNegated ? `NOT (${joined})` : joined;
}

function comparisonOf(key: string, value: Value, of: ColumnOf): string | undefined {
  const [field = '', lookup = 'exact', ...more] = key.split('__');
  const column = of(field);
  if (column === undefined || more.length > 0) return undefined;
  const name = quoted(column);
  if (lookup === 'isnull') return `${name} IS ${flag(value) ? '' : 'NOT '}NULL`;
  if (lookup === 'in') {
    const items = value.kind === 'list' ? value.items.map(literalOf) : [undefined];
    return items.includes(undefined) ? undefined : `${name} IN (${items.join(', ')})`;
  }
  const operator = Object.hasOwn(COMPARISONS, lookup) ? COMPARISONS[lookup] : undefined;
  if (operator === undefined) return undefined;
  if (value.kind === 'constant' && typeof value.value === 'boolean' && lookup === 'exact')
    return value.value ? name : `NOT ${name}`;
  const other = madeIn(value);
  if (other?.made.name === 'F') {
    const compared = of(constantText(positional(other.made)[0]) ?? '');
    return compared === undefined ? undefined : `${name} ${operator} ${quoted(compared)}`;
  }
  const literal = literalOf(value);
  return literal === undefined || literal === 'NULL' ? undefined : `${name} ${operator} ${literal}`;
}
