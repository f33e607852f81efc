import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('index-not-concurrent');
