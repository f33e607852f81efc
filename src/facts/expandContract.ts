/**
 * A rename in steps that every running version survives: the migration adds the new name and keeps both in step, others fill it
 * in and take the old one away, when nobody asks for it any more.
 *
 * In the last step it is the copy that goes, and the column itself that gets the name: its indexes, constraints, default, and
 * whatever else depends on it are then what the rename would have made of them.
 */
import { columnNamed, relationNamed, tableNamed } from '../catalog/catalog';
import { typeText } from '../catalog/definitionText';
import { grantsBack } from '../catalog/grantsBack';
import { madeUpName } from '../catalog/names';
import { quoted } from '../catalog/naming';
import type { Column, Index, Table } from '../catalog/object';
import type { OperationOf } from '../catalog/operation';
import type { Edit } from '../engine/finding';
import { type ProposedFix, previewed } from '../engine/finding';
import type { Place } from '../engine/place';
import type { NewMigration } from '../migrations/added/newMigration';
import { COMMITS_SINCE, inBatches } from './batches';
import { runsAlone } from './lockFixes';
import { tableText } from './newMigrations';
import { changesIn, rewriteSent } from './schemaChanges';
import type { SchemaChange, SchemaScript } from './schemaScripts';
import { isWhole, laterSpeaksOf, upWith } from './stepParts';

type Rename = SchemaChange<OperationOf<'rename'>>;

/** The rename that stands at a place. */
export function renameAt(scripts: readonly SchemaScript[], { unit, start }: Place): Rename | undefined {
  for (const script of scripts)
    for (const change of changesIn(script, 'rename'))
      if (change.at.unit === unit && change.at.start === start) return change;
  return undefined;
}

/** The fix of a rename; none where the rest of the migration stands on it, it has run somewhere, or its tool's way is not certain. */
export function renameInSteps(change: Rename): readonly ProposedFix[] {
  const { script, statement, operation } = change;
  const { object } = operation;
  const { tail } = script;
  if (!script.isNewest || !tail || script.isPartial) return [];
  // a name that is read without its prefix is written with it by nobody
  if (script.dialect !== 'postgresql' || script.server < COMMITS_SINCE || !statement.takes('')) return [];
  const steps =
    object.kind === 'column' ? columnSteps(change) : object.kind === 'table' ? tableSteps(change) : undefined;
  // Liquibase parts a changeset at each semicolon, inside a body too, unless its head says otherwise
  if (!steps || (script.tool === 'liquibase' && steps.up.some(each => each.includes('$$')))) return [];
  const first = statement.builder?.()?.atDatabase?.(steps) ?? expandedBy(change, steps);
  const added = tail.add(steps.behind);
  return first && added && fits(change, steps) ? [previewed(steps.title, [...first, ...added])] : [];
}

/** The first step in the place of the rename, and its way back. */
function expandedBy(change: Rename, steps: Steps): readonly Edit<Place>[] | undefined {
  const { statement, script, operation } = change;
  const comments = statement.builder ? [] : steps.comments.map(comment => `-- ${comment}\n`);
  const [expanded] = rewriteSent(change, steps.title, [
    {
      span: operation.statement,
      newText: `${comments.join('')}${asOne(atOnce(change, steps.up), script.tool).replace(/;$/, '')}`,
    },
  ]);
  const down = isWhole(change) ? steps.down : downOf(change, steps);
  const back = down && script.downAs?.(down);
  const head = statement.builder ? headOf(change, steps.comments) : [];
  return expanded && back && withoutTwins([...expanded.edits, ...head, ...back]);
}

/** What both ways need is put in once: an import. */
export const withoutTwins = (edits: readonly Edit<Place>[]): readonly Edit<Place>[] =>
  edits.filter(
    ({ at, newText }, index) =>
      at.start !== at.end ||
      edits.findIndex(
        other =>
          other.newText === newText &&
          other.at.unit === at.unit &&
          other.at.start === at.start &&
          other.at.end === at.end,
      ) === index,
  );

/** Whether the rest of the migration stands as well on the first step, and all of them come to what the rename does. */
function fits(change: Rename, { up, behind }: Steps): boolean {
  const { object, to } = change.operation;
  if (isWhole(change)) return true;
  if (object.kind === 'column' && laterSpeaksOf(change, to.name)) return false;
  const last = behind.flatMap(each => (each.isOfRows ? [] : each.up));
  return change.script.others?.comeToTheSame([...upWith(change, up), ...last]) === true;
}

/** The way back of the first step, with what takes the rest of the migration back. */
function downOf(change: Rename, { up, down }: Steps): readonly string[] | undefined {
  const { object, to } = change.operation;
  return change.script.others?.wayBackOf(upWith(change, up), [], {
    isOf: each => each.kind === 'rename' && each.to.name === object.name.name && each.object.name.name === to.name,
    by: down,
  });
}

interface Steps {
  readonly title: string;
  readonly comments: readonly string[];
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly behind: readonly NewMigration[];
}

/** What runs statements one by one breaks off between them, unless they say otherwise. */
const atOnce = (change: Rename, up: readonly string[]): readonly string[] =>
  runsAlone(change) && !change.statement.builder ? ['BEGIN;', ...up, 'COMMIT;'] : up;

/**
 * Statements in the place of one. Goose cuts at a semicolon at the end of a line, but between its marks; Drizzle sends what stands
 * between its marks by itself.
 */
const asOne = (statements: readonly string[], tool: string | undefined): string =>
  statements
    .map(each =>
      tool === 'goose' && /;\n/.test(each) ? `-- +goose StatementBegin\n${each}\n-- +goose StatementEnd` : each,
    )
    .join(tool === 'drizzle' ? '\n--> statement-breakpoint\n' : '\n');

/** What is to be known, at the top of a file of a program. */
export function headOf({ statement }: SchemaChange, comments: readonly string[]): readonly Edit<Place>[] {
  const file = statement.at.unit.replace(/#.*$/, '');
  const mark = /\.py$/.test(file) ? '#' : /\.[cm]?[jt]s$/.test(file) ? '//' : undefined;
  if (mark === undefined) return [];
  return [{ at: { unit: file, start: 0, end: 0 }, newText: comments.map(each => `${mark} ${each}\n`).join('') }];
}

// ——— a column ———

/** Types whose values the server does not tell apart, or not by all that they are. */
const WITHOUT_EQUALITY = /^(?:json|xml|point|line|lseg|box|path|polygon|circle|txid_snapshot|pg_snapshot)$/;

function columnSteps(change: Rename): Steps | undefined {
  const { operation, before } = change;
  const { object, to } = operation;
  const table = object.on && tableNamed(before, object.on);
  const column = table && columnNamed(table, object.name.name);
  if (!table || !column?.type || !canBeCopied(table, column) || columnNamed(table, to.name)) return undefined;
  const on = tableText(table);
  const [old, copy] = [column.name, to.name];
  const type = typeText(before, column.type);
  const fill = inBatches(
    table,
    on,
    `${quoted(copy)} = ${quoted(old)}`,
    `${quoted(copy)} IS DISTINCT FROM ${quoted(old)}`,
  );
  if (fill === undefined) return undefined;
  const kept = keptInStep(table, old, copy);
  const copies = table.indexes.filter(index => isOver(index, column));
  const plain = copies.filter(isPlain);
  const others = copies.filter(index => !isPlain(index)).map(({ name }) => `\`${name}\``);
  const indexes = plain.map(index => indexOfCopy(table, index, column, copy));
  const add = `ALTER TABLE ${on} ADD COLUMN ${quoted(copy)} ${type};`;
  const drop = `ALTER TABLE ${on} DROP COLUMN ${quoted(copy)};`;
  const count = 3 + indexes.length;
  const name = `${table.name}.${old}`;
  const noIndex =
    others.length > 0 ? [`Until the last step ${others.join(', ')} has no counterpart for \`${copy}\`.`] : [];
  return {
    title: `Rename it in ${count} steps, each of which running versions survive`,
    comments: [
      `Step 1 of ${count} of renaming ${name} to ${copy}. May be deployed at once: code that knows either name goes on.`,
      'Both columns hold the same from here on; old rows are filled in by the next step.',
    ],
    up: [add, ...kept.made],
    down: [...kept.dropped, drop],
    behind: [
      {
        does: `fill ${table.name} ${copy}`,
        comments: [
          `Step 2 of ${count} of renaming ${name} to ${copy}: fills in old rows, 10,000 at a time, outside of a transaction.`,
          `Deploy code that reads ${copy} after ${indexes.length > 0 ? `step ${2 + indexes.length}` : 'it'} has run.`,
        ],
        up: [fill],
        down: [],
        alone: true,
        isOfRows: true,
      },
      ...indexes.map(
        ({ name: called, text }, at): NewMigration => ({
          does: `add ${called}`,
          comments: [
            `Step ${3 + at} of ${count} of renaming ${name} to ${copy}: an index for code that reads ${copy}, until the last step.`,
          ],
          up: [`CREATE ${text.replace('INDEX', 'INDEX CONCURRENTLY')};`],
          down: [`DROP INDEX CONCURRENTLY ${tableText({ schema: table.schema, name: called })};`],
          alone: true,
        }),
      ),
      {
        does: `drop ${table.name} ${old}`,
        comments: [
          `Step ${count} of ${count} of renaming ${name} to ${copy}. Keep it back until every running version reads and writes ${copy} alone.`,
          'The copy goes and the column itself gets the name, with its indexes and constraints, in one moment.',
          ...noIndex,
        ],
        up: [...kept.dropped, drop, `ALTER TABLE ${on} RENAME COLUMN ${quoted(old)} TO ${quoted(copy)};`],
        down: [
          `ALTER TABLE ${on} RENAME COLUMN ${quoted(copy)} TO ${quoted(old)};`,
          add,
          `UPDATE ${on} SET ${quoted(copy)} = ${quoted(old)};`,
          ...kept.made,
          ...indexes.map(({ text }) => `CREATE ${text};`),
        ],
        atOnce: true,
      },
    ],
  };
}

/** Whether what is written to the one can be written to the other, and nobody else has a hand in it. */
const canBeCopied = (table: Table, column: Column): boolean =>
  table.complete &&
  !table.assumed &&
  !column.assumed &&
  !column.generated &&
  !column.identity &&
  column.collation === undefined &&
  !table.partitionBy &&
  !table.partitionOf &&
  table.inherits.length === 0 &&
  table.foreignServer === undefined &&
  !WITHOUT_EQUALITY.test(column.type?.name ?? '');

/** The trigger that keeps both the same; it comes last in the order of names, so that it sees what others make of a row. */
function keptInStep(table: Table, old: string, copy: string) {
  const [from, to] = [quoted(old), quoted(copy)];
  const called = madeUpName(table.name, copy, 'in_step');
  const routine = tableText({ schema: table.schema, name: called });
  const trigger = quoted(madeUpName('zz', copy, 'in_step'));
  return {
    made: [
      [
        `CREATE FUNCTION ${routine}() RETURNS trigger LANGUAGE plpgsql AS $$`,
        'BEGIN',
        "  IF TG_OP = 'INSERT' AND NEW." +
          `${to} IS NULL OR TG_OP = 'UPDATE' AND NEW.${to} IS NOT DISTINCT FROM OLD.${to} THEN`,
        `    NEW.${to} := NEW.${from};`,
        '  ELSE',
        `    NEW.${from} := NEW.${to};`,
        '  END IF;',
        '  RETURN NEW;',
        'END $$;',
      ].join('\n'),
      `CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${tableText(table)} FOR EACH ROW EXECUTE FUNCTION ${routine}();`,
    ],
    dropped: [`DROP TRIGGER ${trigger} ON ${tableText(table)};`, `DROP FUNCTION ${routine}();`],
  };
}

const isOver = ({ elements, where, include }: Index, { id }: Column): boolean =>
  elements.some(element => element.column === id || element.expression?.refs.includes(id)) ||
  include.includes(id) ||
  where?.refs.includes(id) === true;

const isPlain = ({ method, elements, include, where, nullsNotDistinct, options, tablespace }: Index): boolean =>
  method === 'btree' &&
  elements.every(
    ({ column, collation, opclass, opclassOptions }) =>
      column !== undefined && collation === undefined && opclass === undefined && opclassOptions.length === 0,
  ) &&
  include.length === 0 &&
  !where &&
  !nullsNotDistinct &&
  options.length === 0 &&
  tablespace === undefined;

function indexOfCopy(table: Table, { unique, elements }: Index, { id }: Column, copy: string) {
  const names = elements.map(({ column }) =>
    column === id ? copy : (table.columns.find(each => each.id === column)?.name ?? ''),
  );
  const written = elements.map(
    ({ descending, nulls }, at) =>
      `${quoted(names[at] ?? '')}${descending ? ' DESC' : ''}${nulls === undefined ? '' : ` NULLS ${nulls.toUpperCase()}`}`,
  );
  const name = madeUpName(table.name, names.join('_'), 'meanwhile');
  return {
    name,
    text: `${unique ? 'UNIQUE ' : ''}INDEX ${quoted(name)} ON ${tableText(table)} (${written.join(', ')})`,
  };
}

// ——— a table ———

function tableSteps(change: Rename): Steps | undefined {
  const { operation, before, script } = change;
  const { object, to } = operation;
  const table = tableNamed(before, object.name);
  if (!table || table.assumed || table.partitionOf || relationNamed(before, { ...object.name, name: to.name }))
    return undefined;
  // a view looks at rows with the eyes of its owner
  const security = table.rowSecurity
    ? script.server >= INVOKER_SINCE
      ? ' WITH (security_invoker = true)'
      : undefined
    : '';
  if (security === undefined) return undefined;
  const old = tableText(table);
  const now = tableText({ schema: table.schema, name: to.name });
  // what the migration adds besides is no part of what code knows by the old name
  const columns = isWhole(change) ? '*' : table.columns.map(({ name }) => quoted(name)).join(', ');
  const view = [
    `CREATE VIEW ${old}${security} AS SELECT ${columns} FROM ${now};`,
    ...grantsBack([], table.grants, old),
  ];
  return {
    title: 'Rename it in 2 steps, with a view of the old name between them',
    comments: [
      `Step 1 of 2 of renaming ${table.name} to ${to.name}. May be deployed at once: a view of one table takes writes as well,`,
      'so that code that knows the old name goes on. TRUNCATE, COPY and ON CONFLICT ON CONSTRAINT take no view.',
    ],
    up: [`ALTER TABLE ${old} RENAME TO ${quoted(to.name)};`, ...view],
    down: [`DROP VIEW ${old};`, `ALTER TABLE ${now} RENAME TO ${quoted(table.name)};`],
    behind: [
      {
        does: `drop view ${table.name}`,
        comments: [
          `Step 2 of 2 of renaming ${table.name} to ${to.name}. Keep it back until no running version names ${table.name} any more.`,
        ],
        up: [`DROP VIEW ${old};`],
        down: view,
        atOnce: true,
      },
    ],
  };
}

/** Views look through the eyes of who asks from here on, where they are told to. */
const INVOKER_SINCE = 15;
