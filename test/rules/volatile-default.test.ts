import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('volatile-default');
