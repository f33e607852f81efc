/** `textDocument/codeLens`: above a migration stands what can be done with it. */
import type { CodeLens, CodeLensParams } from 'vscode-languageserver';
import { isVerifiable } from '../../lab/verifyMigrations';
import { writtenDown } from '../../workspace/migrationDown';
import type { PlaceInHistory } from '../../workspace/schemaHistory';
import type { OpenFile } from '../projects';
import { type ChangeTarget, COMMANDS } from '../protocol';
import type { Session } from '../session';

/** No lens for a client that lacks the command behind it. */
export async function codeLenses(
  { client, projects }: Session,
  { textDocument: { uri } }: CodeLensParams,
): Promise<CodeLens[]> {
  const opened = projects.openFile(uri);
  if (!opened) return [];
  const places = await opened.reviewer.placesIn(opened.file);
  if (places.length === 0) return [];
  const start = { line: 0, character: 0 };
  const lens = (title: string, command: string, target: unknown): CodeLens => ({
    range: { start, end: start },
    command: { title, command, arguments: [target] },
  });
  const lenses: CodeLens[] = [];
  if (client.commands.has(COMMANDS.verifyMigration) && places.some(({ history }) => isVerifiable(history)))
    lenses.push(lens('Verify migration', COMMANDS.verifyMigration, uri));
  const down: ChangeTarget = { uri, write: 'down' };
  if (client.commands.has(COMMANDS.previewChange) && places.some(lacksDown) && (await hasWayBack(opened)))
    lenses.push(lens('Write the down migration', COMMANDS.previewChange, down));
  return lenses;
}

/** Whether there is one that can be written. */
async function hasWayBack({ reviewer, file }: OpenFile): Promise<boolean> {
  const steps = await reviewer.stepsIn(file);
  return steps.length > 0 && steps.every(({ step, schema }) => 'sql' in writtenDown(step, schema));
}

/** Nothing stands where the tool looks for the way back, or nothing that does anything but fail. */
function lacksDown({ history, step }: PlaceInHistory): boolean {
  if (history.withoutDowns === 'by-design' || step.repeatable) return false;
  const { down } = step;
  if (!down) return true;
  return down.statements.length === 0 && (down.untranslated.length === 0 || down.throws === true);
}
