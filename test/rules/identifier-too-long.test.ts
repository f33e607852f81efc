import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('identifier-too-long');
