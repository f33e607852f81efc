import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('replica-identity-lost');
