import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('index-not-concurrent');
findsAndLeaves('index-not-concurrent', 'builder-fixes');
