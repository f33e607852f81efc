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
} as const;

export type MigrationTool = keyof typeof MIGRATION_TOOL_TITLES;

/** For a message. */
export const titleOfTool = (tool: MigrationTool): string => MIGRATION_TOOL_TITLES[tool];
