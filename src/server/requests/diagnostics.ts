/** `textDocument/diagnostic`: the findings of one file; `textDocument/publishDiagnostics` where a client does not pull. */
import { createHash } from 'node:crypto';
import type {
  CancellationToken,
  Diagnostic,
  DocumentDiagnosticParams,
  DocumentDiagnosticReport,
} from 'vscode-languageserver';
import { isAbort, signalOf } from '../guard';
import type { ProjectFile } from '../projects';
import { reviewNow, type Session } from '../session';
import { toDiagnostics } from '../toProtocol';

const NOTHING: DocumentDiagnosticReport = { kind: 'full', items: [] };

/** Answers `unchanged` when the client has this very result. */
export async function pullDiagnostics(
  session: Session,
  { textDocument, previousResultId }: DocumentDiagnosticParams,
  token: CancellationToken,
): Promise<DocumentDiagnosticReport> {
  const file = session.projects.fileOf(textDocument.uri);
  if (!file) return NOTHING;
  const items = await diagnosticsOf(session, file, signalOf(token));
  const resultId = createHash('sha1').update(JSON.stringify(items)).digest('base64url');
  return resultId === previousResultId ? { kind: 'unchanged', resultId } : { kind: 'full', resultId, items };
}

export async function diagnosticsOf(session: Session, file: ProjectFile, signal?: AbortSignal): Promise<Diagnostic[]> {
  const { review, texts } = await reviewNow(session, file, signal);
  return toDiagnostics(review, texts, session.workspace);
}

/** Long enough that a word is typed in one go, short enough to feel immediate. */
const QUIET_MS = 200;

/** Pushes findings to a client that does not pull; a newer push of the same file calls off the one under way. */
export function pusherOf(session: Session): { push(uri: string): void; stop(uri: string): void } {
  const underWay = new Map<string, AbortController>();

  const pushNow = async (uri: string, signal: AbortSignal): Promise<void> => {
    const opened = session.projects.openFile(uri);
    if (!opened) return;
    const { version } = opened.text;
    const diagnostics = await diagnosticsOf(session, opened, signal);
    await session.connection.sendDiagnostics({ uri, version, diagnostics });
  };

  const stop = (uri: string): void => underWay.get(uri)?.abort();

  return {
    stop,
    push(uri) {
      stop(uri);
      const controller = new AbortController();
      underWay.set(uri, controller);
      setTimeout(() => {
        if (controller.signal.aborted) return;
        pushNow(uri, controller.signal).catch(error => {
          if (!isAbort(error) && !controller.signal.aborted)
            session.connection.console.error(`publishing the findings of ${uri} failed: ${error}`);
        });
      }, QUIET_MS);
    },
  };
}
