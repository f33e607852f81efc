import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('column-type-rewrite');
