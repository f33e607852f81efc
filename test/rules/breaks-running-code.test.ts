import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('breaks-running-code');
