import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('non-idempotent-migration');
findsAndLeaves('non-idempotent-migration', 'non-idempotent-migration-builders');
