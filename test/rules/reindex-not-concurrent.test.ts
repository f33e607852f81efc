import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('reindex-not-concurrent');
