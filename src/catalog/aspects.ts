/** A catalog as objects with aspects: what the definition of *reversible* compares, each aspect once as a key and once in words. */
import { meaningOf } from '../sql/meaning';
import { type Catalog, isTable, isView } from './catalog';
import {
  argumentsText,
  constraintText,
  elementText,
  essenceOfProgram,
  firstLine,
  grantsText,
  identityText,
  indexText,
  nameOf,
  optionsText,
  ownerColumnText,
  parametersText,
  policyText,
  quotedIdentity,
  resultText,
  type Say,
  sequenceOptionsText,
  triggerText,
  typeText,
} from './definitionText';
import { fullName, keyOf, quoted } from './naming';
import type { Bound, CatalogObject, Column, Constraint, ObjectId, Policy, Routine, Table, View } from './object';
import { saidBy } from './sqliteText';
import { storedDefault } from './storedDefault';

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
  /** Of a part: its own name. */
  readonly own?: string;
  /** What is not among its aspects is unknown, and equals anything. */
  readonly assumed: boolean;
  /** Aspects of an assumed one that are known: there where they are, and not where they are not. */
  readonly told: readonly string[];
  readonly aspects: ReadonlyMap<string, Aspect>;
}

/** What an object is found by in another catalog. */
export const objectKey = (object: Pick<AspectedObject, 'kind' | 'name'>): string => `${object.kind} ${object.name}`;

/**
 * @param objects  of the catalog: all of them, or the ones that are asked for
 * @param beside   another version of the catalog in which everything has the same name: what parts of a relation the two share
 *                 is left out, since it reads alike in both
 */
export function aspectsOf(
  catalog: Catalog,
  objects: Iterable<CatalogObject> = catalog.objects.values(),
  beside?: Catalog,
): ReadonlyMap<string, AspectedObject> {
  const found = new Map<string, AspectedObject>();
  const writer = new Writer(catalog, object => found.set(objectKey(object), object), beside);
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
    private readonly beside: Catalog | undefined,
  ) {
    this.keyed = bound => keyOf(catalog, bound);
  }

  /** The parts that the other version does not have as they are. */
  private own<Part>(relation: Table | View, partsOf: (one: Table | View) => readonly Part[]): readonly Part[] {
    const parts = partsOf(relation);
    const twin = this.beside?.objects.get(relation.id);
    if (!twin || !(isTable(twin) || isView(twin))) return parts;
    const theirs = partsOf(twin);
    return theirs === parts ? [] : parts.filter(part => !theirs.includes(part));
  }

  /** A text in words and as a key. */
  private both(text: (say: Say) => string): readonly [string, string] {
    return [text(this.written), text(this.keyed)];
  }

  private expression(bound: Bound | undefined): Value {
    return bound ? [bound.text, this.keyed(bound)] : undefined;
  }

  private put(
    part: {
      readonly id: ObjectId;
      readonly name?: string;
      readonly assumed?: true;
      readonly told?: readonly string[];
      readonly comment?: string;
    },
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
      told: part.told ?? [],
      aspects,
      ...(parent === undefined ? {} : { parent }),
      ...(parent === undefined || part.name === undefined ? {} : { own: part.name }),
    });
  }

  object(object: CatalogObject): void {
    // it goes with the session that made it
    if ('schema' in object && object.schema === 'pg_temp') return;
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
        this.put(object, object.what, object.types ? quotedIdentity(this.catalog, object) : object.identity, {
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
      { soft: { owner: table.owner, privileges: grantsText(table.grants), tablespace: table.tablespace } },
    );
    const own = new Set(this.own(table, columnsOf));
    // the sequence of an identity is an object of its own
    for (const column of table.columns) if (own.has(column) || column.identity) this.column(column, name);
    const said = new Map<string, number>();
    // on SQLite what is not named is told by its number among the others
    const constraints = catalog.dialect === 'sqlite' ? table.constraints : this.own(table, constraintsOf);
    for (const constraint of constraints)
      if (!constraint.inherited)
        this.put(
          constraint,
          'constraint',
          `${quoted(this.constraintName(table, constraint, said))} on ${name}`,
          { definition: this.both(say => constraintText(catalog, table, constraint, say)) },
          { parent: name },
        );
    for (const policy of this.own(table, policiesOf))
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
        nullability:
          column.assumed && !column.told?.includes('nullability') ? undefined : column.notNull ? 'NOT NULL' : 'NULL',
        default: this.expression(this.catalog.dialect ? column.default : storedDefault(column.default, column.type)),
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
        'access method': view.accessMethod,
      },
      { soft: { owner: view.owner, privileges: grantsText(view.grants), tablespace: view.tablespace } },
    );
    for (const column of this.own(view, columnsOf))
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
    for (const index of this.own(relation, one => one.indexes)) {
      const { tablespace: _, ...plain } = index;
      if (index.constraint === undefined && index.parent === undefined)
        this.put(
          index,
          'index',
          fullName({ schema: relation.schema, name: index.name }),
          {
            definition: this.both(say => `${index.unique ? 'UNIQUE ' : ''}${indexText(catalog, plain, say)}`),
            validity: index.invalid ? 'invalid' : undefined,
          },
          { parent, soft: { tablespace: index.tablespace } },
        );
    }
    for (const trigger of this.own(relation, one => one.triggers).filter(one => one.parent === undefined))
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
    for (const rule of this.own(relation, one => one.rules))
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
        body: routine.body === undefined ? this.expression(routine.sqlBody) : bodyOf(routine, routine.body),
        options: optionsText(routine.options) || undefined,
      },
      { soft: { owner: routine.owner, privileges: grantsText(routine.grants) } },
    );
  }
}

/** Its first line, which is shown, and what is compared: in languages where layout says nothing, the text without it. */
const bodyOf = ({ language }: Routine, body: string): readonly [string, string] => [
  firstLine(body),
  /^(?:sql|plpgsql)$/i.test(language ?? '') ? meaningOf(body) : body,
];

const columnsOf = (one: Table | View): readonly Column[] => one.columns;
const constraintsOf = (one: Table | View): readonly Constraint[] => (isTable(one) ? one.constraints : []);
const policiesOf = (one: Table | View): readonly Policy[] => (isTable(one) ? one.policies : []);
