import { Pool } from 'pg';
import { config } from '../config';

/** Orders of closed years, on a server of their own. */
export const archive = new Pool({ connectionString: config.archiveUrl, max: 5 });
