import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('rename-in-place');
