import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('untested-database-function');
