import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('uncommitted-transaction');
