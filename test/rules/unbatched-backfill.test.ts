import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('unbatched-backfill');
