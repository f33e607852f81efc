import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('unknown-relation');
