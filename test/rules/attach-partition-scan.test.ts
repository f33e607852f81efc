import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('attach-partition-scan');
