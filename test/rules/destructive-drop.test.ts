import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('destructive-drop');
