/** A rule's page is run: each block under *Flags* gives one finding, each under *Stays silent* none. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageOf } from '../../src/engine/finding';
import { ruleDescriptions } from '../../src/rules/all.generated';
import { blocksIn } from '../support/cases';
import { readProgram } from '../support/fixtures';
import { reviewProgram } from '../support/reviewProgram';

const section = (page: string, title: string): string => page.split(`## ${title}\n`)[1]?.split(/^## /m)[0] ?? '';

/** Languages that have a front end. */
const REVIEWED = new Set(['ts', 'js', 'sql', 'dbml']);

/** What is off by default is asked for. */
async function findingsOf(rule: string, program: string, language: string, optIn = false) {
  const { files } = readProgram(program, `program.${language}`);
  const reviews = await reviewProgram(files, optIn ? { rules: [rule] } : {});
  return reviews.flatMap(({ findings }) => findings.filter(finding => finding.rule === rule).map(messageOf));
}

for (const { id, page, optIn } of ruleDescriptions)
  describe(id, () => {
    const flagged = blocksIn(section(page, 'Flags')).filter(({ info }) => REVIEWED.has(info));
    const silent = blocksIn(section(page, 'Stays silent')).filter(({ info }) => REVIEWED.has(info));

    test.each(flagged)('flags: $text', async ({ info, text }) => {
      expect(await findingsOf(id, text, info, optIn)).toHaveLength(1);
    });

    test.each(silent)('stays silent: $text', async ({ info, text }) => {
      expect(await findingsOf(id, text, info, optIn)).toEqual([]);
    });

    test('its page shows both', () => {
      expect(flagged.length).toBeGreaterThan(0);
      expect(silent.length).toBeGreaterThan(0);
    });
  });

test('rules, pages and schema are in step', () => {
  const root = join(import.meta.dirname, '..', '..');
  const { status, stderr } = spawnSync(process.execPath, ['scripts/rules.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
