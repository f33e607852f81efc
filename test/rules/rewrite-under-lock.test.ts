import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('rewrite-under-lock');
