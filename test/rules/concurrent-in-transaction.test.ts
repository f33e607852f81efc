import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('concurrent-in-transaction');
