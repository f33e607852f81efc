/** `review_file`, `review_text`, `list_findings`: what the review says of code on disk, and of code that is not yet there. */
import { LEVELS, reaches } from '../../engine/level';
import { reviewValue, type Shown } from './findingWords';
import type { ReviewAsked, ToolFinding } from './host';
import { listOf, oneOf, path, taking, text, whole } from './parameters';
import { defineTool, isFailure } from './tool';

/** As long as a file may be that is reviewed at all. */
const LONGEST_TEXT = 2 * 1024 * 1024;

const MOST_IN_FILE = 60;
const MOST_LISTED = 40;

const rules = listOf(
  text('A rule id, like "n-plus-one".', { longest: 80 }),
  'Run exactly these rules. All that are on when left out.',
);
const lines = {
  startLine: whole('First line of the selection, from 1. Findings that touch the selection are returned.'),
  endLine: whole('Last line of the selection.'),
};

interface Selection {
  readonly startLine?: number;
  readonly endLine?: number;
}

function selected({ startLine, endLine }: Selection): Pick<Shown, 'isMeant'> {
  if (startLine === undefined && endLine === undefined) return {};
  const first = startLine ?? 1;
  const last = endLine ?? (startLine === undefined ? 1 : startLine);
  const touches = ({ line, endLine: end }: ToolFinding): boolean => line <= last && end >= first;
  return { isMeant: touches };
}

const selectionInWords = ({ startLine, endLine }: Selection): string =>
  startLine === undefined && endLine === undefined ? '' : `, lines ${startLine ?? 1} to ${endLine ?? startLine ?? 1}`;

export const reviewFile = defineTool({
  name: 'review_file',
  title: 'Review a file',
  description:
    'Reviews one backend source file or migration (JavaScript, TypeScript, Python, SQL) as it is saved: SQL injection, queries in loops, leaked connections, missing transactions, swallowed errors, secrets, migrations that lock or cannot be undone. Follows calls into other files of the project. Use it after you wrote or changed a file, and before you say that backend code is right. With startLine and endLine it tells of a selection only. Returns findings with file:line, what production would feel, a fingerprint for explain_finding and the fixes that apply_fix can make.',
  takes: taking({ path: path('The file, relative to the workspace.') }, { ...lines, rules }),
  async run({ path: file, rules: only, ...selection }, host, signal) {
    const reviewed = await host.review({ paths: [file], isOneFile: true, ...(only ? { rules: only } : {}) }, signal);
    if (isFailure(reviewed)) return reviewed;
    return reviewValue(reviewed, `${file}${selectionInWords(selection)}`, {
      ...selected(selection),
      most: MOST_IN_FILE,
    });
  },
});

export const reviewText = defineTool({
  name: 'review_text',
  title: 'Review text that is not saved',
  description:
    'Reviews the text of a backend file that is not on disk: code that you are about to write, or an unsaved buffer. The path says where it would stand, so that imports, the schema and the project configuration are found; the file need not exist, and nothing is written. Use it before you write a file, to hand over code without findings. Returns the same as review_file.',
  takes: taking(
    {
      path: path('Where the text stands or would stand, relative to the workspace, with the right extension.'),
      text: text('The whole text of the file.', { longest: LONGEST_TEXT, mayBeEmpty: true }),
    },
    { ...lines, rules },
  ),
  async run({ path: file, text: content, rules: only, ...selection }, host, signal) {
    const asked: ReviewAsked = { paths: [file], text: content, ...(only ? { rules: only } : {}) };
    const reviewed = await host.review(asked, signal);
    if (isFailure(reviewed)) return reviewed;
    return reviewValue(reviewed, `the text for ${file}${selectionInWords(selection)}`, {
      ...selected(selection),
      most: MOST_IN_FILE,
    });
  },
});

export const listFindings = defineTool({
  name: 'list_findings',
  title: 'List findings',
  description:
    'Lists the findings of the backend review in a folder or in the whole workspace, worst first. Use it to see where a codebase stands, or to look for one kind of problem with "rules". For one file review_file is quicker. Says how many files were reviewed and how many were left out, and why.',
  takes: taking(
    {},
    {
      path: path('A folder or file, relative to the workspace. The whole workspace when left out.'),
      rules,
      level: oneOf('The lowest level that is listed.', LEVELS),
      from: whole('Where in the list to begin, from 0, for the next page.', { least: 0 }),
    },
  ),
  async run({ path: at, rules: only, level, from }, host, signal) {
    const reviewed = await host.review(
      { paths: at === undefined ? [] : [at], ...(only ? { rules: only } : {}) },
      signal,
    );
    if (isFailure(reviewed)) return reviewed;
    return reviewValue(reviewed, at === undefined || at === '.' ? 'the workspace' : at, {
      ...(level ? { isMeant: (finding: ToolFinding) => reaches(finding.level, level) } : {}),
      ...(from === undefined ? {} : { from }),
      most: MOST_LISTED,
    });
  },
});
