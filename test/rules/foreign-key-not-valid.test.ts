import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('foreign-key-not-valid');
findsAndLeaves('foreign-key-not-valid', 'builder-fixes-constraints');
