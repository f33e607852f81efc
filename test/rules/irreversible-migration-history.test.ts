import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageOf } from '../../src/engine/finding';
import { casesIn } from '../support/cases';
import { readProgram } from '../support/fixtures';
import { reviewProgram } from '../support/reviewProgram';

describe('a down that is there', () => {
  for (const { title, blocks } of casesIn(join(import.meta.dirname, 'irreversible-migration-history.md')))
    test(title, async () => {
      const [program, expected] = blocks;
      const { files } = readProgram(program?.text ?? '');
      const reviews = await reviewProgram(files, { rules: ['irreversible-migration'] });
      const lines = reviews.flatMap(({ findings, notifications }) => [
        ...notifications.map(({ message }) => message),
        ...findings.flatMap(finding => [
          `${finding.at.file}${finding.level === 'warning' ? '' : ` (${finding.level})`}: ${messageOf(finding).split(/(?<=\.) (?:If|Code|A rollback)/)[0]}`,
          `  ${textAt(finding.at)}`,
          ...finding.related.map(({ at }) => `  changed by ${textAt(at)}`),
        ]),
      ]);
      expect(lines.join('\n')).toBe((expected?.text ?? '').trimEnd());

      function textAt({ file, start, end }: { file: string; start: number; end: number }): string {
        return (files.get(file) ?? '').slice(start, end).split('\n')[0] ?? '';
      }
    });
});
