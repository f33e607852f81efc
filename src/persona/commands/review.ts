/** `/review`, `/security` and `/performance`: findings in the order in which a senior engineer would raise them. */
import type { Concern } from '../../engine/rule';
import { type AnswerPart, block, followUp, linkTo, refer } from '../answer';
import { checklists } from '../collaboration';
import type { FindingsFacts, GroundedFinding, Grounding } from '../grounding';
import { role } from '../role';
import { oneLine, topicsAnswer } from '../topics';
import { topicsIn } from '../topicsIn';
import type { CommandContext } from './context';

/** What of each concern is told in full; the rest is counted. */
const TOLD = 5;

export async function* review(rest: string, context: CommandContext): AsyncIterable<AnswerPart> {
  const { grounding } = context;
  const scope = await scopeOf(rest, context);
  if ('because' in scope) {
    yield block(`There is no change that I could review: ${scope.because}.`);
    yield followUp('/review');
    return;
  }
  const facts = await findingsOf(scope, grounding);
  yield block(`# Review of ${scope.title}`);
  yield block(summary(facts));
  if (facts.elsewhere > 0)
    yield block(`${facts.elsewhere} more in the same ${scope.paths.length === 1 ? 'file' : 'files'}, outside of it.`);
  for (const { id, title, looksFor } of role.reviewOrder) {
    if (id === 'tests') continue;
    yield* concern(
      title,
      facts.findings.filter(finding => finding.concern === id),
      looksFor,
      context,
    );
  }
  yield* tests(facts, scope.paths.length > 0, context);
  const [worst] = byWeight(facts.findings);
  if (worst) {
    yield followUp(`/explain ${worst.fingerprint}`, `Explain ${worst.rule} in line ${worst.line}`);
    if (worst.fixes.length > 0)
      yield followUp(`/fix ${worst.fingerprint}`, `Show the fix of ${worst.rule} in line ${worst.line}`);
  }
  if (facts.findings.some(finding => finding.concern === 'security'))
    yield followUp('/security', 'What else about security?');
}

/** What of the workspace is reviewed. */
interface Scope {
  readonly title: string;
  /** All of it where empty. */
  readonly paths: readonly string[];
  readonly isMeant?: (finding: GroundedFinding) => boolean;
}

/** What is named; else the change where one is asked for; else what is attached, selected or open. */
async function scopeOf(
  rest: string,
  { grounding, question: { focus, attached = [] } }: CommandContext,
): Promise<Scope | { readonly because: string }> {
  // what is pasted below the first line is something else
  const [words = ''] = rest.split('\n');
  const path = pathIn(words);
  if (path !== undefined) return { title: `\`${path}\``, paths: [path] };
  if (/\b(?:changes?|changed|diff|uncommitted|unstaged|staged|git|branch|pr|pull request|commit)\b/i.test(words))
    return changeScope(grounding);
  if (/\b(?:workspace|project|everything|all)\b/i.test(words)) return WORKSPACE;
  const places = attached.length > 0 ? attached : focus ? [focus] : [];
  if (places.length === 0) return WORKSPACE;
  const wholeFiles = /\bfile\b/i.test(words);
  const names = places.map(({ file, line, endLine }) =>
    endLine === undefined || wholeFiles ? `\`${file}\`` : `\`${file}\`, lines ${line} to ${endLine}`,
  );
  return {
    title: names.join(', '),
    paths: [...new Set(places.map(({ file }) => file))],
    isMeant: finding =>
      places.some(
        ({ file, line, endLine }) =>
          (finding.file === file || finding.file.startsWith(`${file}/`)) &&
          (wholeFiles ||
            line === undefined ||
            endLine === undefined ||
            (finding.line >= line && finding.line <= endLine)),
      ),
  };
}

const WORKSPACE: Scope = { title: 'the workspace', paths: [] };

async function changeScope(grounding: Grounding): Promise<Scope | { readonly because: string }> {
  const change = await grounding.changes();
  if ('because' in change) return change;
  if (change.files.length === 0) return { because: `nothing differs from \`${change.against}\`` };
  const lines = new Map(change.files.map(each => [each.file, each.lines]));
  const count = change.files.length;
  return {
    title: `the change against \`${change.against}\` (${count} ${count === 1 ? 'file' : 'files'})`,
    paths: change.files.map(({ file }) => file),
    isMeant({ file, line, related }) {
      const touches = (at: string, own: number): boolean => {
        const changed = lines.get(at);
        return changed === 'all' || (changed?.some(([first, last]) => own >= first && own <= last) ?? false);
      };
      // a changed line may be what makes another one wrong
      return touches(file, line) || related.some(each => each.line !== undefined && touches(each.file, each.line));
    },
  };
}

interface ScopedFindings extends FindingsFacts {
  /** Found in the same files, and not meant. */
  readonly elsewhere: number;
}

async function findingsOf({ paths, isMeant }: Scope, grounding: Grounding): Promise<ScopedFindings> {
  const facts =
    paths.length === 0 ? [await grounding.findings()] : await inTurn(paths, path => grounding.findings({ path }));
  const all = new Map(
    facts.flatMap(({ findings }) => findings).map(each => [`${each.file} ${each.fingerprint}`, each]),
  );
  const findings = [...all.values()].filter(finding => isMeant?.(finding) ?? true);
  const sum = (of: (each: FindingsFacts) => number): number => facts.reduce((total, each) => total + of(each), 0);
  return {
    findings,
    reviewed: sum(({ reviewed }) => reviewed),
    of: sum(each => each.of),
    elsewhere: all.size - findings.length,
  };
}

/** One after the other: reviews share what they compute. */
async function inTurn<T, U>(items: readonly T[], ask: (item: T) => Promise<U>): Promise<readonly U[]> {
  const answers: U[] = [];
  for (const item of items) answers.push(await ask(item));
  return answers;
}

export const security = (rest: string, context: CommandContext): AsyncIterable<AnswerPart> =>
  oneConcern('security', 'security', rest, context);

export const performance = (rest: string, context: CommandContext): AsyncIterable<AnswerPart> =>
  oneConcern('performance', 'data-access', rest, context);

async function* oneConcern(
  id: Concern,
  list: string,
  rest: string,
  context: CommandContext,
): AsyncIterable<AnswerPart> {
  const path = pathIn(rest);
  const facts = await context.grounding.findings(path === undefined ? {} : { path });
  const own = facts.findings.filter(finding => finding.concern === id);
  const step = role.reviewOrder.find(each => each.id === id);
  yield block(`# ${step?.title ?? id}${path === undefined ? '' : ` of \`${path}\``}`);
  yield block(summary({ ...facts, findings: own }));
  yield* concern('Findings', own, step?.looksFor ?? '', context);
  const checks = checklists.find(each => each.id === list);
  if (checks)
    yield block(`## What a tool cannot see: ask yourselves\n${checks.items.map(item => `- [ ] ${item}`).join('\n')}`);
  const topic = path === undefined && rest !== '' ? topicsIn(rest, context.library, []) : [];
  yield* topicsAnswer(topic, rest, context);
  const [worst] = byWeight(own);
  if (worst) yield followUp(`/explain ${worst.fingerprint}`, `Explain ${worst.rule} in line ${worst.line}`);
}

function summary({ findings, reviewed, of }: FindingsFacts): string {
  const looked =
    reviewed === of
      ? `${of} ${of === 1 ? 'file' : 'files'} looked at`
      : `${reviewed} of ${of} files looked at; name a file or folder for the rest`;
  if (findings.length === 0)
    return `Nothing found (${looked}). That is no proof of health: a review by rules knows only what its rules know.`;
  const counts = (['error', 'warning', 'info'] as const).flatMap(level => {
    const count = findings.filter(finding => finding.level === level).length;
    return count === 0
      ? []
      : [`${count} ${level === 'info' ? 'information' : level}${count === 1 || level === 'info' ? '' : 's'}`];
  });
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}: ${counts.join(', ')} (${looked}).`;
}

async function* concern(
  title: string,
  findings: readonly GroundedFinding[],
  looksFor: string,
  { grounding }: CommandContext,
): AsyncIterable<AnswerPart> {
  yield block(`## ${title}`);
  if (findings.length === 0) {
    yield block(`Nothing found. Looked for: ${looksFor}.`);
    return;
  }
  const ordered = byWeight(findings);
  for (const finding of ordered.slice(0, TOLD)) {
    yield block(told(finding));
    yield refer({ file: finding.file, line: finding.line, title: finding.rule });
    if (grounding.trusted) yield* actionsOf(finding);
  }
  const rest = ordered.slice(TOLD);
  if (rest.length > 0) yield block(`And ${rest.length} more: ${counted(rest)}.`);
}

export function* actionsOf({ file, fingerprint, fixes, rule }: GroundedFinding): Iterable<AnswerPart> {
  for (const [fix, { title, safety }] of fixes.entries())
    yield {
      kind: 'action',
      action: {
        kind: 'apply-fix',
        title: safety === 'safe' ? title : `${title} (look at it first)`,
        file,
        fingerprint,
        fix,
      },
    };
  yield { kind: 'action', action: { kind: 'show-rule', title: `Open ${rule}`, rule } };
}

function told(finding: GroundedFinding): string {
  const fix = finding.fixes[0];
  const mend = fix ? ` Fix at hand (${fix.safety}): \`/fix ${finding.fingerprint.slice(0, 8)}\`.` : '';
  return `- **${finding.level}** ${linkTo(finding)} \`${finding.rule}\`\n  ${oneLine(finding.what)} ${oneLine(finding.why)} ${oneLine(finding.remedy)}${mend}`;
}

const counted = (findings: readonly GroundedFinding[]): string => {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, count]) => `\`${rule}\`${count > 1 ? ` ×${count}` : ''}`).join(', ');
};

const LEVELS = { error: 0, warning: 1, info: 2 } as const;

const byWeight = (findings: readonly GroundedFinding[]): readonly GroundedFinding[] =>
  findings.toSorted((left, right) => LEVELS[left.level] - LEVELS[right.level]);

/** What is not tested of the files that have findings: told by names alone, and said so. */
async function* tests(facts: FindingsFacts, isPart: boolean, { grounding }: CommandContext): AsyncIterable<AnswerPart> {
  yield block('## Tests');
  const files = await grounding.files();
  const isTest = (file: string): boolean =>
    /(?:^|\/)(?:tests?|__tests__|spec)\/|[._-](?:test|spec)\.\w+$|(?:^|\/)test_/.test(file);
  const tested = new Set(files.filter(isTest).map(stemOfFile));
  const production = [...new Set(facts.findings.map(({ file }) => file))].filter(
    file => !isTest(file) && /\.(?:[cm]?[jt]sx?|py)$/.test(file) && !/migrations?\//.test(file),
  );
  const untested = production.filter(file => !tested.has(stemOfFile(file)));
  if (tested.size === 0) yield block(`No test file was found${isPart ? '' : ' in this workspace'}.`);
  else if (untested.length > 0)
    yield block(
      `Files with findings that no test file is named after (told by names, they may be tested elsewhere):\n${untested
        .slice(0, 8)
        .map(file => `- ${linkTo({ file })}`)
        .join('\n')}${untested.length > 8 ? `\n- and ${untested.length - 8} more` : ''}`,
    );
  yield block(
    'Worth a test before anything else: the refusal (not signed in, somebody else’s row), the failure half-way, the same request twice, and two at once.',
  );
}

const stemOfFile = (file: string): string =>
  (file.split('/').at(-1) ?? '')
    .replace(/^test_/, '')
    .replace(/(?:[._-](?:test|spec))?\.\w+$/, '')
    .toLowerCase();

/** A file or folder that is named, with what people put around it. */
export function pathIn(rest: string): string | undefined {
  const word = /(?:^|\s)[`"'#]?((?:[\w.@-]+\/)+[\w.@-]*|[\w@-][\w.@-]*\.\w+)[`"']?(?=\s|$)/.exec(rest)?.[1];
  return word?.replace(/^\.\//, '').replace(/\/$/, '');
}
