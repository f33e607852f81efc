/** Workflow commands, which GitHub Actions shows as annotations beside the changed lines. */
import { messageOf } from '../../engine/finding';
import type { Level } from '../../engine/level';
import { nameOf, type Report } from '../report';

const COMMANDS: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * One command per finding and notification. What the baseline holds is left out: it was annotated when it was new.
 *
 * @param workspace  the checkout's folder, which annotations count their files from; by default the current folder
 * @see GitHub's documentation, Workflow commands for GitHub Actions
 */
export function github({ result, folder }: Report, workspace: string = folder): string {
  const lines = result.findings
    .filter(finding => finding.baselineState !== 'unchanged')
    .map(finding => {
      const { path, start, end } = finding.at;
      return command(
        COMMANDS[finding.level],
        {
          file: nameOf(path, workspace),
          line: start.line,
          endLine: end.line,
          // columns are taken only where one line is marked
          ...(start.line === end.line ? { col: start.column, endColumn: end.column } : { col: start.column }),
          title: finding.rule,
        },
        messageOf(finding),
      );
    });
  for (const { path, message } of result.notifications)
    lines.push(command('notice', path === undefined ? {} : { file: nameOf(path, workspace) }, message));
  return lines.map(line => `${line}\n`).join('');
}

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  return `::${name}${written.length ? ` ${written.join(',')}` : ''}::${escaped(message)}`;
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapedProperty = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
