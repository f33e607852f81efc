/** What every command is given. */
import type { Question } from '../answer';
import type { Grounding } from '../grounding';
import type { Library } from '../library';

export interface CommandContext {
  readonly question: Question;
  readonly grounding: Grounding;
  readonly library: Library;
}
