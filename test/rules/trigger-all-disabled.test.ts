import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('trigger-all-disabled');
