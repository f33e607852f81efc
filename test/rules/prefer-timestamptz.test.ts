import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('prefer-timestamptz');
