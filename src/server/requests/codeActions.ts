/** `textDocument/codeAction` and its resolve: fixes, suppressions, the rule's page, and fix-all. */

import type {
  CancellationToken,
  CodeAction,
  CodeActionContext,
  CodeActionParams,
  Diagnostic,
} from 'vscode-languageserver';
import { CodeActionKind } from 'vscode-languageserver';
import type { Finding, Fix } from '../../engine/finding';
import { signalOf } from '../guard';
import type { OpenFile } from '../projects';
import { type ChangeTarget, COMMANDS, FIX_ALL, type IgnoreTarget } from '../protocol';
import { safeFixes } from '../safeFixes';
import { findingsAt, type Reviewed, reviewNow, type Session } from '../session';
import { ignoreFile, ignoreLine, REASON_PLACEHOLDER } from '../suppress';
import { type DiagnosticData, toDiagnostic, toWorkspaceEdit } from '../toProtocol';

/** What a code action carries until it is resolved. */
type ActionData =
  | {
      readonly kind: 'fix';
      readonly uri: string;
      readonly version: number;
      readonly fingerprint: string;
      readonly fix: number;
    }
  | { readonly kind: 'fix-all'; readonly uri: string; readonly version: number };

export async function codeActions(
  session: Session,
  params: CodeActionParams,
  token: CancellationToken,
): Promise<CodeAction[]> {
  const opened = session.projects.openFile(params.textDocument.uri);
  if (!opened) return [];
  const reviewed = await reviewNow(session, opened, signalOf(token));
  const { only } = params.context;
  const actions: CodeAction[] = [];
  if (wants(only, CodeActionKind.QuickFix)) {
    const { start, end } = params.range;
    const findings = findingsAt(reviewed.review, opened.text.offsetAt(start), opened.text.offsetAt(end));
    actions.push(...quickFixes(session, opened, findings, diagnosticFinder(session, reviewed, params.context)));
  }
  // Fix-all belongs to saving and to the source action menu, so it is named only where it is asked for.
  if (only && wants(only, FIX_ALL)) actions.push(...fixAll(opened, reviewed));
  if (session.client.resolvesCodeActions) return actions;
  return actions.map(action => resolved(session, opened, reviewed, action));
}

/** @throws ResponseError when the document changed since; the client asks for the actions again */
export async function resolveCodeAction(
  session: Session,
  action: CodeAction,
  token: CancellationToken,
): Promise<CodeAction> {
  const data = action.data as ActionData | undefined;
  const opened = data && session.projects.openFile(data.uri);
  if (!opened || opened.text.version !== data.version) return action;
  return resolved(session, opened, await reviewNow(session, opened, signalOf(token)), action);
}

function resolved(session: Session, opened: OpenFile, { review, texts }: Reviewed, action: CodeAction): CodeAction {
  const data = action.data as ActionData | undefined;
  if (!data) return action;
  const fix =
    data.kind === 'fix'
      ? review.findings.find(finding => finding.fingerprint === data.fingerprint)?.fixes[data.fix]
      : undefined;
  const edits = data.kind === 'fix-all' ? safeFixes(opened.file, review.findings) : fix ? fix.edits : [];
  const confirmed = fix?.previewed && session.client.confirmsEdits ? fix.title : undefined;
  const edit = toWorkspaceEdit(edits, texts, confirmed);
  if (!edit) session.connection.console.warn(`${opened.file}: "${action.title}" reaches into a file that is gone`);
  return edit ? { ...action, edit } : action;
}

/** A kind covers its sub-kinds: `source` asks for `source.fixAll.backendReviewer` too. */
const wants = (only: readonly string[] | undefined, kind: string): boolean =>
  !only || only.some(asked => asked === '' || kind === asked || kind.startsWith(`${asked}.`));

type FindDiagnostic = (finding: Finding) => Diagnostic | undefined;

/** The client's own copy of a finding's diagnostic where it sent one: editors match actions to squiggles by it. */
function diagnosticFinder({ workspace }: Session, { texts }: Reviewed, context: CodeActionContext): FindDiagnostic {
  const sent = new Map<string, Diagnostic>();
  for (const diagnostic of context.diagnostics) {
    const data = diagnostic.data as Partial<DiagnosticData> | undefined;
    if (data?.fingerprint !== undefined) sent.set(data.fingerprint, diagnostic);
  }
  return finding => sent.get(finding.fingerprint) ?? toDiagnostic(finding, texts, workspace);
}

/** In the order of the menu: preferred fixes, other fixes, ignore here, ignore in the file, show the rule. */
function quickFixes(
  session: Session,
  opened: OpenFile,
  findings: readonly Finding[],
  diagnosticOf: FindDiagnostic,
): CodeAction[] {
  const about = (finding: Finding): Pick<CodeAction, 'kind' | 'diagnostics'> => {
    const diagnostic = diagnosticOf(finding);
    return { kind: CodeActionKind.QuickFix, ...(diagnostic ? { diagnostics: [diagnostic] } : {}) };
  };
  const fixAction = (finding: Finding, fix: Fix, index: number): CodeAction => {
    const { uri, text } = opened;
    const fixName = fix.safety === 'safe' ? fix.title : `${fix.title} (look it over)`;
    const common = { ...about(finding), ...(index === 0 ? { isPreferred: true } : {}) };
    if (fix.previewed && session.client.commands.has(COMMANDS.previewChange)) {
      const target: ChangeTarget = { uri, fingerprint: finding.fingerprint, fix: index };
      const command = { title: fix.title, command: COMMANDS.previewChange, arguments: [target] };
      return { title: `${fix.title}…`, ...common, command };
    }
    const data: ActionData = { kind: 'fix', uri, version: text.version, fingerprint: finding.fingerprint, fix: index };
    return { title: fixName, ...common, data };
  };
  const isOffered = (fix: Fix): boolean =>
    session.client.createsFiles ||
    session.client.commands.has(COMMANDS.previewChange) ||
    !fix.edits.some(({ creates }) => creates);
  const fixes = findings.map(finding =>
    finding.fixes.flatMap((fix, index) => (isOffered(fix) ? [fixAction(finding, fix, index)] : [])),
  );
  const ofLines = oncePer(findings, finding => `${finding.rule}:${opened.text.positionAt(finding.at.start).line}`);
  const ofRules = oncePer(findings, finding => finding.rule);
  return [
    ...fixes.flatMap(ofOne => ofOne.slice(0, 1)),
    ...fixes.flatMap(ofOne => ofOne.slice(1)),
    ...ofLines.map(finding => ({ ...about(finding), ...ignoreHere(session, opened, finding) })),
    ...ofRules.map(finding => ({ ...about(finding), ...ignoreInFile(session, opened, finding) })),
    ...ofRules.flatMap(finding => {
      const command = showRule(session, finding.rule);
      return command ? [{ ...about(finding), ...command }] : [];
    }),
  ];
}

function oncePer<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const seen = new Set<string>();
  return items.filter(item => {
    const key = keyOf(item);
    return !seen.has(key) && seen.add(key);
  });
}

type TitleAndDeed = Pick<CodeAction, 'title' | 'edit' | 'command'>;

function ignoreHere(session: Session, { uri, text }: OpenFile, { rule, at }: Finding): TitleAndDeed {
  const title = `Ignore ${rule} here, with a reason`;
  const { line } = text.positionAt(at.start);
  if (session.client.commands.has(COMMANDS.ignore)) return { title, command: askForReason(title, { uri, rule, line }) };
  return { title, edit: { changes: { [uri]: [ignoreLine(text, line, { rule, reason: REASON_PLACEHOLDER })] } } };
}

function ignoreInFile(session: Session, { uri, text }: OpenFile, { rule }: Finding): TitleAndDeed {
  const title = `Ignore ${rule} in this file`;
  if (session.client.commands.has(COMMANDS.ignore)) return { title, command: askForReason(title, { uri, rule }) };
  return { title, edit: { changes: { [uri]: [ignoreFile(text, { rule, reason: REASON_PLACEHOLDER })] } } };
}

const askForReason = (title: string, target: IgnoreTarget) => ({
  title,
  command: COMMANDS.ignore,
  arguments: [target],
});

function showRule({ client }: Session, rule: string): TitleAndDeed | undefined {
  const title = `Show the rule: ${rule}`;
  return client.commands.has(COMMANDS.showRule)
    ? { title, command: { title, command: COMMANDS.showRule, arguments: [rule] } }
    : undefined;
}

function fixAll({ uri, file, text }: OpenFile, { review }: Reviewed): CodeAction[] {
  if (safeFixes(file, review.findings).length === 0) return [];
  const data: ActionData = { kind: 'fix-all', uri, version: text.version };
  return [{ title: 'Fix all that Backend Reviewer can fix safely', kind: FIX_ALL, data }];
}
