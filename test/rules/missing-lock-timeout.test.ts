import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('missing-lock-timeout');
findsAndLeaves('missing-lock-timeout', 'missing-lock-timeout-builders');
