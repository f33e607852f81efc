import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('data-loss');
