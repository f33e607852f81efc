import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('unknown-relation');
findsAndLeaves('unknown-relation', 'unknown-relation-dialects');
findsAndLeaves('unknown-relation', 'unknown-relation-drizzle');
findsAndLeaves('unknown-relation', 'unknown-relation-tags');
