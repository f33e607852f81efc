import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('table-without-primary-key');
findsAndLeaves('table-without-primary-key', 'table-without-primary-key-drizzle');
