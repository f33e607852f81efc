import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('unconstrained-foreign-key');
