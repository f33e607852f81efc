import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('detach-not-concurrent');
