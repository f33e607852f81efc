import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('nullable-flag');
