import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('breaks-running-code');
findsAndLeaves('breaks-running-code', 'breaks-running-code-models');
findsAndLeaves('breaks-running-code', 'breaks-running-code-rows');
findsAndLeaves('breaks-running-code', 'breaks-running-code-values');
findsAndLeaves('breaks-running-code', 'breaks-running-code-prisma');
findsAndLeaves('breaks-running-code', 'breaks-running-code-labels');
findsAndLeaves('breaks-running-code', 'breaks-running-code-built');
