/** `textDocument/hover`: how the remedy would look, where no fix can be offered. The message itself is the diagnostic's. */

import type { CancellationToken, Hover, HoverParams } from 'vscode-languageserver';
import { MarkupKind } from 'vscode-languageserver';
import { signalOf } from '../guard';
import { findingsAt, reviewNow, type Session } from '../session';
import { toRange } from '../toProtocol';

export async function hover(session: Session, params: HoverParams, token: CancellationToken): Promise<Hover | null> {
  const opened = session.projects.openFile(params.textDocument.uri);
  if (!opened) return null;
  const { review } = await reviewNow(session, opened, signalOf(token));
  const offset = opened.text.offsetAt(params.position);
  const sketched = findingsAt(review, offset, offset).filter(({ sketch }) => sketch !== undefined);
  const [first] = sketched;
  if (!first) return null;
  const value = sketched.map(({ sketch }) => sketch).join('\n\n---\n\n');
  return { contents: { kind: MarkupKind.Markdown, value }, range: toRange(opened.text, first.at) };
}
