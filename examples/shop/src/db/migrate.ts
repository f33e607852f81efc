import { logger } from '../logger';
import { db } from './knex';

const commands: Record<string, () => Promise<unknown>> = {
  latest: () => db.migrate.latest(),
  rollback: () => db.migrate.rollback(),
  seed: () => db.seed.run(),
};

async function main(name = 'latest'): Promise<void> {
  const command = commands[name];
  if (!command) throw new Error(`unknown command ${name}, try one of ${Object.keys(commands).join(', ')}`);
  logger.info(`migrate ${name}`, { result: await command() });
}

main(process.argv[2])
  .catch(error => {
    logger.error('migrate failed', { error: String(error) });
    process.exitCode = 1;
  })
  .finally(() => db.destroy());
