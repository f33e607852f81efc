/** Where rows of a log that is only added to are changed or deleted: in code, in migrations, in functions of the database. */
import { isTable, tableNamed } from '../catalog/catalog';
import type { Table } from '../catalog/object';
import type { Place } from '../engine/place';
import type { Facts, QueryExecution } from './facts';
import { appendOnlyBecause, isByAge, isHandling } from './ledgers';
import { tablesFor } from './modelNames';
import { changesIn } from './schemaChanges';
import type { SchemaScript } from './schemaScripts';
import { recoveredFrom } from './sqlTexts';
import { changesInText, type TextChange, withoutLiterals } from './triggerFunctions';

export interface LogChange {
  readonly at: Place;
  /** What sends it; absent where the statement stands for itself. */
  readonly label?: string;
  readonly does: 'update' | 'delete';
  readonly table: string;
  readonly because: string;
}

type Subject = Pick<Facts, 'queryExecutions' | 'sqlQueries' | 'schemaScripts' | 'schemaFiles' | 'schema'>;

export function* logChangesIn(facts: Subject): IterableIterator<LogChange> {
  yield* inCode(facts);
  yield* inScripts(facts);
}

function* inCode({ queryExecutions, sqlQueries, schema }: Subject): IterableIterator<LogChange> {
  if (!schema) return;
  const because = (name: string): string | undefined => {
    // a project may have the table for each of its servers
    const reasons = schema
      .found(name)
      .map(({ relation, catalog }) => (isTable(relation) ? appendOnlyBecause(relation, catalog) : undefined));
    return reasons.every(reason => reason !== undefined) ? reasons[0] : undefined;
  };
  for (const { text, at } of sqlQueries)
    for (const change of changesInText(withoutLiterals(text))) {
      const reason = isMeant(change) ? undefined : because(change.table);
      if (reason !== undefined) yield { at, does: change.does, table: change.table, because: reason };
    }
  for (const query of queryExecutions) {
    if (query.callPath.length > 0) continue;
    for (const change of query.sql ? changesInText(withoutLiterals(recoveredFrom(query.sql.pieces))) : built(query)) {
      if (isMeant(change)) continue;
      const spelt = query.sql ? [change.table] : [change.table, ...tablesFor(change.table)];
      const named = spelt.find(name => schema.found(name).length > 0);
      const reason = named === undefined ? undefined : because(named);
      if (named !== undefined && reason !== undefined)
        yield { at: query.at, label: query.label, does: change.does, table: named, because: reason };
    }
  }
}

/** What a builder's call changes. */
function built({ relation, rows, names = [], filters = [] }: QueryExecution): readonly TextChange[] {
  if (relation === undefined || !rows?.changes) return [];
  const compared = new Set(filters.flatMap(({ column }) => column));
  return [
    {
      does: rows.changes,
      table: relation,
      columns: names.map(({ name }) => name).filter(name => name !== relation && !compared.has(name)),
      condition: names.some(({ name }) => /(?:_at|_on|At|date|time|timestamp)$/i.test(name)) ? 'created_at <' : '',
      start: 0,
    },
  ];
}

function* inScripts(facts: Subject): IterableIterator<LogChange> {
  const scripts = [...facts.schemaScripts, ...facts.schemaFiles];
  for (const each of scripts) yield* inScript(each);
}

function* inScript(own: SchemaScript): IterableIterator<LogChange> {
  for (const { operation, before, statement, script, at } of changesIn(own, 'update', 'delete', 'createFunction')) {
    if (operation.kind === 'createFunction') {
      const catalog = script.head?.catalog ?? script.after;
      const body = operation.body ?? '';
      for (const change of changesInText(withoutLiterals(body))) {
        const table = tableNamed(catalog, { name: change.table });
        const because = table && !isMeant(change) ? appendOnlyBecause(table, catalog) : undefined;
        if (table && because !== undefined)
          yield { at, label: operation.name.name, does: change.does, table: table.name, because };
      }
      continue;
    }
    const table = tableNamed(before, operation.table);
    const [change] = changesInText(withoutLiterals(statement.textOf(operation.span)));
    if (!table || !change || isMeant(change) || fillsNew(operation.columns, table, script.before)) continue;
    const because = appendOnlyBecause(table, script.head?.catalog ?? before);
    if (because !== undefined) yield { at, does: change.does, table: table.name, because };
  }
}

/** A migration fills columns that it has added itself. */
function fillsNew(
  columns: readonly { readonly name: string }[],
  { id }: Table,
  before: Parameters<typeof tableNamed>[0],
): boolean {
  const was = before.objects.get(id);
  const known = isTable(was) ? was.columns.map(({ name }) => name) : [];
  return columns.length > 0 && columns.every(({ name }) => !known.includes(name));
}

/** How far a row is handled is no part of what it says; and old rows may go. */
const isMeant = ({ does, columns, condition }: TextChange): boolean =>
  does === 'delete' ? isByAge(condition) : columns.length > 0 && columns.every(isHandling);
