import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('missing-index');
