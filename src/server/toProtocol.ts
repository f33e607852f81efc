/** The one place that translates findings into the Language Server Protocol: offsets to lines, levels to severities. */

import type { Diagnostic, Location, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding, Fix } from '../engine/finding';
import { messageOf } from '../engine/finding';
import type { Level } from '../engine/level';
import type { FileId, FileRange } from '../engine/place';
import type { FileReview, Reviewer } from '../workspace/reviewer';
import { absolute, uriOf } from './paths';
import type { Projects } from './projects';
import type { FindingCounts } from './protocol';
import { SOURCE } from './protocol';
import type { Workspace } from './workspace';

/** What a diagnostic carries to the code actions: enough to find its finding again. */
export interface DiagnosticData {
  readonly fingerprint: string;
}

/** The texts that a review's places lie in, by file. A file that is gone by now is missing. */
export type Texts = ReadonlyMap<FileId, TextDocument>;

/** The texts of every file that a review names. */
export async function textsOf(projects: Projects, reviewer: Reviewer, review: FileReview): Promise<Texts> {
  const files = new Set<FileId>([review.file]);
  const created = new Set<FileId>();
  for (const finding of review.findings) {
    for (const related of finding.related) files.add(related.at.file);
    for (const fix of finding.fixes) for (const edit of fix.edits) (edit.creates ? created : files).add(edit.at.file);
  }
  const texts = new Map<FileId, TextDocument>();
  for (const file of created)
    texts.set(file, TextDocument.create(uriOf(absolute(reviewer.root, file)), 'plaintext', 0, ''));
  for (const file of files) {
    const text = await projects.textOf(reviewer, file);
    if (text) texts.set(file, text);
  }
  return texts;
}

export const toRange = (text: TextDocument, at: { readonly start: number; readonly end: number }): Range => ({
  start: text.positionAt(at.start),
  end: text.positionAt(at.end),
});

const SEVERITY: Readonly<Record<Level, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** Hygiene, which a rule at `info` speaks of, is a hint; a hazard keeps its squiggle when weak evidence lowers it. */
function severityOf(finding: Finding, baseLevelOf: Workspace['baseLevelOf']): DiagnosticSeverity {
  const hygiene = finding.level === 'info' && baseLevelOf(finding.rule) === 'info';
  return hygiene ? DiagnosticSeverity.Hint : SEVERITY[finding.level];
}

/** Nothing when the finding's own text is gone. Related places whose text is gone are left out. */
export function toDiagnostic(finding: Finding, texts: Texts, workspace: Workspace): Diagnostic | undefined {
  const text = texts.get(finding.at.file);
  if (!text) return undefined;
  const page = workspace.pageOf(finding.rule);
  const data: DiagnosticData = { fingerprint: finding.fingerprint };
  const related = finding.related.flatMap(({ at, message }) => {
    const location = toLocation(at, texts);
    return location ? [{ location, message }] : [];
  });
  return {
    range: toRange(text, finding.at),
    severity: severityOf(finding, workspace.baseLevelOf),
    code: finding.rule,
    ...(page === undefined ? {} : { codeDescription: { href: uriOf(page) } }),
    source: SOURCE,
    message: messageOf(finding),
    ...(finding.rule === 'unused-suppression' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
    data,
  };
}

export const toDiagnostics = (review: FileReview, texts: Texts, workspace: Workspace): Diagnostic[] =>
  review.findings.flatMap(finding => toDiagnostic(finding, texts, workspace) ?? []);

function toLocation(at: FileRange, texts: Texts): Location | undefined {
  const text = texts.get(at.file);
  return text && { uri: text.uri, range: toRange(text, at) };
}

/**
 * The edits by file. Nothing when one of the files is gone: half a fix is none.
 * @param confirmed  what an editor asks the person to confirm, beside what would change
 */
export function toWorkspaceEdit(edits: Fix['edits'], texts: Texts, confirmed?: string): WorkspaceEdit | undefined {
  const changes: Record<string, TextEdit[]> = {};
  const created: string[] = [];
  for (const { at, newText, creates } of edits) {
    const text = texts.get(at.file);
    if (!text) return undefined;
    changes[text.uri] = [...(changes[text.uri] ?? []), { range: toRange(text, at), newText }];
    if (creates) created.push(text.uri);
  }
  if (created.length === 0 && confirmed === undefined) return { changes };
  const annotationId = confirmed === undefined ? {} : { annotationId: CONFIRMED };
  return {
    documentChanges: [
      ...created.map(uri => ({ kind: 'create' as const, uri, ...annotationId })),
      ...Object.entries(changes).map(([uri, own]) => ({
        textDocument: { uri, version: null },
        edits: own.map(edit => ({ ...edit, ...annotationId })),
      })),
    ],
    ...(confirmed === undefined
      ? {}
      : { changeAnnotations: { [CONFIRMED]: { label: confirmed, needsConfirmation: true } } }),
  };
}

/** The one annotation of an edit that is shown before it is made. */
const CONFIRMED = 'shown first';

export const countsOf = (findings: readonly Finding[]): FindingCounts => ({
  error: findings.filter(finding => finding.level === 'error').length,
  warning: findings.filter(finding => finding.level === 'warning').length,
  info: findings.filter(finding => finding.level === 'info').length,
});
