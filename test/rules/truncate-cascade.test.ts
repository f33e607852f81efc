import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('truncate-cascade');
