/** `ask`: a question about backend work or about a workspace, answered on a terminal as `@backend` does in an editor. */
import { resolve } from 'node:path';
import { wholeAnswer } from '../persona/answer';
import { offlineGuide } from '../persona/guide';
import { openLibrary } from '../persona/library';
import { readPlaybooks } from '../persona/playbooks/all';
import { groundingOf } from '../workspace/grounding';
import { UsageError } from '../workspace/usageError';
import type { Review, Terminal } from './check';
import type { AskArguments } from './commandLine';

/** @throws UsageError for a folder that is not there */
export async function ask(asked: AskArguments, terminal: Terminal, review: Review): Promise<0> {
  const folder = resolve(terminal.folder, asked.workspace ?? '.').replaceAll('\\', '/');
  const kind = (await review.files.stat(folder))?.kind;
  if (kind !== 'folder')
    throw new UsageError(
      `--workspace ${asked.workspace ?? '.'}: ${kind === undefined ? 'there is no such folder' : 'it is no folder'}`,
    );
  const library = openLibrary(
    readPlaybooks(),
    review.rules.map(({ id, summary, page }) => ({ id, summary, page: page ?? summary })),
  );
  const guide = offlineGuide(library);
  // a person who asks on a terminal has chosen this folder
  const grounding = groundingOf({ folder, trusted: true }, review);
  const parts = guide.answer({ text: asked.question }, grounding);
  if (asked.format === 'markdown') {
    const references: string[] = [];
    for await (const part of parts) {
      if (part.kind === 'text') await terminal.stdout.write(part.markdown);
      if (part.kind === 'follow-up') references.push(`- ${part.ask}`);
    }
    if (references.length > 0) await terminal.stdout.write(`**Ask next**\n${references.join('\n')}\n`);
    return 0;
  }
  const { markdown, references } = await wholeAnswer(parts);
  const answer = { answer: markdown, references, offline: guide.offline };
  await terminal.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  return 0;
}
