import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('drop-index-not-concurrent');
