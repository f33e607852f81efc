/** A playbook as an answer: what the workspace says of it first, then what to ask, then what to do. */
import { editDistance } from '../engine/nearest';
import { type AnswerPart, block, followUp, linkTo, refer } from './answer';
import type { CommandContext } from './commands/context';
import { filled, inWorkspaceTerms, namesAround } from './fill';
import type { FindingsFacts, GroundedFinding, SchemaFacts, StackFacts, TableFacts } from './grounding';
import type { RulePage } from './library';
import { type Playbook, type Section, sectionOf } from './playbook';
import { tableLine } from './tableWords';
import { passagesFor } from './teamFiles';

/** What of the team's files goes into an offline answer, in tokens: enough to be reminded, and to open the file. */
const PASSAGES_BUDGET = 300;

/** Of one topic. Of several, each is told shorter. */
const WHOLE: readonly (readonly [section: Section, heading: string])[] = [
  ['When it matters', ''],
  ['Ask first', 'Before proposing, I would ask'],
  ['Recommendation', 'What I would do'],
  ['What it costs', 'What it costs'],
  ['Sketch', 'Sketch'],
  ['How to verify', 'How to verify'],
  ['Rollback', 'Way back'],
  ['Pitfalls', 'Pitfalls'],
];
const SHORT: readonly Section[] = ['Ask first', 'Recommendation', 'Sketch', 'Pitfalls'];

export async function* topicsAnswer(
  topics: readonly Playbook[],
  text: string,
  { grounding, library }: CommandContext,
): AsyncIterable<AnswerPart> {
  if (topics.length === 0) return;
  const [stack, schema] = await Promise.all([grounding.stack(), grounding.schema()]);
  const tables = tablesNamed(text, schema.tables);
  const names = namesAround(tables[0], schema);
  yield* factsFirst(text, tables, stack, schema, grounding.trusted ? await grounding.teamFiles() : []);
  for (const playbook of topics) {
    yield block(`## ${filled(playbook.title, names)}`);
    if (playbook.rules.length > 0) yield* findingsOf(playbook, await grounding.findings({ rules: playbook.rules }));
    for (const [section, heading] of WHOLE) {
      if (topics.length > 1 && !SHORT.includes(section)) continue;
      const written = inWorkspaceTerms(filled(sectionOf(playbook, section), names), stack);
      yield block(heading === '' ? written : `### ${heading}\n${written}`);
    }
  }
  if (tables[0]) yield block(`*Names in the sketch that \`${tables[0].name}\` does not have are placeholders.*`);
  const next = [...new Set(topics.flatMap(topic => topic.next))].filter(id => !topics.some(topic => topic.id === id));
  for (const id of next.slice(0, 3)) {
    const playbook = library.playbook(id);
    if (playbook) yield followUp(playbook.title);
  }
  if (tables[0]) yield followUp(`/schema ${tables[0].name}`);
}

async function* factsFirst(
  text: string,
  tables: readonly TableFacts[],
  stack: StackFacts,
  schema: SchemaFacts,
  teamFiles: Parameters<typeof passagesFor>[1],
): AsyncIterable<AnswerPart> {
  const lines: string[] = [];
  const inUse = stackLine(stack);
  if (inUse !== '') lines.push(`- Stack: ${inUse}`);
  for (const manifest of stack.manifests.slice(0, 2)) yield refer(manifest);
  for (const table of tables.slice(0, 3)) {
    lines.push(`- ${tableLine(table)}${table.from ? ` (${linkTo(table.from)})` : ''}`);
    if (table.from) yield refer({ ...table.from, title: `the table ${table.name}` });
  }
  if (tables.length === 0 && schema.tables.length > 0) {
    const some = schema.tables
      .slice(0, 6)
      .map(({ name }) => `\`${name}\``)
      .join(', ');
    lines.push(
      `- Schema: ${schema.tables.length} tables from the migrations (${some}${schema.tables.length > 6 ? ', …' : ''}); name one and the sketch uses it`,
    );
  }
  for (const passage of passagesFor(text, teamFiles, PASSAGES_BUDGET)) {
    yield refer({ file: passage.file, line: passage.line, title: passage.heading });
    lines.push(`- Your team’s ${linkTo(passage)} says under “${oneLine(passage.heading)}”:\n${quoted(passage.text)}`);
  }
  if (lines.length > 0) yield block(`**In this workspace**\n${lines.join('\n')}`);
}

async function* findingsOf({ rules }: Playbook, { findings, reviewed, of }: FindingsFacts): AsyncIterable<AnswerPart> {
  if (findings.length === 0) {
    if (reviewed > 0)
      yield block(
        `The review finds nothing of this kind here (${rules.map(rule => `\`${rule}\``).join(', ')}; ${reviewed} of ${of} files looked at).`,
      );
    return;
  }
  yield block(
    `**Found here already:** ${findings.length} ${findings.length === 1 ? 'place' : 'places'}\n${findings.slice(0, 3).map(findingLine).join('\n')}`,
  );
  for (const { file, line, rule } of findings.slice(0, 3)) yield refer({ file, line, title: rule });
}

export const findingLine = (finding: GroundedFinding): string =>
  `- ${linkTo(finding)} \`${finding.rule}\`: ${oneLine(finding.what)}`;

/** Of the page of a rule that the question names. */
export async function* ruleAnswer(rule: RulePage, { grounding }: CommandContext): AsyncIterable<AnswerPart> {
  yield block(`## The rule \`${rule.id}\`\n${pageBody(rule)}`);
  const { findings } = await grounding.findings({ rules: [rule.id] });
  if (findings.length > 0) yield block(`**Here:**\n${findings.slice(0, 5).map(findingLine).join('\n')}`);
  for (const { file, line } of findings.slice(0, 5)) yield refer({ file, line, title: rule.id });
  if (grounding.trusted)
    yield { kind: 'action', action: { kind: 'show-rule', title: `Open ${rule.id}`, rule: rule.id } };
}

/** A rule's page without its own head and settings. */
export const pageBody = ({ page }: RulePage): string =>
  page
    .replace(/^# .+\n+Level: .+\n+/, '')
    .replace(/\n## Settings[\s\S]*$/, '')
    .replace(/^## /gm, '### ')
    .trim();

/** Tables that the text names, the longest name first; `order` and `ordres` find `orders`. */
export function tablesNamed(text: string, tables: readonly TableFacts[]): readonly TableFacts[] {
  const words = new Set(text.toLowerCase().match(/[a-z_][a-z0-9_]*/g) ?? []);
  const spaced = text.toLowerCase().replace(/\s+/g, '_');
  const named = tables.filter(({ name }) => {
    const [plain, singular] = formsOf(name);
    if (words.has(plain) || words.has(singular)) return true;
    return plain.includes('_') && (spaced.includes(plain) || spaced.includes(singular));
  });
  const found = named.length > 0 ? named : tables.filter(({ name }) => [...words].some(word => isMisspelt(word, name)));
  return found.toSorted((left, right) => right.name.length - left.name.length);
}

const formsOf = (name: string): readonly [plain: string, singular: string] => {
  const plain = name.toLowerCase();
  return [plain, plain.replace(/ies$/, 'y').replace(/s$/, '')];
};

/** One slip, in a word that is long enough to be told from others. */
const isMisspelt = (word: string, name: string): boolean =>
  word.length > 4 &&
  word[0] === name[0]?.toLowerCase() &&
  formsOf(name).some(form => form.length > 4 && editDistance(word, form) === 1);

export const stackLine = ({ uses, dialect, dialectKnown, language }: StackFacts): string =>
  [
    ...(language === 'unknown' ? [] : [LANGUAGE_NAMES[language]]),
    ...(dialectKnown ? [dialect] : []),
    ...uses.map(({ name }) => name),
  ].join(', ');

const LANGUAGE_NAMES = {
  typescript: 'TypeScript or JavaScript',
  python: 'Python',
  go: 'Go',
  java: 'Java',
  php: 'PHP',
} as const;

/** What a file says is quoted, so that nothing in it reads as said by us. */
export const quoted = (text: string): string =>
  text
    .split('\n')
    .slice(0, 8)
    .map(line => `  > ${line.replace(/^#+ /, '')}`)
    .join('\n');

export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
