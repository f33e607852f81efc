import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('foreign-key-without-index');
findsAndLeaves('foreign-key-without-index', 'foreign-key-without-index-prisma');
findsAndLeaves('foreign-key-without-index', 'foreign-key-without-index-drizzle');
