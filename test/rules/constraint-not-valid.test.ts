import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('constraint-not-valid');
findsAndLeaves('constraint-not-valid', 'constraint-not-valid-builders');
