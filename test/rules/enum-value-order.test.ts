import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('enum-value-order');
