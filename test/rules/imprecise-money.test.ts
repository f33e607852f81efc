import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('imprecise-money');
