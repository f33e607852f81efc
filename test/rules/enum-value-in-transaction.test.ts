import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('enum-value-in-transaction');
