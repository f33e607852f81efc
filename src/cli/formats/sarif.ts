/** SARIF 2.1.0: what code scanning services, editors and later runs (as their baseline) read. */
import { pathToFileURL } from 'node:url';
import { FINGERPRINT_KEY } from '../../engine/baseline';
import { type Fix, messageOf } from '../../engine/finding';
import type { Level } from '../../engine/level';
import type { AbsolutePath } from '../../workspace/fileAccess';
import type { PlacedRange, ReportedFinding } from '../../workspace/run';
import { skippedInWords } from '../../workspace/selection';
import { nameOf, type Report, type RuleDescription, uriOf } from '../report';

const LEVELS: Readonly<Record<Level, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** @see OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0 */
export function sarif({ result, rules, folder, version }: Report): string {
  const described = rulesOf(rules, result.findings);
  const indexOf = new Map(described.map((rule, index) => [rule.id, index]));
  const uri = (path: AbsolutePath) => ({ uri: uriOf(path, folder) });
  const notifications = [
    ...result.notifications.map(({ path, message }) => ({
      level: 'warning',
      message: { text: path === undefined ? message : `${nameOf(path, folder)}: ${message}` },
      ...(path === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: uri(path) } }] }),
    })),
    ...result.coverage.skipped.map(skipped => ({
      level: 'note',
      message: { text: `Not reviewed: ${skippedInWords([skipped])}.` },
    })),
  ];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Backend Reviewer',
            ...(/^\d/.test(version) ? { semanticVersion: version } : {}),
            rules: described.map(descriptor),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            workingDirectory: { uri: `${pathToFileURL(folder).href.replace(/\/$/, '')}/` },
            toolExecutionNotifications: notifications,
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: result.findings.map(finding => ({
          ruleId: finding.rule,
          ruleIndex: indexOf.get(finding.rule) ?? -1,
          level: LEVELS[finding.level],
          message: { text: messageOf(finding) },
          locations: [{ physicalLocation: { artifactLocation: uri(finding.at.path), region: region(finding.at) } }],
          ...(finding.related.length
            ? {
                relatedLocations: finding.related.map(({ at, message }, index) => ({
                  id: index + 1,
                  physicalLocation: { artifactLocation: uri(at.path), region: region(at) },
                  message: { text: message },
                })),
              }
            : {}),
          partialFingerprints: { [FINGERPRINT_KEY]: finding.fingerprint },
          ...(finding.baselineState ? { baselineState: finding.baselineState } : {}),
          ...(finding.fixes.length ? { fixes: finding.fixes.map(fix => fixObject(fix, uri)) } : {}),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Every rule there is, and any that found something without being described. */
function rulesOf(rules: readonly RuleDescription[], findings: readonly ReportedFinding[]): RuleDescription[] {
  const described = new Map(rules.map(rule => [rule.id, rule]));
  for (const { rule, level } of findings)
    if (!described.has(rule)) described.set(rule, { id: rule, level, summary: rule });
  return [...described.values()];
}

const descriptor = ({ id, level, concern, optIn, summary, page, uri }: RuleDescription) => ({
  id,
  name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
  shortDescription: { text: summary },
  help: { text: page ?? summary, ...(page === undefined ? {} : { markdown: page }) },
  ...(uri === undefined ? {} : { helpUri: uri }),
  defaultConfiguration: { level: LEVELS[level], ...(optIn ? { enabled: false } : {}) },
  ...(concern === undefined ? {} : { properties: { tags: [concern] } }),
});

const region = ({ start, end }: PlacedRange) => ({
  startLine: start.line,
  startColumn: start.column,
  endLine: end.line,
  endColumn: end.column,
});

function fixObject(fix: Fix<PlacedRange>, uri: (path: AbsolutePath) => { uri: string }) {
  const paths = [...new Set(fix.edits.map(({ at }) => at.path))];
  return {
    description: { text: fix.title },
    artifactChanges: paths.map(path => ({
      artifactLocation: uri(path),
      replacements: fix.edits
        .filter(({ at }) => at.path === path)
        .map(({ at, newText }) => ({
          deletedRegion: region(at),
          ...(newText === '' ? {} : { insertedContent: { text: newText } }),
        })),
    })),
    properties: { safety: fix.safety },
  };
}
