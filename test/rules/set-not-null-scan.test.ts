import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('set-not-null-scan');
findsAndLeaves('set-not-null-scan', 'set-not-null-scan-builders');
