/** The status bar item: what the review of the file in front of you covered. */
import {
  Disposable,
  MarkdownString,
  StatusBarAlignment,
  type StatusBarItem,
  ThemeColor,
  window,
  workspace,
} from 'vscode';
import type { CoverageParams, FindingCounts } from '../server/protocol';
import { isReviewed } from './languages';
import type { ReviewServer } from './reviewServer';

export function showCoverage(server: ReviewServer): Disposable {
  const item = window.createStatusBarItem('backendReviewer.coverage', StatusBarAlignment.Left, -10);
  item.name = 'Backend Reviewer';
  const known = new Map<string, CoverageParams>();

  const show = (): void => {
    const document = window.activeTextEditor?.document;
    if (!document || !isReviewed(document)) {
      item.hide();
      return;
    }
    if (server.state === 'running') showReview(item, known.get(document.uri.toString()));
    else showState(item, server.state);
    item.show();
  };
  show();
  return Disposable.from(
    item,
    server.onState(state => {
      if (state !== 'running') known.clear();
      show();
    }),
    server.onCoverage(params => {
      known.set(params.uri, params);
      show();
    }),
    window.onDidChangeActiveTextEditor(show),
    workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString())),
  );
}

function showState(item: StatusBarItem, state: 'starting' | 'stopped'): void {
  const stopped = state === 'stopped';
  item.text = stopped ? '$(warning) Backend: stopped' : '$(loading~spin) Backend';
  item.tooltip = stopped
    ? 'The review has stopped. Click to start it again; the output says why it stopped.'
    : 'The review is starting.';
  item.command = stopped ? 'backendReviewer.restart' : 'backendReviewer.showOutput';
  item.backgroundColor = stopped ? new ThemeColor('statusBarItem.warningBackground') : undefined;
}

function showReview(item: StatusBarItem, params: CoverageParams | undefined): void {
  item.text = params ? `${iconOf(params)} Backend: ${briefly(params)}` : '$(sync~spin) Backend';
  item.tooltip = params ? atLength(params) : 'Reviewing this file.';
  item.command = 'workbench.actions.view.problems';
  item.backgroundColor = undefined;
}

const total = ({ error, warning, info }: FindingCounts): number => error + warning + info;

function iconOf({ coverage, findings }: CoverageParams): string {
  if (coverage.kind === 'skipped') return '$(circle-slash)';
  if (findings.error > 0) return '$(error)';
  return total(findings) > 0 ? '$(warning)' : '$(check)';
}

function briefly({ coverage, findings }: CoverageParams): string {
  if (coverage.kind === 'skipped') return 'skipped';
  const count = total(findings);
  if (count > 0) return plural(count, 'finding');
  return coverage.kind === 'nothing-to-review' || coverage.kind === 'history' ? 'nothing to review' : 'no findings';
}

function atLength({ coverage, findings, notifications }: CoverageParams): MarkdownString {
  const text = new MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: ['backendReviewer.reviewWorkspace', 'backendReviewer.showOutput'] };
  text.appendMarkdown(`**Backend Reviewer**\n\n`).appendText(covered(coverage));
  if (total(findings) > 0) text.appendMarkdown('\n\n').appendText(`${inWords(findings)} in this file.`);
  for (const notification of notifications) text.appendMarkdown('\n\n$(info) ').appendText(notification);
  text.appendMarkdown(
    '\n\n[Review the workspace](command:backendReviewer.reviewWorkspace) · [Show the output](command:backendReviewer.showOutput)',
  );
  return text;
}

function covered(coverage: CoverageParams['coverage']): string {
  switch (coverage.kind) {
    case 'reviewed':
      return 'This file was reviewed.';
    case 'nothing-to-review':
      return 'This file was looked at: it holds nothing that a rule speaks of.';
    case 'history':
      return 'This migration stands before the one from which on the configuration has them reviewed.';
    case 'partly-parsed':
      return `This file was reviewed as far as it could be read: ${plural(coverage.problems, 'place')} could not be parsed.`;
    case 'skipped':
      return `This file was not reviewed: ${coverage.reason}.`;
  }
}

/** `1 error, 2 warnings`; levels without findings are left out. */
export function inWords({ error, warning, info }: FindingCounts): string {
  const parts = [
    error > 0 ? plural(error, 'error') : '',
    warning > 0 ? plural(warning, 'warning') : '',
    info > 0 ? plural(info, 'note') : '',
  ].filter(Boolean);
  return parts.join(', ') || 'no findings';
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
