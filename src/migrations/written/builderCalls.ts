/**
 * Plain changes as calls of the tools' builders, as people write them.
 *
 * Sources: knexjs.org/guide/schema-builder, sequelize.org/api/v6 (QueryInterface), salsita.github.io/node-pg-migrate,
 * db-migrate.readthedocs.io/en/latest/API/SQL, alembic.sqlalchemy.org/en/latest/ops.html, laravel.com/docs/migrations. TypeORM's calls do more than their names say (`renameTable` renames what
 * hangs on the table): what it generates itself is SQL, and so is what is written for it.
 */
import type { MigrationTool } from '../../engine/migrationTools';
import type { PlainChange, PlainColumn } from './plainChange';

/** One statement as a call on what the tool hands over; undefined where it has no plain one. */
export type BuilderCall = (change: PlainChange, builder: string) => string | undefined;

const js = (value: string | number | boolean): string => (typeof value === 'string' ? `'${value}'` : String(value));

/** Laravel's are the same. */
const KNEX_TYPES: Readonly<Record<PlainColumn['type'], string>> = {
  text: 'text',
  varchar: 'string',
  integer: 'integer',
  bigint: 'bigInteger',
  boolean: 'boolean',
  uuid: 'uuid',
  jsonb: 'jsonb',
  date: 'date',
};

function knexColumn(name: string, { type, length, notNull, default: value }: PlainColumn): string {
  const size = length === undefined ? '' : `, ${length}`;
  const nullable = notNull ? '.notNullable()' : '';
  return `table.${KNEX_TYPES[type]}('${name}'${size})${nullable}${value === undefined ? '' : `.defaultTo(${js(value)})`}`;
}

const knex: BuilderCall = (change, builder) => {
  const altered = (table: string, call: string): string =>
    `${builder}.schema.alterTable('${table}', table => {\n  ${call};\n})`;
  switch (change.does) {
    case 'drop':
      if (change.kind === 'type') return undefined;
      return `${builder}.schema.drop${{ table: 'Table', view: 'View', 'materialized view': 'MaterializedView' }[change.kind]}('${change.name}')`;
    case 'drop column':
      return altered(change.table, `table.dropColumn('${change.name}')`);
    case 'rename table':
      return `${builder}.schema.renameTable('${change.name}', '${change.to}')`;
    case 'rename column':
      return altered(change.table, `table.renameColumn('${change.name}', '${change.to}')`);
    case 'add column':
      return altered(change.table, knexColumn(change.name, change.column));
    case 'drop constraint':
      return undefined;
  }
};

const sequelize: BuilderCall = (change, builder) => {
  switch (change.does) {
    case 'drop':
      return change.kind === 'table' ? `${builder}.dropTable('${change.name}')` : undefined;
    case 'drop column':
      return `${builder}.removeColumn('${change.table}', '${change.name}')`;
    case 'drop constraint':
      return `${builder}.removeConstraint('${change.table}', '${change.name}')`;
    case 'rename table':
      return `${builder}.renameTable('${change.name}', '${change.to}')`;
    case 'rename column':
      return `${builder}.renameColumn('${change.table}', '${change.name}', '${change.to}')`;
    case 'add column':
      return undefined;
  }
};

const nodePgMigrate: BuilderCall = (change, builder) => {
  switch (change.does) {
    case 'drop':
      return `${builder}.drop${{ table: 'Table', view: 'View', 'materialized view': 'MaterializedView', type: 'Type' }[change.kind]}('${change.name}')`;
    case 'drop column':
      return `${builder}.dropColumn('${change.table}', '${change.name}')`;
    case 'drop constraint':
      return `${builder}.dropConstraint('${change.table}', '${change.name}')`;
    case 'rename table':
      return `${builder}.renameTable('${change.name}', '${change.to}')`;
    case 'rename column':
      return `${builder}.renameColumn('${change.table}', '${change.name}', '${change.to}')`;
    case 'add column': {
      const { type, length, notNull, default: value } = change.column;
      const said = [
        `type: '${type}${length === undefined ? '' : `(${length})`}'`,
        ...(notNull ? ['notNull: true'] : []),
        ...(value === undefined ? [] : [`default: ${js(value)}`]),
      ];
      return `${builder}.addColumn('${change.table}', { '${change.name}': { ${said.join(', ')} } })`;
    }
  }
};

const dbMigrate: BuilderCall = (change, builder) => {
  switch (change.does) {
    case 'drop':
      return change.kind === 'table' ? `${builder}.dropTable('${change.name}')` : undefined;
    case 'drop column':
      return `${builder}.removeColumn('${change.table}', '${change.name}')`;
    case 'drop constraint':
      return undefined;
    case 'rename table':
      return `${builder}.renameTable('${change.name}', '${change.to}')`;
    case 'rename column':
      return `${builder}.renameColumn('${change.table}', '${change.name}', '${change.to}')`;
    case 'add column': {
      const { type, length, notNull, default: value } = change.column;
      const said = [
        `type: '${{ varchar: 'string', integer: 'int' }[type as string] ?? type}'`,
        ...(length === undefined ? [] : [`length: ${length}`]),
        ...(notNull ? ['notNull: true'] : []),
        ...(value === undefined ? [] : [`defaultValue: ${js(value)}`]),
      ];
      return `${builder}.addColumn('${change.table}', '${change.name}', { ${said.join(', ')} })`;
    }
  }
};

const SQLALCHEMY_TYPES: Readonly<Partial<Record<PlainColumn['type'], string>>> = {
  text: 'Text',
  varchar: 'String',
  integer: 'Integer',
  bigint: 'BigInteger',
  boolean: 'Boolean',
  date: 'Date',
};

/** @param builder `op` */
const alembic: BuilderCall = (change, builder) => {
  switch (change.does) {
    case 'drop':
      return change.kind === 'table' ? `${builder}.drop_table('${change.name}')` : undefined;
    case 'drop column':
      return `${builder}.drop_column('${change.table}', '${change.name}')`;
    case 'drop constraint':
      return `${builder}.drop_constraint('${change.name}', '${change.table}')`;
    case 'rename table':
      return `${builder}.rename_table('${change.name}', '${change.to}')`;
    case 'rename column':
      return `${builder}.alter_column('${change.table}', '${change.name}', new_column_name='${change.to}')`;
    case 'add column': {
      const { type, length, notNull, default: value } = change.column;
      const name = SQLALCHEMY_TYPES[type];
      // a default of another kind would have to be `sa.text(…)`
      if (name === undefined || (value !== undefined && typeof value !== 'string')) return undefined;
      const given = value === undefined ? '' : `, server_default='${value}'`;
      return `${builder}.add_column('${change.table}', sa.Column('${change.name}', sa.${name}(${length ?? ''})${given}, nullable=${notNull ? 'False' : 'True'}))`;
    }
  }
};

/** @param builder `Schema` */
const laravel: BuilderCall = (change, builder) => {
  const altered = (table: string, call: string): string =>
    `${builder}::table('${table}', function (Blueprint $table) {\n    $table->${call};\n})`;
  switch (change.does) {
    case 'drop':
      return change.kind === 'table' ? `${builder}::drop('${change.name}')` : undefined;
    case 'drop column':
      return altered(change.table, `dropColumn('${change.name}')`);
    case 'drop constraint':
      return undefined;
    case 'rename table':
      return `${builder}::rename('${change.name}', '${change.to}')`;
    case 'rename column':
      return altered(change.table, `renameColumn('${change.name}', '${change.to}')`);
    case 'add column': {
      const { type, length, notNull, default: value } = change.column;
      const size = length === undefined ? '' : `, ${length}`;
      const nullable = notNull ? '' : '->nullable()';
      const given = value === undefined ? '' : `->default(${js(value)})`;
      return altered(change.table, `${KNEX_TYPES[type]}('${change.name}'${size})${nullable}${given}`);
    }
  }
};

const CALLS: Readonly<Partial<Record<MigrationTool, BuilderCall>>> = {
  knex,
  sequelize,
  'node-pg-migrate': nodePgMigrate,
  'db-migrate': dbMigrate,
  alembic,
  laravel,
};

export const builderCall = (
  tool: MigrationTool,
  change: PlainChange | undefined,
  builder: string,
): string | undefined => change && CALLS[tool]?.(change, builder);
