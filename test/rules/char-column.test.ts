import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('char-column');
