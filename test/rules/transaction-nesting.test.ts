import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('transaction-nesting');
