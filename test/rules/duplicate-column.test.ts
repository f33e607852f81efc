import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('duplicate-column');
