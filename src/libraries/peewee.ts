/** Peewee: models that ask by themselves, and SQL that is written. */
import type { LibraryModel } from './vocabulary';

const DATABASES = ['Database', 'SqliteDatabase', 'MySQLDatabase', 'PostgresqlDatabase'] as const;

export const peewee = {
  package: 'pypi:peewee',
  also: ['pypi:playhouse.pool', 'pypi:playhouse.postgres_ext', 'pypi:playhouse.db_url', 'pypi:playhouse.sqlite_ext'],
  source:
    'https://docs.peewee-orm.com/en/latest/peewee/api.html, https://docs.peewee-orm.com/en/latest/peewee/querying.html',
  placeholder: '?',
  blocks: true,
  failures: [
    'PeeweeException',
    'DatabaseError',
    'OperationalError',
    'InterfaceError',
    'InternalError',
    'ProgrammingError',
    'DataError',
  ],
  types: {
    Database: {},
    SqliteDatabase: { extends: 'Database' },
    MySQLDatabase: { extends: 'Database' },
    PostgresqlDatabase: { extends: 'Database' },
    Model: {},
    ModelSelect: { executes: 'iterated', holds: true },
    ModelWrite: {},
  },
  gives: [
    ...DATABASES.map(name => ({ call: name, gives: name })),
    { call: ['PooledPostgresqlDatabase', 'PooledMySQLDatabase', 'PooledSqliteDatabase', 'connect'], gives: 'Database' },
    { call: 'Model.select', arity: [0, 0], gives: 'ModelSelect', holds: 0 },
    {
      call: [
        'where',
        'order_by',
        'limit',
        'offset',
        'join',
        'switch',
        'group_by',
        'having',
        'distinct',
        'paginate',
      ].map(name => `ModelSelect.${name}`),
      gives: 'receiver',
    },
    { call: ['Model.insert', 'Model.update', 'Model.delete', 'ModelWrite.where'], gives: 'ModelWrite' },
  ],
  together: [
    // https://docs.peewee-orm.com/en/latest/peewee/querying.html#bulk-inserts
    { call: ['Model.get', 'Model.get_or_none'], written: '{receiver}.select().where({many 0})' },
    { call: 'Model.get_by_id', written: '{receiver}.select().where({receiver}.id.in_({each 0}))' },
    {
      call: ['Model.create', 'Model.get_or_create'],
      written: '{receiver}.insert_many({each|dict({arguments})|}).execute()',
    },
    { call: 'Model.save', ofItem: true, written: '{model}.bulk_update({all}, fields=[…])' },
    { call: 'Model.save', written: '{model}.bulk_create({each receiver})' },
    { call: 'Model.delete_instance', written: '{model}.delete().where({model}.id.in_({each receiver.id})).execute()' },
  ],
  listForms: [
    { of: '==', written: '{column}.in_({each})' },
    { of: 'keyword', written: '{column}={each}' },
  ],
  queries: [
    {
      call: ['Model.get', 'Model.get_by_id', 'Model.get_or_none'],
      relation: 'receiver',
      operation: 'read',
      returns: 'one',
    },
    {
      call: ['Model.create', 'Model.get_or_create'],
      relation: 'receiver',
      operation: 'write',
      batchedBy: 'insert_many',
    },
    { call: ['Model.save', 'Model.delete_instance'], self: true, operation: 'write' },
    { call: ['Model.insert_many', 'Model.bulk_create', 'Model.bulk_update'], operation: 'write', batched: true },
    {
      call: ['get', 'get_or_none', 'first', 'count', 'exists', 'scalar'].map(name => `ModelSelect.${name}`),
      operation: 'read',
    },
    { call: 'ModelWrite.execute', operation: 'write' },
    { call: ['Database.execute_sql', 'Model.raw'], sql: 0, values: 1 },
  ],
  fragments: [{ call: ['SQL', 'RawQuery'], sql: 0, values: 1 }],
  models: [
    // https://docs.peewee-orm.com/en/latest/peewee/models.html
    {
      extends: 'Model',
      tableNames: ['Meta.table_name', 'Meta.db_table'],
      marks: [
        'AutoField',
        'BigAutoField',
        'BigIntegerField',
        'BinaryJSONField',
        'BlobField',
        'BooleanField',
        'CharField',
        'DateField',
        'DateTimeField',
        'DateTimeTZField',
        'DecimalField',
        'DoubleField',
        'FixedCharField',
        'FloatField',
        'ForeignKeyField',
        'IntegerField',
        'JSONField',
        'SmallIntegerField',
        'TextField',
        'TimeField',
        'TimestampField',
        'UUIDField',
      ],
      references: 'ForeignKeyField',
      columnNames: ['column_name', 'db_column'],
    },
  ],
  transactions: [
    { call: ['Database.atomic', 'Database.transaction', 'Database.savepoint'], does: 'enclose' },
    { decorator: ['atomic', 'transaction'], does: 'enclose' },
  ],
  neutral: ['Database.connect', 'Database.close', 'Database.create_tables'],
} as const satisfies LibraryModel;
