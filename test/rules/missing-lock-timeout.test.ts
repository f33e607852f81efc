import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('missing-lock-timeout');
