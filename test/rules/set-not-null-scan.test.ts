import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('set-not-null-scan');
