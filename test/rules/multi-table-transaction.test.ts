import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('multi-table-transaction');
