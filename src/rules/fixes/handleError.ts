/** Makes a swallowed error heard: logged, thrown again, or waited for. Each is a suggestion: what is right, a person knows. */
import { type ProposedFix, suggestion } from '../../engine/finding';
import type { ErrorHandler } from '../../facts/errorHandlers';
import type { CodeWriter } from '../../program/writer';

export function handleError({ form, treatment, rewrite }: ErrorHandler, writer: CodeWriter): readonly ProposedFix[] {
  if (!rewrite) return [];
  const { at, source, indentation, logger, async } = rewrite;
  if (form === 'dropped' || form === 'unsent')
    return async ? [suggestion('Await it', [{ at, newText: writer.awaited(source) }])] : [];
  const rethrown = writer.handling(source, error => writer.thrown(error), 'last', indentation);
  const logs = logger ?? writer.printsError;
  const logged = writer.handling(source, error => writer.called(logs, error), 'first', indentation);
  const rethrow = rethrown === undefined ? [] : [suggestion('Throw the error again', [{ at, newText: rethrown }])];
  const log = logged === undefined ? [] : [suggestion(`Log the error with ${logs}()`, [{ at, newText: logged }])];
  switch (treatment) {
    case 'cleans-up':
      return [...rethrow, ...log];
    // behind what returns, nothing can be thrown
    case 'leaves':
    case 'default':
      return log;
    default:
      return [...log, ...rethrow];
  }
}
