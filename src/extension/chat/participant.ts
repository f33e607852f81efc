/** `@backend` in the chat: a thin hand between VS Code and the server, which knows and answers. */
import {
  type CancellationToken,
  type ChatContext,
  type ChatRequest,
  ChatRequestTurn,
  ChatResponseMarkdownPart,
  type ChatResponseStream,
  ChatResponseTurn,
  type ChatResult,
  chat,
  type Disposable,
  type ExtensionContext,
  Location,
  MarkdownString,
  Position,
  Uri,
} from 'vscode';
import type { FollowUp } from '../../persona/answer';
import { COMMANDS } from '../../persona/question';
import type { AskedPlace } from '../../server/protocol';
import { type ChatAsked, questionOf } from './asked';
import type { Choice } from './choice';
import { drawingOn, followUpOf, LINKED, linksAsMarkdown, type Surface, unwrapped } from './drawing';
import { sentTo } from './editorModel';
import { askedAs, editorPlace, folderOf, placeOf, textAt } from './places';
import type { Questions } from './questions';
import type { SentLog } from './sentLog';
import { hostOf, VENDOR } from './whoAnswers';

export const PARTICIPANT = 'backend-reviewer.backend';

interface AnswerMetadata {
  readonly followUps: readonly FollowUp[];
}

export function backendParticipant(
  { extensionUri }: ExtensionContext,
  questions: Questions,
  choice: Choice,
  sent: SentLog,
): Disposable {
  const answer = async (
    request: ChatRequest,
    context: ChatContext,
    stream: ChatResponseStream,
    token: CancellationToken,
  ): Promise<ChatResult> => {
    const asked = questionOf(askedIn(request, context));
    const folder = folderOf(asked);
    const who = choice.of(request.model);
    const drawing = drawingOn(surfaceOn(stream, folder, who.kind !== 'model'), folder?.toString());
    const { model } = request;
    stream.progress(who.kind === 'model' ? `Looks at the workspace for ${model.name}` : 'Looks at the workspace');
    const { failure: reason } = await questions(
      askedAs(
        asked,
        folder,
        who.kind === 'model'
          ? {
              name: model.name,
              host: hostOf(model.vendor),
              maxInputTokens: model.maxInputTokens,
              callsTools: true,
            }
          : undefined,
      ),
      {
        onPart: part => drawing.add(part),
        send(given, cancelled) {
          // our own provider tells by itself what it sends
          if (model.vendor !== VENDOR)
            sent.add({ at: new Date(), model: model.name, host: hostOf(model.vendor), by: '@backend', request: given });
          return sentTo(model, given, cancelled);
        },
      },
      token,
    );
    const { followUps, hasText } = drawing.end();
    const failure =
      reason !== undefined && who.kind === 'model' && model.vendor === VENDOR
        ? `${reason}. Set Up Model changes how it is reached; the offline guide, in the model picker, answers without it`
        : reason;
    if (failure !== undefined && hasText) stream.markdown(`\n\n*The answer ended before its time: ${failure}.*`);
    if (who.kind === 'guide-until-agreed' && !token.isCancellationRequested)
      stream.button(choice.button(model, asked.text));
    const metadata: AnswerMetadata = { followUps };
    return { metadata, ...(failure !== undefined && !hasText ? { errorDetails: { message: failure } } : {}) };
  };

  const participant = chat.createChatParticipant(PARTICIPANT, answer);
  participant.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.png');
  participant.followupProvider = {
    provideFollowups: ({ metadata }: ChatResult) =>
      ((metadata as AnswerMetadata | undefined)?.followUps ?? []).map(each => followUpOf(each, Object.keys(COMMANDS))),
  };
  return participant;
}

/** @param isWhole  texts come in whole blocks, as the guide's do, and not in pieces as a model's */
function surfaceOn(stream: ChatResponseStream, folder: Uri | undefined, isWhole: boolean): Surface {
  const baseUri = folder?.with({ path: `${folder.path.replace(/\/$/, '')}/` });
  return {
    text(markdown) {
      const said = new MarkdownString(isWhole ? unwrapped(markdown) : markdown);
      said.baseUri = baseUri;
      stream.markdown(said);
    },
    links(links) {
      const said = new MarkdownString(linksAsMarkdown(links));
      said.isTrusted = { enabledCommands: Object.values(LINKED) };
      stream.markdown(said);
    },
    reference({ file, line }) {
      if (!folder) return;
      const uri = Uri.joinPath(folder, file);
      stream.reference(line === undefined ? uri : new Location(uri, new Position(line - 1, 0)));
    },
    progress: says => stream.progress(says),
  };
}

function askedIn({ prompt, command, references }: ChatRequest, { history }: ChatContext): ChatAsked {
  return {
    prompt,
    command,
    references: references.map(({ id, range, value }) => ({
      ...(range ? { range } : {}),
      ...placeIn(value),
      implicit: isAddedByEditor(id, value),
    })),
    history: history.flatMap((turn): ChatAsked['history'] => {
      if (turn.participant !== PARTICIPANT) return [];
      if (turn instanceof ChatRequestTurn) return [{ asked: turn.prompt, command: turn.command }];
      return turn instanceof ChatResponseTurn ? [{ said: saidIn(turn) }] : [];
    }),
    editor: editorPlace(),
  };
}

/** The editor's own context, and instructions and skills that VS Code tells its agent of: nobody attached them. */
const isAddedByEditor = (id: string, value: unknown): boolean =>
  /^vscode\.(?:implicit|prompt|instructions|customizations)/.test(id) ||
  (typeof value === 'string' && id.startsWith('vscode.'));

const saidIn = ({ response }: ChatResponseTurn): string =>
  response.map(part => (part instanceof ChatResponseMarkdownPart ? part.value.value : '')).join('');

function placeIn(value: unknown): { place?: AskedPlace; text?: string } {
  if (value instanceof Uri) return { place: { uri: value.toString(), ...textAt(value) } };
  if (value instanceof Location) return { place: placeOf(value.uri, value.range) };
  return typeof value === 'string' ? { text: value } : {};
}
