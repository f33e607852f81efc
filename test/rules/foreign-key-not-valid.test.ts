import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('foreign-key-not-valid');
