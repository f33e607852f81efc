import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('unique-constraint-in-place');
findsAndLeaves('unique-constraint-in-place', 'unique-constraint-in-place-builders');
