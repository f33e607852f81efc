/** `/checklist`: one of the role's checklists, told by the words that are asked with. */
import { type AnswerPart, block, followUp } from '../answer';
import { checklists, handOvers } from '../collaboration';
import { stackLine } from '../topics';
import type { CommandContext } from './context';

export async function* checklist(rest: string, { grounding }: CommandContext): AsyncIterable<AnswerPart> {
  const words = new Set(rest.toLowerCase().match(/[a-z-]+/g) ?? []);
  const chosen =
    checklists.find(({ id }) => words.has(id)) ?? checklists.find(each => each.words.some(word => words.has(word)));
  if (!chosen) {
    yield block(
      `Which one?\n${checklists.map(({ id, title, items }) => `- \`/checklist ${id}\` ${title} (${items.length} points)`).join('\n')}`,
    );
    return;
  }
  const stack = stackLine(await grounding.stack());
  yield block(`# ${chosen.title}`);
  yield block(chosen.items.map(item => `- [ ] ${item}`).join('\n'));
  if (chosen.id === 'after')
    yield block(
      `## Handed on\n${handOvers
        .filter(({ direction }) => direction === 'gives')
        .map(
          each =>
            `- [ ] To ${each.with}: ${each.what}${each.acceptedWhen === undefined ? '' : ` (done when ${each.acceptedWhen})`}`,
        )
        .join('\n')}`,
    );
  if (chosen.id === 'before')
    yield block(
      `## Received\n${handOvers
        .filter(({ direction }) => direction === 'receives')
        .map(
          each =>
            `- [ ] From ${each.with}: ${each.what}${each.acceptedWhen === undefined ? '' : ` (usable when ${each.acceptedWhen})`}`,
        )
        .join('\n')}`,
    );
  if (stack !== '') yield block(`*Here that means: ${stack}.*`);
  for (const ask of NEXT[chosen.id] ?? []) yield followUp(ask);
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  security: ['/security'],
  'data-access': ['/performance'],
  migration: ['/migration'],
  endpoint: ['/endpoint'],
  production: ['/review'],
};
