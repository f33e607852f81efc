import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('stale-materialized-view');
