/** The migration tools by the names that the configuration takes, each as people write it. */
export const MIGRATION_TOOL_TITLES = {
  knex: 'Knex',
  sequelize: 'Sequelize',
  typeorm: 'TypeORM',
  'mikro-orm': 'MikroORM',
  'node-pg-migrate': 'node-pg-migrate',
  'db-migrate': 'db-migrate',
  'sql-pairs': 'plain SQL files',
  diesel: 'Diesel',
  dbmate: 'dbmate',
  goose: 'goose',
  sqitch: 'Sqitch',
  flyway: 'Flyway',
  liquibase: 'Liquibase',
  prisma: 'Prisma',
  drizzle: 'Drizzle',
  alembic: 'Alembic',
  django: 'Django',
  laravel: 'Laravel',
  payload: 'Payload',
} as const;

export type MigrationTool = keyof typeof MIGRATION_TOOL_TITLES;

/** For a message. */
export const titleOfTool = (tool: MigrationTool): string => MIGRATION_TOOL_TITLES[tool];

/** How each is told to run a migration outside of a transaction, in words that follow `With Knex: `. */
export const OUTSIDE_OF_TRANSACTION: Readonly<Partial<Record<MigrationTool, string>>> = {
  knex: '`export const config = { transaction: false }`',
  sequelize: 'do not open one in the migration; Sequelize opens none by itself',
  typeorm: '`transaction = false;` in the class, and `migrationsTransactionMode: "each"`',
  'mikro-orm': '`isTransactional() { return false; }` in the class, and `migrations.allOrNothing: false`',
  'node-pg-migrate': '`pgm.noTransaction();` at the beginning of up and down',
  dbmate: '`-- migrate:up transaction:false`',
  goose: '`-- +goose NO TRANSACTION`',
  flyway: '`executeInTransaction=false` in a `.conf` file beside the script',
  alembic: '`with op.get_context().autocommit_block():`',
  liquibase: '`runInTransaction:false` in the change set',
  prisma: 'a migration of this one statement alone: Prisma sends a file of one statement without a transaction',
  diesel: '`run_in_transaction = false` in the migration’s `metadata.toml`',
  'sql-pairs': 'a file of this one statement alone',
  django: '`atomic = False` in the class',
  laravel: '`public $withinTransaction = false` in the class',
  payload: '`payload.db.drizzle.execute`, which is another connection than that of `db`',
};

/** By which word of its own a builder makes an index CONCURRENTLY, or drops one; with the others it is sent as SQL. */
export const concurrentlyBy = (tool: MigrationTool, command: 'CREATE INDEX' | 'DROP INDEX'): string | undefined =>
  tool === 'django'
    ? `\`${command === 'CREATE INDEX' ? 'Add' : 'Remove'}IndexConcurrently\` of \`django.contrib.postgres.operations\``
    : CONCURRENTLY_BY[tool];

const CONCURRENTLY_BY: Readonly<Partial<Record<MigrationTool, string>>> = {
  sequelize: '`concurrently: true` among the options',
  'node-pg-migrate': '`concurrently: true` among the options',
  alembic: '`postgresql_concurrently=True`',
  knex: '`knex.raw`',
  typeorm: '`queryRunner.query`',
  laravel: '`DB::statement`',
  payload: '`payload.db.drizzle.execute`',
  'db-migrate': '`db.runSql`',
};
