/**
 * By which word of its own a builder's call takes a second run: IF NOT EXISTS, IF EXISTS.
 *
 * Sources: salsita.github.io/node-pg-migrate (`ifNotExists`, `ifExists` among the options), alembic.sqlalchemy.org/en/latest/ops.html
 * (with the version of each), typeorm.io/docs/migrations/api (`ifNotExist`, `ifExist`), laravel.com/docs/migrations
 * (`dropIfExists`), knexjs.org/guide/schema-builder (`dropTableIfExists`; its `createTableIfNotExists` is deprecated),
 * db-migrate.readthedocs.io/en/latest/API/SQL. Sequelize has none, and writes them by itself where it does.
 */
import type { Edit } from '../../engine/finding';
import type { MigrationTool } from '../../engine/migrationTools';
import type { Place } from '../../engine/place';
import type { Call, Unit } from '../../program/model';

export interface Repeatable {
  readonly edits: readonly Edit<Place>[];
  /** From which version of the tool on. */
  readonly since?: string;
}

interface Called {
  readonly unit: Unit;
  readonly call: Call;
  readonly name: string;
}

export function repeatableBy(tool: MigrationTool, unit: Unit, call: Call): Repeatable | undefined {
  const { callee } = call;
  if (callee.kind !== 'member') return undefined;
  const called = { unit, call, name: callee.name };
  for (const { names, by, since } of WORDS[tool] ?? []) {
    const edits = names.test(called.name) ? by(called) : undefined;
    if (edits) return { edits, ...(since === undefined ? {} : { since }) };
  }
  return undefined;
}

interface Word {
  readonly names: RegExp;
  by(called: Called): readonly Edit<Place>[] | undefined;
  readonly since?: string;
}

const inserted = ({ unit: { id } }: Called, offset: number, newText: string): readonly Edit<Place>[] => [
  { at: { unit: id, start: offset, end: offset }, newText },
];

/** Behind the last argument. */
const appended = (called: Called, text: string): readonly Edit<Place>[] => {
  const last = called.call.arguments.at(-1);
  return inserted(called, last?.value.end ?? called.call.argumentsSpan.start + 1, last ? `, ${text}` : text);
};

/** Among the options, which are the argument of this index where they are given. */
const option =
  (index: number, text: string): Word['by'] =>
  called => {
    const { arguments: given } = called.call;
    if (given.length === index) return appended(called, `{ ${text} }`);
    const options = given[index]?.value;
    if (options?.kind !== 'record') return undefined;
    const last = options.entries.at(-1);
    return last ? inserted(called, last.end, `, ${text}`) : inserted(called, options.start + 1, ` ${text} `);
  };

/** Only where no other argument stands in its place. */
const behind =
  (count: number, text: string): Word['by'] =>
  called =>
    called.call.arguments.length === count ? appended(called, text) : undefined;

/** As a keyword; what is done in a batch is no call of `op`. */
const keyword =
  (text: string): Word['by'] =>
  called => {
    const { callee } = called.call;
    const isOp = callee.kind === 'member' && called.unit.text.slice(callee.object.start, callee.object.end) === 'op';
    return isOp ? appended(called, text) : undefined;
  };

const renamed =
  (name: string): Word['by'] =>
  ({ unit: { id }, call: { callee } }) =>
    callee.kind === 'member'
      ? [{ at: { unit: id, start: callee.nameSpan.start, end: callee.nameSpan.end }, newText: name }]
      : undefined;

const WORDS: Readonly<Partial<Record<MigrationTool, readonly Word[]>>> = {
  'node-pg-migrate': [
    { names: /^(?:createTable|addColumns?|createIndex|addIndex)$/, by: option(2, 'ifNotExists: true') },
    { names: /^(?:create|add)(?:Schema|Extension|Sequence)$/, by: option(1, 'ifNotExists: true') },
    { names: /^drop(?:Columns?|Index|Constraint|Function|Trigger|Policy)$/, by: option(2, 'ifExists: true') },
    {
      names: /^drop(?:Table|View|MaterializedView|Type|Domain|Schema|Extension|Sequence)$/,
      by: option(1, 'ifExists: true'),
    },
  ],
  alembic: [
    { names: /^create_index$/, by: keyword('if_not_exists=True'), since: 'Alembic 1.12' },
    { names: /^drop_index$/, by: keyword('if_exists=True'), since: 'Alembic 1.12' },
    { names: /^create_table$/, by: keyword('if_not_exists=True'), since: 'Alembic 1.13.3' },
    { names: /^drop_table$/, by: keyword('if_exists=True'), since: 'Alembic 1.13.3' },
    { names: /^add_column$/, by: keyword('if_not_exists=True'), since: 'Alembic 1.16' },
    { names: /^drop_(?:column|constraint)$/, by: keyword('if_exists=True'), since: 'Alembic 1.16' },
  ],
  typeorm: [{ names: /^(?:create|drop)(?:Table|Schema)$/, by: behind(1, 'true') }],
  laravel: [{ names: /^drop$/, by: renamed('dropIfExists') }],
  knex: [{ names: /^dropTable$/, by: renamed('dropTableIfExists') }],
  'db-migrate': [
    {
      names: /^createTable$/,
      by: called => {
        const table = called.call.arguments[1]?.value;
        const isSpelledOut = table?.kind === 'record' && table.entries.some(({ key }) => key === 'columns');
        return isSpelledOut ? option(1, 'ifNotExists: true')(called) : undefined;
      },
    },
    { names: /^dropTable$/, by: option(1, 'ifExists: true') },
  ],
};
