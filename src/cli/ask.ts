/** `ask`: a question about backend work or about a workspace, answered on a terminal as `@backend` does in an editor. */
import { resolve } from 'node:path';
import { DEFAULT_INPUT_TOKENS, type Endpoint, OPENAI, urlOf } from '../models/endpoint';
import { type Answerer, type AnswerPart, wholeAnswer } from '../persona/answer';
import { callableTools } from '../persona/callable';
import type { ChatModel } from '../persona/chatModel';
import { answererWith } from '../persona/conversation';
import { offlineGuide } from '../persona/guide';
import { openLibrary } from '../persona/library';
import { readPlaybooks } from '../persona/playbooks/all';
import { groundingOf } from '../workspace/grounding';
import { toolHostOf } from '../workspace/toolHost';
import { UsageError } from '../workspace/usageError';
import type { Review, Terminal } from './check';
import type { AskArguments } from './commandLine';
import { harmless } from './terminal';

/**
 * @throws UsageError for a folder that is not there, and for an endpoint that cannot be asked
 * @throws EndpointFailure
 */
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
  // a person who asks on a terminal has chosen this folder
  const grounding = groundingOf({ folder, trusted: true }, review);
  const answerer: Answerer = asked.model
    ? answererWith(await modelFor(asked.model, terminal.environment), {
        guide: offlineGuide(library, { asDraft: true }),
        tools: callableTools(
          toolHostOf({ folder, trusted: true, rules: library.rules, openLab: noLab }, review),
          grounding,
        ),
      })
    : offlineGuide(library);
  const parts = answerer.answer({ text: asked.question }, grounding);
  if (asked.format === 'markdown') await write(parts, terminal);
  else {
    const { markdown, references } = await wholeAnswer(parts);
    const answer = { answer: markdown, references, offline: answerer.offline };
    await terminal.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  }
  return 0;
}

/** What a model may call only looks. */
const noLab = (): never => {
  throw new Error('no migration is run for an answer');
};

async function write(parts: AsyncIterable<AnswerPart>, { stdout }: Terminal): Promise<void> {
  const next: string[] = [];
  let isWhole = true;
  for await (const part of parts) {
    if (part.kind === 'follow-up') next.push(`- ${part.ask}`);
    if (part.kind !== 'text') continue;
    // a file or a model may say anything, and a terminal does what it is told
    const shown = part.markdown.replace(/[^\n\t]+/g, harmless);
    await stdout.write(shown);
    isWhole = shown.endsWith('\n');
  }
  if (!isWhole) await stdout.write('\n');
  if (next.length > 0) await stdout.write(`${isWhole ? '' : '\n'}**Ask next**\n${next.join('\n')}\n`);
}

/** Its client is loaded when a model is asked for: it is most of what this would weigh. */
async function modelFor(
  { name, baseUrl }: NonNullable<AskArguments['model']>,
  environment: Terminal['environment'],
): Promise<ChatModel> {
  const key = environment.OPENAI_API_KEY || undefined;
  if (baseUrl === undefined && key === undefined)
    throw new UsageError(
      '--model asks OpenAI: put your key into OPENAI_API_KEY, or name another endpoint with --base-url',
    );
  const endpoint: Endpoint = {
    baseUrl: baseUrl ?? OPENAI,
    model: name,
    maxInputTokens: DEFAULT_INPUT_TOKENS,
    ...(key === undefined ? {} : { key }),
  };
  const url = urlOf(endpoint);
  const [{ openAiModel }, { proxyFor }] = await Promise.all([
    import('../models/openAiModel'),
    import('../models/proxy'),
  ]);
  const proxy = proxyFor(url, environment);
  return openAiModel(endpoint, proxy === undefined ? {} : { proxy });
}
