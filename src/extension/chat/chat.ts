/** What the extension brings to the chat: the participant, our models, and the commands around them. */
import { commands, Disposable, EventEmitter, type ExtensionContext, Uri, window, workspace } from 'vscode';
import type { ChangeTarget } from '../../server/protocol';
import type { ReviewServer } from '../reviewServer';
import { conversationView } from '../view/conversationView';
import { choiceOf } from './choice';
import { backendParticipant } from './participant';
import { provideModels } from './provider';
import { questionsTo } from './questions';
import { SentLog } from './sentLog';
import { setUpModel } from './setUpModel';

const SENT = 'backend-reviewer-sent';

/** @param preview  shows a change, and makes it when the person wants it */
export function startChat(
  context: ExtensionContext,
  server: ReviewServer,
  preview: (target: ChangeTarget) => Promise<boolean>,
): Disposable {
  const questions = questionsTo(server);
  const choice = choiceOf(context);
  const sent = new SentLog();
  return Disposable.from(
    choice,
    backendParticipant(context, questions, choice, sent),
    provideModels(context, questions, sent),
    conversationView(context, questions, sent),
    showsWhatWasSent(sent),
    commands.registerCommand('backendReviewer.setUpModel', () => setUpModel(context)),
    commands.registerCommand('backendReviewer.applyFinding', (target?: unknown) => applyFinding(target, preview)),
    commands.registerCommand('backendReviewer.verifyFinding', (target?: unknown) =>
      isPlace(target)
        ? commands.executeCommand('backendReviewer.verifyMigration', uriOf(target).toString())
        : undefined,
    ),
  );
}

function showsWhatWasSent(sent: SentLog): Disposable {
  const uri = Uri.from({ scheme: SENT, path: 'What Was Sent' });
  const changed = new EventEmitter<Uri>();
  const listening = sent.onAdded(() => changed.fire(uri));
  return Disposable.from(
    changed,
    listening,
    workspace.registerTextDocumentContentProvider(SENT, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => sent.asText(),
    }),
    commands.registerCommand('backendReviewer.showSent', async () => {
      await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
    }),
  );
}

interface PlaceInFolder {
  readonly folder: string;
  readonly file: string;
}

interface FixTarget extends PlaceInFolder {
  readonly fingerprint: string;
  readonly fix: number;
}

const uriOf = ({ folder, file }: PlaceInFolder): Uri => Uri.joinPath(Uri.parse(folder), file);

/** The server looks at documents that an editor holds: the one that is to be mended is opened first. */
async function applyFinding(target: unknown, preview: (target: ChangeTarget) => Promise<boolean>): Promise<boolean> {
  if (!isPlace(target) || !isFix(target)) return false;
  const uri = uriOf(target);
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false, preserveFocus: true });
  return preview({ uri: uri.toString(), fingerprint: target.fingerprint, fix: target.fix });
}

const isPlace = (value: unknown): value is PlaceInFolder =>
  typeof value === 'object' &&
  value !== null &&
  'folder' in value &&
  typeof value.folder === 'string' &&
  'file' in value &&
  typeof value.file === 'string';

const isFix = (value: PlaceInFolder): value is FixTarget =>
  'fingerprint' in value && typeof value.fingerprint === 'string' && 'fix' in value && typeof value.fix === 'number';
