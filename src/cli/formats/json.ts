/** Findings as plain JSON for scripts. */
import { messageOf } from '../../engine/finding';
import { nameOf, type Report } from '../report';

/** The shape is a contract; lines and columns are 1-based, columns in UTF-16 units. Ends with a line break. */
export function json({ result, folder }: Report): string {
  const findings = result.findings.map(finding => ({
    rule: finding.rule,
    level: finding.level,
    file: nameOf(finding.at.path, folder),
    line: finding.at.start.line,
    column: finding.at.start.column,
    endLine: finding.at.end.line,
    endColumn: finding.at.end.column,
    message: messageOf(finding),
    fingerprint: finding.fingerprint,
    ...(finding.baselineState ? { baselineState: finding.baselineState } : {}),
    related: finding.related.map(({ at, message }) => ({
      file: nameOf(at.path, folder),
      line: at.start.line,
      message,
    })),
  }));
  const notifications = result.notifications.map(({ path, message }) => ({
    ...(path === undefined ? {} : { file: nameOf(path, folder) }),
    message,
  }));
  return `${JSON.stringify({ findings, notifications }, null, 2)}\n`;
}
