/** `backendReviewer/proposedChange`: what a fix, or the way back of a migration, would make of its files, for a preview. */
import type { CancellationToken } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { migrationDownOf } from '../../workspace/migrationDown';
import { signalOf } from '../guard';
import { absolute, uriOf } from '../paths';
import type { OpenFile } from '../projects';
import type { ChangeTarget, ProposedChange, ProposedFile } from '../protocol';
import { reviewNow, type Session } from '../session';
import { toRange } from '../toProtocol';

/** Nothing for a file that no editor holds, and for a finding that is gone. */
export async function proposedChange(
  session: Session,
  target: ChangeTarget,
  token: CancellationToken,
): Promise<ProposedChange | null> {
  const opened = session.projects.openFile(target.uri);
  if (!opened) return null;
  return 'write' in target ? writtenDown(session, opened) : fixed(session, opened, target, token);
}

async function writtenDown({ projects }: Session, { reviewer, file }: OpenFile): Promise<ProposedChange> {
  const textOf = async (name: string) => (await projects.textOf(reviewer, name))?.getText();
  const down = await migrationDownOf(reviewer, file, textOf, { replaces: true });
  if ('because' in down) return { because: `No way back: ${down.because}.` };
  if ('because' in down.placed) return { because: `The way back cannot be put into the file: ${down.placed.because}.` };
  const { file: written, text } = down.placed;
  const before = await projects.textOf(reviewer, written);
  const uri = before?.uri ?? uriOf(absolute(reviewer.root, written));
  return { title: 'Write the down migration', files: [{ uri, before: before?.getText() ?? null, after: text }] };
}

async function fixed(
  session: Session,
  opened: OpenFile,
  { fingerprint, fix: index }: Extract<ChangeTarget, { fix: number }>,
  token: CancellationToken,
): Promise<ProposedChange | null> {
  const { review, texts } = await reviewNow(session, opened, signalOf(token));
  const fix = review.findings.find(finding => finding.fingerprint === fingerprint)?.fixes[index];
  if (!fix) return null;
  const files: ProposedFile[] = [];
  for (const file of new Set(fix.edits.map(({ at }) => at.file))) {
    const text = texts.get(file);
    if (!text) return null;
    const edits = fix.edits.filter(({ at }) => at.file === file);
    const after = TextDocument.applyEdits(
      text,
      edits.map(({ at, newText }) => ({ range: toRange(text, at), newText })),
    );
    files.push({ uri: text.uri, before: edits.some(({ creates }) => creates) ? null : text.getText(), after });
  }
  return { title: fix.title, files };
}
