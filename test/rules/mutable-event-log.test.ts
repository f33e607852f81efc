import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('mutable-event-log');
