import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('business-logic-in-trigger');
