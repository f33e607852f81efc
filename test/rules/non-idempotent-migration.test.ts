import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('non-idempotent-migration');
