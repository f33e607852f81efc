import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('domain-constraint');
