import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('unique-constraint-in-place');
