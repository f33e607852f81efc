/**
 * The system prompt for a language model: assembled from the role to fit the question and the model's budget. What may
 * never be missing goes in first, whatever the budget; then by how much it helps with this question.
 */
import { checklists, handOvers } from './collaboration';
import { findingsFor } from './findings';
import type { GroundedFinding, Grounding } from './grounding';
import { type Lens, type LensId, lensAskedFor, lenses } from './lenses';
import { DRAFTS, type DraftsPolicy, role } from './role';
import { specialityFor } from './specialities';
import { columnsTable } from './tableWords';
import { passagesFor } from './teamFiles';
import { tokensIn, withinTokens } from './tokens';
import { stackLine, tablesNamed } from './topics';

export interface PromptOptions {
  /** Tokens for the system prompt and the facts together. */
  readonly budget: number;
  readonly lens?: LensId;
  readonly drafts?: DraftsPolicy;
}

export interface Part {
  readonly name: string;
  readonly text: string;
}

/** The role's part of the prompt. Guardrails and identity are in whatever the budget; what else fits follows. */
export function systemPrompt(question: string, { budget, lens, drafts = 'draft' }: PromptOptions): string {
  return fitting(roleParts(question, lens, drafts), budget)
    .map(({ text }) => text)
    .join('\n\n');
}

/** Parts that no budget leaves out. */
const ALWAYS = new Set(['identity', 'guardrails']);

function fitting(parts: readonly Part[], budget: number): readonly Part[] {
  const chosen: Part[] = [];
  let left = budget;
  for (const part of parts) {
    const tokens = tokensIn(part.text);
    if (tokens > left && !ALWAYS.has(part.name)) continue;
    chosen.push(part);
    left -= tokens;
  }
  return chosen;
}

function roleParts(question: string, lensId: LensId | undefined, drafts: DraftsPolicy): readonly Part[] {
  const lens: Lens | undefined = lensAskedFor(question) ?? lenses.find(({ id }) => id === lensId);
  const speciality = specialityFor(question);
  const words = new Set(question.toLowerCase().match(/[a-z-]+/g) ?? []);
  const checklist = checklists.find(each => each.words.some(word => words.has(word)));
  const isReview = /review|\bpr\b|pull request|diff|look over/i.test(question);
  const parts: Part[] = [
    { name: 'identity', text: role.identity.join('\n') },
    { name: 'guardrails', text: listed('Never', role.guardrails) },
    {
      name: 'asked',
      text: listed(
        'Ask of every proposal',
        role.alwaysAsked.map(({ topic, question: asks }) => `${topic}: ${asks}`),
      ),
    },
    { name: 'style', text: listed('How you speak', role.style) },
  ];
  if (lens)
    parts.push({
      name: 'lens',
      text: `Look through the lens of ${lens.title.toLowerCase()}: ${lens.weighs} Ask: ${lens.asks}`,
    });
  if (isReview)
    parts.push({
      name: 'review order',
      text: listed(
        'Review in this order',
        role.reviewOrder.map(({ title, looksFor }) => `${title}: ${looksFor}`),
      ),
    });
  if (speciality)
    parts.push({
      name: 'speciality',
      text: `You know in depth: ${speciality.knows} You look first at ${speciality.looksFirst}.`,
    });
  parts.push({
    name: 'principles',
    text: listed(
      'What you hold to',
      role.principles.map(({ title, means }) => `${title}: ${means}`),
    ),
  });
  parts.push({ name: 'drafts', text: DRAFTS[drafts] });
  if (checklist)
    parts.push({
      name: 'checklist',
      text: listed(`Before you call it done (${checklist.title.toLowerCase()})`, checklist.items),
    });
  parts.push({
    name: 'hand-overs',
    text: listed(
      'Whom you work with',
      handOvers.map(
        each =>
          `${each.with} (${each.direction}): ${each.what}${each.acceptedWhen === undefined ? '' : `; accepted when ${each.acceptedWhen}`}`,
      ),
    ),
  });
  return parts;
}

const listed = (title: string, items: readonly string[]): string =>
  `${title}:\n${items.map(item => `- ${item}`).join('\n')}`;

/**
 * What the workspace tells for this question, each part marked as material. Facts that were computed come first, the
 * team's own words last; in a workspace without trust the latter are not there.
 * @param paths  what the question is about, where that is known: the findings told are theirs
 */
export async function groundingPrompt(
  question: string,
  grounding: Grounding,
  budget: number,
  paths: readonly string[] = [],
): Promise<readonly Part[]> {
  const [stack, schema] = await Promise.all([grounding.stack(), grounding.schema()]);
  const tables = tablesNamed(question, schema.tables);
  const parts: Part[] = [{ name: 'stack', text: `Stack: ${stackLine(stack) || 'unknown'}` }];
  for (const table of tables.slice(0, 4))
    parts.push({ name: `table ${table.name}`, text: `Table ${table.name}:\n${columnsTable(table)}` });
  if (tables.length === 0 && schema.tables.length > 0)
    parts.push({ name: 'tables', text: `Tables: ${schema.tables.map(({ name }) => name).join(', ')}` });
  const told = findingsFor(question, await findingsIn(grounding, paths))
    .slice(0, 20)
    .map(({ file, line, rule, what }) => `- ${file}:${line} ${rule}: ${what}`);
  if (told.length > 0)
    parts.push({ name: 'findings', text: withinTokens(`Findings of the review:\n${told.join('\n')}`, budget / 3) });
  const chosen = fitting(parts, budget * 0.7);
  const spent = chosen.reduce((sum, { text }) => sum + tokensIn(text), 0);
  const passages = grounding.trusted ? passagesFor(question, await grounding.teamFiles(), budget - spent) : [];
  const quoted = passages.map(({ file, heading, text }) => ({
    name: `${file} (${heading})`,
    text: asMaterial(file, text),
  }));
  // the marks around material cost as well
  return [...chosen, ...fitting(quoted, budget - spent)];
}

/** Of these files and folders, each once; of the workspace where none is named. */
async function findingsIn(grounding: Grounding, paths: readonly string[]): Promise<readonly GroundedFinding[]> {
  if (paths.length === 0) return (await grounding.findings()).findings;
  const found = new Map<string, GroundedFinding>();
  for (const path of paths)
    for (const finding of (await grounding.findings({ path })).findings)
      found.set(`${finding.file} ${finding.fingerprint}`, finding);
  return [...found.values()];
}

/**
 * A file's text as material: fenced by a mark that the text cannot close, since what looks like the mark is taken out.
 * The guardrails tell the model what that means.
 */
export const asMaterial = (file: string, text: string): string =>
  `<material from="${file.replace(/["<>]+/g, '').replace(/\s+/g, ' ')}">\n${text.replace(/<\/?material\b[^>]*>/gi, '')}\n</material>`;
