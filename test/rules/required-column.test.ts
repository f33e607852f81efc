import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('required-column');
