import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('drop-not-null');
