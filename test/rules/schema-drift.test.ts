import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('schema-drift');
