import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('concurrent-index-if-not-exists');
