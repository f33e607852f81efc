/** A catalog as objects with aspects: what the definition of *reversible* compares, each aspect once as a key and once in words. */
import type { Catalog } from './catalog';
import {
  argumentsText,
  constraintText,
  elementText,
  identityText,
  indexText,
  nameOf,
  optionsText,
  ownerColumnText,
  parametersText,
  policyText,
  resultText,
  type Say,
  sequenceOptionsText,
  triggerText,
  typeText,
} from './definitionText';
import { fullName, keyOf, quoted } from './naming';
import type { Bound, CatalogObject, Column, Constraint, Grants, ObjectId, Routine, Table, View } from './object';
import { saidBy } from './sqliteText';

export interface Aspect {
  /** Equal where the aspect means the same. */
  readonly key: string;
  readonly words: string;
  /** Shown, never deciding. */
  readonly soft: boolean;
}

export interface AspectedObject {
  readonly id: ObjectId;
  readonly kind: string;
  /** As people write it: without `public.`. */
  readonly name: string;
  /** The name of the relation that it belongs to, and falls with. */
  readonly parent?: string;
  /** What is not among its aspects is unknown, and equals anything. */
  readonly assumed: boolean;
  readonly aspects: ReadonlyMap<string, Aspect>;
}

/** What an object is found by in another catalog. */
export const objectKey = (object: Pick<AspectedObject, 'kind' | 'name'>): string => `${object.kind} ${object.name}`;

/** @param objects  of the catalog: all of them, or the ones that are asked for */
export function aspectsOf(
  catalog: Catalog,
  objects: Iterable<CatalogObject> = catalog.objects.values(),
): ReadonlyMap<string, AspectedObject> {
  const found = new Map<string, AspectedObject>();
  const writer = new Writer(catalog, object => found.set(objectKey(object), object));
  for (const object of objects) writer.object(object);
  return found;
}

type Value = string | undefined | readonly [words: string, key: string];

class Writer {
  private readonly written: Say = bound => bound.text;
  private readonly keyed: Say;

  constructor(
    private readonly catalog: Catalog,
    private readonly give: (object: AspectedObject) => void,
  ) {
    this.keyed = bound => keyOf(catalog, bound);
  }

  /** A text in words and as a key. */
  private both(text: (say: Say) => string): readonly [string, string] {
    return [text(this.written), text(this.keyed)];
  }

  private expression(bound: Bound | undefined): Value {
    return bound ? [bound.text, this.keyed(bound)] : undefined;
  }

  private put(
    part: { readonly id: ObjectId; readonly assumed?: true; readonly comment?: string },
    kind: string,
    name: string,
    values: Readonly<Record<string, Value>>,
    more: { readonly parent?: string; readonly soft?: Readonly<Record<string, Value>> } = {},
  ): void {
    const aspects = new Map<string, Aspect>();
    const add = (all: Readonly<Record<string, Value>>, soft: boolean) => {
      for (const [aspect, value] of Object.entries(all))
        if (value !== undefined)
          aspects.set(
            aspect,
            typeof value === 'string' ? { key: value, words: value, soft } : { key: value[1], words: value[0], soft },
          );
    };
    add(values, false);
    add({ comment: part.comment, ...more.soft }, true);
    const { parent } = more;
    this.give({
      id: part.id,
      kind,
      name,
      assumed: part.assumed === true,
      aspects,
      ...(parent === undefined ? {} : { parent }),
    });
  }

  object(object: CatalogObject): void {
    switch (object.kind) {
      case 'table':
        this.table(object);
        break;
      case 'view':
      case 'materializedView':
        this.view(object);
        break;
      case 'sequence':
        if (object.identity) break;
        this.put(
          object,
          'sequence',
          fullName(object),
          {
            definition: sequenceOptionsText(object.options, true),
            'owner column': ownerColumnText(this.catalog, object),
          },
          { soft: { owner: object.owner, privileges: grantsText(object.grants) } },
        );
        break;
      case 'enum':
        this.put(object, 'type', fullName(object), {
          labels: object.labels.map(label => `'${label}'`).join(', '),
        });
        break;
      case 'domain': {
        const name = fullName(object);
        this.put(object, 'domain', name, {
          type: typeText(this.catalog, object.type),
          nullability: object.notNull ? 'NOT NULL' : undefined,
          default: this.expression(object.default),
          collation: object.collation,
        });
        for (const check of object.constraints)
          this.put(
            check,
            'constraint',
            `${quoted(check.name)} on ${name}`,
            { definition: this.both(say => `CHECK (${say(check.expression)})${check.validated ? '' : ' NOT VALID'}`) },
            { parent: name },
          );
        break;
      }
      case 'composite':
        this.put(object, 'type', fullName(object), {
          attributes: object.attributes
            .map(({ name, type }) => `${quoted(name)} ${type ? typeText(this.catalog, type) : ''}`)
            .sort()
            .join(', '),
        });
        break;
      case 'range':
        this.put(object, 'type', fullName(object), { definition: optionsText(object.options) });
        break;
      case 'routine':
        this.routine(object);
        break;
      case 'schema':
        this.put(
          object,
          'schema',
          object.name,
          {},
          { soft: { owner: object.owner, privileges: grantsText(object.grants) } },
        );
        break;
      case 'extension':
        this.put(object, 'extension', quoted(object.name), { schema: object.schema, version: object.version });
        break;
      case 'statistics':
        this.put(object, 'statistics', fullName(object), {
          definition: this.both(
            say =>
              `${object.kinds.join(', ')} ON ${object.elements
                .map(element => elementText(this.catalog, element, say))
                .sort()
                .join(', ')} FROM ${nameOf(this.catalog, object.table)}`,
          ),
        });
        break;
      case 'other':
        this.put(object, object.what, object.identity, {
          definition: object.definition
            ? this.expression(object.definition)
            : this.catalog.dialect === undefined
              ? object.text
              : [firstLine(object.text), essenceOfProgram(object.text)],
        });
    }
  }

  private table(table: Table): void {
    const name = fullName(table);
    const { catalog } = this;
    const identity = table.replicaIdentity;
    this.put(
      table,
      table.foreignServer === undefined ? 'table' : 'foreign table',
      name,
      {
        persistence: table.persistence === 'permanent' ? undefined : table.persistence,
        options: optionsText(table.options) || undefined,
        'row security':
          [table.rowSecurity ? 'enabled' : '', table.forceRowSecurity ? 'forced' : ''].filter(Boolean).join(', ') ||
          undefined,
        partitioning: table.partitionBy
          ? this.both(
              say =>
                `${table.partitionBy?.strategy.toUpperCase()} (${table.partitionBy?.elements.map(element => elementText(catalog, element, say)).join(', ')})`,
            )
          : undefined,
        'place among partitions': table.partitionOf
          ? `partition of ${nameOf(catalog, table.partitionOf.parent)} ${table.partitionOf.bound}`
          : undefined,
        parents: table.inherits.map(id => nameOf(catalog, id)).join(', ') || undefined,
        'replica identity':
          identity === 'default'
            ? undefined
            : typeof identity === 'number'
              ? `index ${nameOf(catalog, identity)}`
              : identity,
        'access method': table.accessMethod,
        server: table.foreignServer,
      },
      { soft: { owner: table.owner, privileges: grantsText(table.grants) } },
    );
    for (const column of table.columns) this.column(column, name);
    const said = new Map<string, number>();
    for (const constraint of table.constraints)
      if (!constraint.inherited)
        this.put(
          constraint,
          'constraint',
          `${quoted(this.constraintName(table, constraint, said))} on ${name}`,
          { definition: this.both(say => constraintText(catalog, table, constraint, say)) },
          { parent: name },
        );
    for (const policy of table.policies)
      this.put(
        policy,
        'policy',
        `${quoted(policy.name)} on ${name}`,
        { definition: this.both(say => policyText(policy, say).trim() || 'ALL') },
        { parent: name },
      );
    this.parts(table, name);
  }

  /** SQLite keeps no name that is not written. */
  private constraintName(table: Table, constraint: Constraint, said: Map<string, number>): string {
    if (this.catalog.dialect !== 'sqlite' || constraint.words?.isNamed !== false) return constraint.name;
    const name = saidBy(this.catalog, table, constraint);
    const number = (said.get(name) ?? 0) + 1;
    said.set(name, number);
    return number === 1 ? name : `${name} ${number}`;
  }

  private column(column: Column, parent: string): void {
    this.put(
      column,
      'column',
      `${parent}.${quoted(column.name)}`,
      {
        type: column.type ? typeText(this.catalog, column.type) : undefined,
        nullability: column.assumed ? undefined : column.notNull ? 'NOT NULL' : 'NULL',
        default: this.expression(column.default),
        'auto-increment': column.autoIncrement ? 'on' : undefined,
        'value on update': column.onUpdate,
        generation: column.generated
          ? this.both(say =>
              column.generated
                ? `(${say(column.generated.value)}) ${column.generated.stored ? 'STORED' : 'VIRTUAL'}`
                : '',
            )
          : undefined,
        identity: identityText(this.catalog, column),
        collation: column.collation,
      },
      {
        parent,
        soft: {
          storage: column.storage,
          compression: column.compression,
          statistics: column.statistics,
          options: column.options,
        },
      },
    );
  }

  private view(view: View): void {
    const name = fullName(view);
    const { query } = view;
    const materialized = view.kind === 'materializedView';
    this.put(
      view,
      materialized ? 'materialized view' : 'view',
      name,
      {
        definition: query
          ? [query.text, `${view.columns.map(column => column.name).join(', ')} ${this.keyed(query)}`]
          : undefined,
        options: optionsText(view.options) || undefined,
        'check option': view.checkOption,
      },
      { soft: { owner: view.owner, privileges: grantsText(view.grants) } },
    );
    for (const column of view.columns)
      if (column.default || column.comment !== undefined)
        this.put(
          column,
          'column',
          `${name}.${quoted(column.name)}`,
          { default: this.expression(column.default) },
          { parent: name },
        );
    this.parts(view, name);
  }

  private parts(relation: Table | View, parent: string): void {
    const { catalog } = this;
    for (const index of relation.indexes)
      if (index.constraint === undefined && index.parent === undefined)
        this.put(
          index,
          'index',
          fullName({ schema: relation.schema, name: index.name }),
          {
            definition: this.both(say => `${index.unique ? 'UNIQUE ' : ''}${indexText(catalog, index, say)}`),
            validity: index.invalid ? 'invalid' : undefined,
          },
          { parent },
        );
    for (const trigger of relation.triggers.filter(one => !one.inherited))
      this.put(
        trigger,
        'trigger',
        `${quoted(trigger.name)} on ${parent}`,
        {
          definition: this.both(say => triggerText(catalog, trigger, parent, say)),
          firing: trigger.state === 'enabled' ? undefined : trigger.state,
        },
        { parent },
      );
    for (const rule of relation.rules)
      this.put(
        rule,
        'rule',
        `${quoted(rule.name)} on ${parent}`,
        { definition: this.expression(rule.definition), firing: rule.state === 'enabled' ? undefined : rule.state },
        { parent },
      );
  }

  private routine(routine: Routine): void {
    const { catalog } = this;
    const result = resultText(catalog, routine);
    this.put(
      routine,
      routine.procedure ? 'procedure' : 'function',
      `${fullName(routine)}(${argumentsText(catalog, routine)})`,
      {
        parameters: this.both(say => parametersText(catalog, routine, say)),
        returns: result,
        language: routine.language,
        body: routine.body === undefined ? this.expression(routine.sqlBody) : [firstLine(routine.body), routine.body],
        options: optionsText(routine.options) || undefined,
      },
      { soft: { owner: routine.owner, privileges: grantsText(routine.grants) } },
    );
  }
}

/** A trigger's or routine's text without what says nothing of it. */
const essenceOfProgram = (text: string): string =>
  text
    .replace(/^\s*(?:CREATE|ALTER)\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:DEFINER\s*=\s*\S+\s+)?/i, '')
    .replace(/\bIF\s+NOT\s+EXISTS\b/i, '')
    .replace(/[`"[\]]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),;=]) ?/g, '$1')
    .replace(/[\s;]+$/, '')
    .trim()
    .toLowerCase();

/** What tells two bodies apart is seldom in so few words; it stands for the whole. */
function firstLine(body: string): string {
  const trimmed = body.trim();
  const [line = ''] = trimmed.split('\n');
  return line.length < trimmed.length ? `${line.trim()} …` : line;
}

function grantsText(grants: Grants): string | undefined {
  return grants.length === 0
    ? undefined
    : grants.map(([grantee, privileges]) => `${privileges.join(', ')} to ${grantee}`).join('; ');
}
