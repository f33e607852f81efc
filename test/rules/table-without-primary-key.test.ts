import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('table-without-primary-key');
