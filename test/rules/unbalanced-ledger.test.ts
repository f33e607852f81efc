import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('unbalanced-ledger');
