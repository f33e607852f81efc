import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('primary-key-in-place');
