/** `/explain` and `/fix`: one finding by its fingerprint, its place or its rule. */
import { type AnswerPart, block, followUp, linkTo, refer } from '../answer';
import type { GroundedFinding } from '../grounding';
import { findingLine, oneLine, pageBody, ruleAnswer } from '../topics';
import type { CommandContext } from './context';
import { actionsOf } from './review';

export async function* explain(rest: string, context: CommandContext): AsyncIterable<AnswerPart> {
  const rule = context.library.rule(rest.trim().replaceAll('`', ''));
  if (rule) {
    yield* ruleAnswer(rule, context);
    return;
  }
  const found = await findingFor(rest, context);
  if ('says' in found) {
    yield* notFound(found, 'explain');
    return;
  }
  const { finding } = found;
  yield refer({ file: finding.file, line: finding.line, title: finding.rule });
  yield block(`# ${oneLine(finding.what)}`);
  yield block(`${linkTo(finding)}, \`${finding.rule}\`, ${finding.level}`);
  yield block(`**What production feels.** ${finding.why}`);
  yield block(`**What to do.** ${finding.remedy}`);
  if (finding.sketch) yield block(finding.sketch);
  if (finding.related.length > 0) {
    yield block(`**How it comes about**\n${finding.related.map(each => `- ${linkTo(each)} ${each.says}`).join('\n')}`);
    for (const { file, line, says } of finding.related) yield refer({ file, line, title: says });
  }
  const page = context.library.rule(finding.rule);
  if (page) yield block(`## The rule \`${page.id}\`\n${withoutExamples(pageBody(page))}`);
  if (context.grounding.trusted) yield* actionsOf(finding);
  if (finding.fixes.length > 0) yield followUp(`/fix ${finding.fingerprint}`, 'Show the fix');
}

/** What it is about and when to leave it: the finding itself is the example. */
const withoutExamples = (page: string): string =>
  page.replace(/^### (?:Flags|Stays silent)\n[\s\S]*?(?=^### |$(?![\s\S]))/gm, '').trim();

export async function* fix(rest: string, context: CommandContext): AsyncIterable<AnswerPart> {
  const found = await findingFor(rest, context);
  if ('says' in found) {
    yield* notFound(found, 'fix');
    return;
  }
  const { finding } = found;
  yield refer({ file: finding.file, line: finding.line, title: finding.rule });
  yield block(`# ${oneLine(finding.what)}\n${linkTo(finding)}, \`${finding.rule}\``);
  if (finding.fixes.length === 0) {
    yield block(
      `There is no ready fix for this one, because no rewrite is certain to be right here. ${finding.remedy}`,
    );
    if (finding.sketch) yield block(finding.sketch);
    yield followUp(`/explain ${finding.fingerprint}`, 'Explain it');
    return;
  }
  for (const { title, safety, diff } of finding.fixes)
    yield block(`## ${title}\n${SAFETY[safety]}\n\n\`\`\`diff\n${diff}\n\`\`\``);
  yield block(
    'Nothing was changed: apply it in the editor (light bulb, or the button below), then run the tests that cover this path.',
  );
  if (context.grounding.trusted) yield* actionsOf(finding);
}

const SAFETY = {
  safe: '*Safe:* it keeps the behaviour for honest input.',
  suggestion: '*A suggestion:* it changes which statements run, when or in what order. Read it before you take it.',
} as const;

interface NotFound {
  readonly says: string;
  readonly instead: readonly GroundedFinding[];
}

/** By fingerprint or its first digits, `file:line`, a file, or a rule; without any, the worst of what is in focus. */
async function findingFor(
  rest: string,
  { grounding, question }: CommandContext,
): Promise<{ readonly finding: GroundedFinding } | NotFound> {
  const asked = rest.trim().replaceAll('`', '');
  const place = /^([^\s:]+\.\w+)(?::(\d+))?/.exec(asked);
  const path = place?.[1]?.replace(/^\.\//, '') ?? (asked === '' ? question.focus?.file : undefined);
  const line = place?.[2] === undefined ? question.focus?.line : Number(place[2]);
  const { findings } = await grounding.findings(path === undefined ? {} : { path });
  const own = findings.filter(finding => {
    if (path !== undefined) return line === undefined || Math.abs(finding.line - line) <= 3;
    return (
      asked === '' ||
      finding.rule === asked ||
      (/^[0-9a-f]{4,}(?::\d+)?$/i.test(asked) && finding.fingerprint.startsWith(asked.toLowerCase()))
    );
  });
  // a cursor may stand anywhere: what is nearest in its file is meant
  const isCursor = asked === '' && path !== undefined && own.length === 0;
  const near = isCursor ? findings.filter(finding => finding.file === path) : own;
  const nearest =
    line === undefined ? near[0] : near.toSorted((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line))[0];
  if (nearest && (asked !== '' || path !== undefined)) return { finding: nearest };
  return {
    says:
      asked === ''
        ? 'Which finding? Name it by its digits, by `file:line` or by its rule.'
        : `Nothing is found by \`${asked}\`.`,
    instead: (path === undefined ? findings : findings.filter(finding => finding.file === path)).slice(0, 8),
  };
}

async function* notFound({ says, instead }: NotFound, command: string): AsyncIterable<AnswerPart> {
  yield block(says);
  if (instead.length === 0) return;
  yield block(
    `There are these:\n${instead.map(finding => `${findingLine(finding)} \`/${command} ${finding.fingerprint}\``).join('\n')}`,
  );
  for (const { file, line, rule } of instead) yield refer({ file, line, title: rule });
}
