import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('non-sargable-filter');
