import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('missing-statement-timeout');
