import { createApp } from './app';
import { config } from './config';
import { db } from './db/knex';
import { pool } from './db/pool';
import { logger } from './logger';

const server = createApp().listen(config.port, () => logger.info('listening', { port: config.port }));

process.on('SIGTERM', () => {
  server.close(async () => {
    await Promise.all([pool.end(), db.destroy()]);
    logger.info('stopped');
  });
});
