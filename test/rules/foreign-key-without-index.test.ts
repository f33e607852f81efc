import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('foreign-key-without-index');
