/**
 * What the calls of the migration tools' builders mean. Tables, no logic.
 *
 * Sources: knexjs.org/guide/schema-builder; sequelize.org/api/v6 (QueryInterface); typeorm.io/migrations and its
 * QueryRunner; salsita.github.io/node-pg-migrate; db-migrate.readthedocs.io/en/latest/API/SQL; mikro-orm.io/docs/migrations; payloadcms.com/docs/database/migrations.
 */
import type { ObjectChange, ObjectKind } from '../sql/schemaChange';

export type CallEffect =
  /** Changes the schema; `name`, `on` and `to` are the arguments that say what. */
  | {
      readonly does: ObjectChange['action'];
      readonly kind: ObjectKind;
      readonly name?: number;
      readonly on?: number;
      readonly to?: number;
    }
  /** Executes the SQL text of its first argument. */
  | { readonly does: 'sql' }
  | { readonly does: 'data' }
  | { readonly does: 'soft' }
  /** Looks, waits, opens a transaction, describes: changes nothing by itself. */
  | { readonly does: 'nothing' };

export interface Builder {
  readonly calls: Readonly<Record<string, CallEffect>>;
  /** Calls on the parameter of a callback that builds a table. */
  readonly columns?: Readonly<Record<string, CallEffect>>;
  /** Names whose members are types, literals and functions of the tool: `Sequelize.STRING(20)`. */
  readonly neutralRoots?: readonly string[];
  /** Objects that the tool has constructed: `new Table({ name: 'orders' })`. */
  readonly neutralClasses?: readonly string[];
  /** Calls whose reverse the tool knows, so that a missing down is made up from the up. */
  readonly reversible?: ReadonlySet<string>;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);
const each = (names: string, effect: CallEffect): Record<string, CallEffect> =>
  Object.fromEntries(words(names).map(name => [name, effect]));

const create = (kind: ObjectKind): CallEffect => ({ does: 'create', kind, name: 0 });
const drop = (kind: ObjectKind): CallEffect => ({ does: 'drop', kind, name: 0 });
const alter = (kind: ObjectKind): CallEffect => ({ does: 'alter', kind, name: 0 });
const rename = (kind: ObjectKind): CallEffect => ({ does: 'rename', kind, name: 0, to: 1 });
const createOn = (kind: ObjectKind, name?: number): CallEffect => ({ does: 'create', kind, on: 0, name });
const dropOn = (kind: ObjectKind, name?: number): CallEffect => ({ does: 'drop', kind, on: 0, name });
const alterOn = (kind: ObjectKind, name?: number): CallEffect => ({ does: 'alter', kind, on: 0, name });
const renameOn = (kind: ObjectKind): CallEffect => ({ does: 'rename', kind, on: 0, name: 1, to: 2 });
const NOTHING: CallEffect = { does: 'nothing' };
const DATA: CallEffect = { does: 'data' };
const SOFT: CallEffect = { does: 'soft' };
const SQL: CallEffect = { does: 'sql' };

/** Queries of Knex, which migrations use to move data. */
const KNEX_DATA = 'insert update del delete truncate batchInsert upsert increment decrement';

export const knex: Builder = {
  calls: {
    ...each('createTable createTableIfNotExists createTableLike', create('table')),
    ...each('alterTable table', alter('table')),
    ...each('dropTable dropTableIfExists', drop('table')),
    renameTable: rename('table'),
    ...each('createView createViewOrReplace', create('view')),
    alterView: alter('view'),
    ...each('dropView dropViewIfExists', drop('view')),
    renameView: rename('view'),
    createMaterializedView: create('materialized view'),
    ...each('dropMaterializedView dropMaterializedViewIfExists', drop('materialized view')),
    refreshMaterializedView: SOFT,
    ...each('createSchema createSchemaIfNotExists', create('schema')),
    ...each('dropSchema dropSchemaIfExists', drop('schema')),
    ...each('createExtension createExtensionIfNotExists', create('extension')),
    ...each('dropExtension dropExtensionIfExists', drop('extension')),
    raw: SQL,
    ...each(KNEX_DATA, DATA),
    ...each(
      'hasTable hasColumn withSchema transaction commit rollback select first from into where whereIn whereNull whereNotNull andWhere orWhere join leftJoin count pluck columnInfo returning orderBy limit ref columns now uuid',
      NOTHING,
    ),
  },
  columns: {
    ...each(
      'increments bigIncrements integer int tinyint smallint mediumint bigint bigInteger text string float double decimal boolean date datetime dateTime timestamp time geometry geography point binary enu enum json jsonb uuid specificType',
      createOn('column', 0),
    ),
    timestamps: { does: 'create', kind: 'column' },
    ...each('index unique foreign primary check checkIn', { does: 'create', kind: 'constraint' }),
    ...each('dropColumn dropColumns', { does: 'drop', kind: 'column', name: 0 }),
    dropTimestamps: { does: 'drop', kind: 'column' },
    ...each('dropIndex dropUnique dropForeign dropPrimary dropChecks', { does: 'drop', kind: 'constraint' }),
    renameColumn: rename('column'),
    ...each('setNullable dropNullable', alter('column')),
    ...each('comment engine charset collate inherits', SOFT),
  },
  neutralRoots: ['Knex'],
};

export const sequelize: Builder = {
  calls: {
    createTable: create('table'),
    ...each('dropTable dropAllTables', drop('table')),
    renameTable: rename('table'),
    addColumn: createOn('column', 1),
    removeColumn: dropOn('column', 1),
    changeColumn: alterOn('column', 1),
    renameColumn: renameOn('column'),
    addIndex: createOn('index'),
    removeIndex: dropOn('index', 1),
    addConstraint: createOn('constraint'),
    removeConstraint: dropOn('constraint', 1),
    createSchema: create('schema'),
    dropSchema: drop('schema'),
    createFunction: create('function'),
    dropFunction: drop('function'),
    renameFunction: rename('function'),
    createTrigger: createOn('trigger', 1),
    dropTrigger: dropOn('trigger', 1),
    renameTrigger: renameOn('trigger'),
    query: SQL,
    ...each('bulkInsert bulkUpdate bulkDelete insert update delete upsert increment decrement', DATA),
    ...each(
      'transaction commit rollback describeTable tableExists showAllTables showAllSchemas showIndex showConstraint getForeignKeyReferencesForTable rawSelect select startTransaction commitTransaction rollbackTransaction quoteIdentifier literal fn col getDialect escape',
      NOTHING,
    ),
  },
  neutralRoots: ['Sequelize', 'DataTypes', 'sequelize', 'Op', 'QueryTypes'],
};

export const typeorm: Builder = {
  calls: {
    createTable: create('table'),
    dropTable: drop('table'),
    renameTable: rename('table'),
    addColumn: createOn('column', 1),
    addColumns: createOn('column'),
    dropColumn: dropOn('column', 1),
    dropColumns: dropOn('column'),
    changeColumn: alterOn('column', 1),
    changeColumns: alterOn('column'),
    renameColumn: renameOn('column'),
    ...each('createIndex createIndices', createOn('index')),
    ...each('dropIndex', dropOn('index', 1)),
    dropIndices: dropOn('index'),
    ...each(
      'createForeignKey createForeignKeys createPrimaryKey updatePrimaryKeys createUniqueConstraint createUniqueConstraints createCheckConstraint createCheckConstraints createExclusionConstraint createExclusionConstraints',
      createOn('constraint'),
    ),
    ...each(
      'dropForeignKey dropForeignKeys dropPrimaryKey dropUniqueConstraint dropUniqueConstraints dropCheckConstraint dropCheckConstraints dropExclusionConstraint dropExclusionConstraints',
      dropOn('constraint', 1),
    ),
    createView: create('view'),
    dropView: drop('view'),
    createSchema: create('schema'),
    dropSchema: drop('schema'),
    query: SQL,
    ...each('clearTable insert save update delete remove upsert', DATA),
    ...each(
      'hasTable hasColumn hasSchema getTable getTables getView getViews startTransaction commitTransaction rollbackTransaction release getCurrentDatabase getCurrentSchema findColumnByName getRepository find findOne findOneBy createQueryBuilder select from where getMany getOne getRawMany',
      NOTHING,
    ),
  },
  neutralClasses: [
    'Table',
    'TableColumn',
    'TableIndex',
    'TableForeignKey',
    'TableUnique',
    'TableCheck',
    'TableExclusion',
    'View',
  ],
};

/** Kinds of objects that node-pg-migrate creates, drops, alters and renames by calls that are named alike. */
const PG_OBJECTS: Readonly<Record<string, ObjectKind>> = {
  Table: 'table',
  Type: 'type',
  Domain: 'domain',
  Sequence: 'sequence',
  Schema: 'schema',
  Extension: 'extension',
  Function: 'function',
  View: 'view',
  MaterializedView: 'materialized view',
  Operator: 'object',
  OperatorClass: 'object',
  OperatorFamily: 'object',
  Cast: 'object',
};

export const nodePgMigrate: Builder = {
  calls: {
    ...Object.fromEntries(
      Object.entries(PG_OBJECTS).flatMap(([name, kind]): [string, CallEffect][] => [
        [`create${name}`, create(kind)],
        [`add${name}`, create(kind)],
        [`drop${name}`, drop(kind)],
        [`alter${name}`, alter(kind)],
        [`rename${name}`, rename(kind)],
      ]),
    ),
    ...each('addColumn addColumns', createOn('column', 1)),
    ...each('dropColumn dropColumns', dropOn('column', 1)),
    alterColumn: alterOn('column', 1),
    renameColumn: renameOn('column'),
    ...each('addConstraint createConstraint', createOn('constraint', 1)),
    dropConstraint: dropOn('constraint', 1),
    renameConstraint: renameOn('constraint'),
    ...each('createIndex addIndex', createOn('index')),
    dropIndex: dropOn('index'),
    ...each(
      'addTypeValue addTypeAttribute dropTypeAttribute setTypeAttribute renameTypeAttribute renameTypeValue',
      alter('type'),
    ),
    ...each('alterViewColumn renameMaterializedViewColumn', alter('view')),
    ...each('addToOperatorFamily removeFromOperatorFamily', alter('object')),
    createTrigger: createOn('trigger', 1),
    dropTrigger: dropOn('trigger', 1),
    renameTrigger: renameOn('trigger'),
    createPolicy: createOn('policy', 1),
    dropPolicy: dropOn('policy', 1),
    alterPolicy: alterOn('policy', 1),
    renamePolicy: renameOn('policy'),
    sql: SQL,
    query: SQL,
    ...each(
      'refreshMaterializedView createRole dropRole alterRole renameRole grantRoles revokeRoles grantOnSchemas revokeOnSchemas grantOnTables revokeOnTables',
      SOFT,
    ),
    ...each('func noTransaction toString select', NOTHING),
  },
  neutralRoots: ['PgLiteral', 'PgType'],
  reversible: new Set(
    words(`createExtension addExtension createTable renameTable addColumns addColumn renameColumn addConstraint
      createConstraint renameConstraint createType addType renameType renameTypeAttribute renameTypeValue addTypeAttribute
      createIndex addIndex createRole renameRole createFunction renameFunction createTrigger renameTrigger createSchema
      renameSchema createDomain renameDomain createSequence renameSequence createOperator createOperatorClass
      renameOperatorClass createOperatorFamily renameOperatorFamily addToOperatorFamily createPolicy renamePolicy
      createView renameView createMaterializedView renameMaterializedView renameMaterializedViewColumn
      refreshMaterializedView grantRoles grantOnSchemas grantOnTables createCast noTransaction func toString`),
  ),
};

export const dbMigrate: Builder = {
  calls: {
    createTable: create('table'),
    dropTable: drop('table'),
    renameTable: rename('table'),
    addColumn: createOn('column', 1),
    removeColumn: dropOn('column', 1),
    changeColumn: alterOn('column', 1),
    renameColumn: renameOn('column'),
    addIndex: createOn('index', 1),
    removeIndex: { does: 'drop', kind: 'index', name: 0, on: 1 },
    addForeignKey: createOn('constraint', 2),
    removeForeignKey: dropOn('constraint', 1),
    ...each('runSql all', SQL),
    truncate: DATA,
    ...each('insert update', DATA),
    ...each('lookup nodeify', NOTHING),
  },
};

/** What is sent by `this`, and by the Knex that it gives out. */
export const mikroOrm: Builder = {
  calls: {
    ...knex.calls,
    ...each('addSql execute', SQL),
    ...each('getKnex getEntityManager getConnection getDriver toQuery toSQL', NOTHING),
    ...each('nativeInsert nativeUpdate nativeDelete persistAndFlush flush', DATA),
  },
  ...(knex.columns ? { columns: knex.columns } : {}),
};

/** What is called on Drizzle's database, and on Payload itself. */
export const payload: Builder = {
  calls: {
    ...each('execute run query', SQL),
    ...each(
      'create update delete insert updateGlobal updateOne updateMany deleteOne deleteMany upsert restoreVersion',
      DATA,
    ),
    ...each(
      'select from where leftJoin innerJoin orderBy limit all get values find findByID findGlobal findOne findVersions findMany findFirst count info warn error debug transaction raw identifier',
      NOTHING,
    ),
  },
};

export const builders: readonly Builder[] = [knex, sequelize, typeorm, nodePgMigrate, dbMigrate, mikroOrm, payload];
