/**
 * The offline guide: answers without a network, from the playbooks, the pages of the rules and the facts of the workspace.
 * It knows what it has and says when that is nothing.
 */
import { type Answerer, type AnswerPart, block, followUp, type Question } from './answer';
import { claimsIn } from './claim';
import { api } from './commands/api';
import { architecture } from './commands/architecture';
import { checklist } from './commands/checklist';
import type { CommandContext } from './commands/context';
import { endpoint } from './commands/endpoint';
import { explain, fix } from './commands/explain';
import { migration } from './commands/migration';
import { performance, review, security } from './commands/review';
import { schema } from './commands/schema';
import type { Grounding } from './grounding';
import { lensAskedFor } from './lenses';
import type { Library } from './library';
import { premises } from './premises';
import { askedIn, COMMANDS, type CommandName, commandNames } from './question';
import { isBare, pointedAt } from './thread';
import { ruleAnswer, topicsAnswer } from './topics';
import { topicsIn } from './topicsIn';
import { insecureWishes } from './wishes';

type Command = (rest: string, context: CommandContext) => AsyncIterable<AnswerPart>;

const RUN: Readonly<Record<CommandName, Command>> = {
  review,
  explain,
  fix,
  api,
  endpoint,
  schema,
  migration,
  architecture,
  security,
  performance,
  checklist,
};

export interface GuideOptions {
  /** For whoever writes the answer proper: without a word about itself, and silent where it has nothing. */
  readonly asDraft?: boolean;
}

export function offlineGuide(library: Library, { asDraft = false }: GuideOptions = {}): Answerer {
  return {
    offline: true,
    async *answer(question, grounding, signal) {
      for await (const part of answered(question, grounding, library, asDraft)) {
        signal?.throwIfAborted();
        yield part;
      }
    },
  };
}

async function* answered(
  question: Question,
  grounding: Grounding,
  library: Library,
  asDraft: boolean,
): AsyncIterable<AnswerPart> {
  const asked = askedIn(question.text);
  const context: CommandContext = { question, grounding, library };
  if (asked.kind === 'unknown-command') {
    const near = asked.near === undefined ? '' : ` Did you mean \`/${asked.near}\`?`;
    yield block(`There is no command \`/${asked.name}\`.${near}`);
    yield block(commandNames.map(name => `- \`/${name}\` ${COMMANDS[name]}`).join('\n'));
    return;
  }
  if (asked.kind === 'command') {
    yield* RUN[asked.name](asked.rest, context);
    if (!asDraft) yield block(COMMAND_FOOTER);
    return;
  }
  yield* inWords(asked.text, context, asDraft);
}

async function* inWords(text: string, context: CommandContext, asDraft: boolean): AsyncIterable<AnswerPart> {
  const { library } = context;
  const wishes = claimsIn(text, insecureWishes);
  const saidBy = new Set(wishes.map(({ playbook }) => playbook));
  // what a refusal says already need not be said again as a correction
  const wrong = claimsIn(text, premises).filter(({ playbook }) => playbook === undefined || !saidBy.has(playbook));
  const rule = ruleNamed(text, library);
  const fromClaims = [...wishes, ...wrong].flatMap(({ playbook }) => (playbook === undefined ? [] : [playbook]));
  const { tables } = await context.grounding.schema();
  const topics = topicsIn(
    text,
    library,
    fromClaims,
    tables.flatMap(({ name, columns }) => [name, ...columns.map(column => column.name)]),
  );

  const says = wishes.length > 0 || wrong.length > 0 || rule !== undefined;
  if (!says && (topics.length === 0 || isBare(text))) {
    const pointed = pointedAt(text, context.question.thread);
    if (pointed?.kind === 'finding') {
      yield* RUN[pointed.wants](pointed.at, context);
      if (!asDraft) yield block(COMMAND_FOOTER);
      return;
    }
    if (pointed) {
      yield* inWords(pointed.text, { ...context, question: { ...context.question, thread: [] } }, asDraft);
      return;
    }
  }
  if (!says && topics.length === 0) {
    if (asDraft) return;
    yield block(NOTHING);
    yield followUp('/review');
    yield followUp('/checklist production');
    return;
  }
  for (const { answer } of wishes) yield block(`**Not like that.** ${answer}`);
  for (const { answer } of wrong) yield block(`**First, the premise.** ${answer}`);
  const lens = lensAskedFor(text);
  if (lens) yield block(`*Through the lens of ${lens.title.toLowerCase()}:* ${lens.weighs} ${lens.asks}`);
  if (rule) yield* ruleAnswer(rule, context);
  yield* topicsAnswer(topics, text, context);
  if (!asDraft) yield block(FOOTER);
}

const ruleNamed = (text: string, library: Library) =>
  library.rules.find(({ id }) => id.includes('-') && new RegExp(`(?<![\\w-])${id}(?![\\w-])`, 'i').test(text));

/** The honest answer to what it has nothing on. */
export const NOTHING =
  'I have nothing on that: as the offline guide I answer questions about backend work (APIs, databases, migrations, security, performance, operations) from my playbooks and this workspace’s facts, and the commands `/review`, `/schema TABLE`, `/migration CHANGE`, `/endpoint METHOD /path` and `/checklist` always work.';

const FOOTER =
  '---\n*This is the offline guide: playbooks and this workspace’s facts, nothing was sent anywhere. A language model would help where your own code has to be read at length, or several of these weighed against each other.*';

const COMMAND_FOOTER =
  '---\n*Offline guide: made from this workspace’s facts, nothing was sent anywhere. A language model would help to write the code in full.*';
