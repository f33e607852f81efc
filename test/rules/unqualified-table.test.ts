import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('unqualified-table');
