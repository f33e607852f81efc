import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('constraint-not-valid');
