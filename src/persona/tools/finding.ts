/** `explain_finding` and `apply_fix`: one finding, by the fingerprint that a review gave it, or by its place. */
import { briefly, isNothingCovered, nothingCovered } from './findingWords';
import type { ToolFinding, ToolHost } from './host';
import { path, taking, text, whole, yesOrNo } from './parameters';
import { defineTool, failure, isFailure, type ToolError } from './tool';

/** Of a rule's page. */
const LONGEST_PAGE = 6_000;
/** Of the diff of one fix. */
const LONGEST_DIFF = 6_000;
const MOST_RELATED = 20;

const which = {
  fingerprint: text('The finding’s fingerprint, or its first digits.', { longest: 80 }),
  line: whole('The line that it stands in, where the fingerprint is not known.'),
};

export const explainFinding = defineTool({
  name: 'explain_finding',
  title: 'Explain a finding',
  description:
    'Tells the whole story of one finding: what happens, what production will feel, the path through the code with file:line, what to do instead, every fix as a diff with its safety, and the page of its rule. Use it when a finding of review_file or list_findings is not obvious, or before you decide that it is wrong.',
  takes: taking({ path: path('The file that the finding is in, relative to the workspace.') }, which),
  async run({ path: file, ...asked }, host, signal) {
    const found = await findingIn(file, asked, host, signal);
    if (isFailure(found)) return found;
    const { why, sketch, related, fixes } = found;
    const page = host.rule(found.rule)?.page;
    return {
      ...briefly(found),
      why,
      ...(sketch === undefined ? {} : { sketch }),
      ...(related.length > 0
        ? {
            path: related
              .slice(0, MOST_RELATED)
              .map(({ file: at, line, says }) => ({ at: `${at}${line === undefined ? '' : `:${line}`}`, says })),
          }
        : {}),
      fixes: fixes.map(({ title, safety, diff }, fix) => ({ fix, title, safety, diff: cut(diff, LONGEST_DIFF) })),
      ...(page === undefined ? {} : { rulePage: cut(page, LONGEST_PAGE) }),
    };
  },
});

export const applyFix = defineTool({
  name: 'apply_fix',
  title: 'Apply a fix',
  description:
    'Makes one of the fixes that a finding offers, in the files on disk. "safe" fixes keep the behaviour; a "suggestion" changes which statements run, when or in what order, so read its diff first (preview: true returns it and writes nothing). Apply one, then review the file again: other findings keep their fingerprints while lines move. Use it instead of writing the change yourself: its result is proven not to break the code.',
  takes: taking(
    {
      path: path('The file that the finding is in, relative to the workspace.'),
      fingerprint: which.fingerprint,
    },
    {
      fix: whole('Which of its fixes, from 0; the first when left out.', { least: 0, most: 20 }),
      preview: yesOrNo('Only show the diff.'),
    },
  ),
  changes: true,
  async run({ path: file, fingerprint, fix = 0, preview }, host, signal) {
    const found = await findingIn(file, { fingerprint }, host, signal);
    if (isFailure(found)) return found;
    const offered = found.fixes.map(({ title }, index) => `${index}: ${title}`);
    if (!found.fixes[fix])
      return failure(
        'no-fix',
        offered.length > 0
          ? `The finding has no fix ${fix}.`
          : `No fix is offered for ${found.rule} at ${found.file}:${found.line}, because no rewrite is certain to be right there.`,
        offered.length > 0 ? `It offers ${offered.join('; ')}.` : `Do it by hand: ${found.remedy}`,
      );
    const proposed = await host.fix({ path: found.file, fingerprint: found.fingerprint, fix }, signal);
    if (isFailure(proposed)) return proposed;
    const told = {
      title: proposed.title,
      safety: proposed.safety,
      files: proposed.files.map(({ path: changed }) => changed),
      diff: cut(proposed.diff, LONGEST_DIFF),
    };
    if (preview === true || !host.write)
      return { written: false, ...(preview === true ? {} : { because: SHOWN_ONLY }), ...told };
    const outcome = await host.write(proposed);
    if (typeof outcome !== 'string') return outcome;
    if (outcome === 'declined')
      return failure(
        'declined',
        'The person did not agree to the change; nothing was written.',
        'Ask what they would rather have, and do not make the change in another way.',
      );
    return { written: true, ...told, next: `Review ${file} again.` };
  },
});

const SHOWN_ONLY = 'Nothing may be written here: make the change of the diff yourself, if the person wants it.';

const cut = (long: string, most: number): string => (long.length > most ? `${long.slice(0, most)}\n…` : long);

interface FindingAsked {
  readonly fingerprint?: string;
  readonly line?: number;
}

async function findingIn(
  file: string,
  { fingerprint, line }: FindingAsked,
  host: ToolHost,
  signal: AbortSignal | undefined,
): Promise<ToolFinding | ToolError> {
  if (fingerprint === undefined && line === undefined)
    return failure(
      'invalid-arguments',
      'Neither "fingerprint" nor "line" is given.',
      'Take the fingerprint from review_file or list_findings.',
    );
  const reviewed = await host.review({ paths: [file], isOneFile: true }, signal);
  if (isFailure(reviewed)) return reviewed;
  if (isNothingCovered(reviewed)) return nothingCovered(file, reviewed);
  const { findings } = reviewed;
  const own = findings.filter(finding =>
    fingerprint === undefined ? finding.line === line : isKnownAs(finding, fingerprint),
  );
  const exact = own.filter(finding => line === undefined || finding.line === line);
  const [first, ...others] = exact.length > 0 ? exact : own;
  const asked = fingerprint === undefined ? `in line ${line}` : `known as "${fingerprint}"`;
  if (!first)
    return failure(
      'not-found',
      `${file} has no finding ${asked}. It may be mended already.`,
      findings.length > 0
        ? `It has these: ${findings.slice(0, 12).map(short).join('; ')}${findings.length > 12 ? '; …' : ''}.`
        : 'There is no finding in it now.',
    );
  if (others.length > 0)
    return failure(
      'invalid-arguments',
      `${others.length + 1} findings are ${asked}.`,
      `Ask with one of these fingerprints: ${[first, ...others].slice(0, 12).map(short).join('; ')}.`,
    );
  return first;
}

const short = ({ fingerprint, rule, line }: ToolFinding): string => `${fingerprint} (${rule}, line ${line})`;

/** By the fingerprint or its beginning; `:2` tells equal ones apart. */
function isKnownAs(finding: ToolFinding, asked: string): boolean {
  const [digits = '', ordinal] = asked.trim().toLowerCase().split(':');
  const [own = '', ownOrdinal] = finding.fingerprint.split(':');
  return digits.length >= 4 && own.startsWith(digits) && ownOrdinal === ordinal;
}
