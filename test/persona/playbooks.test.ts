/** Every playbook holds what a playbook holds, and its sketches are in languages that are read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { EXAMPLE_NAMES, filled, inWorkspaceTerms } from '../../src/persona/fill';
import { sectionOf } from '../../src/persona/playbook';
import { readPlaybooks } from '../../src/persona/playbooks/all';
import { premises } from '../../src/persona/premises';
import { insecureWishes } from '../../src/persona/wishes';
import { ruleDescriptions } from '../../src/rules/all.generated';
import { loadPostgresTrees } from '../../src/sql/postgresTree';

const folder = resolve(import.meta.dirname, '../../src/persona/playbooks');
const playbooks = readPlaybooks();
const ids = new Set(playbooks.map(({ id }) => id));

test('the list is the folder', () => {
  const files = readdirSync(folder).filter(name => name.endsWith('.md'));
  expect([...ids].map(id => `${id}.md`).sort()).toEqual(files.sort());
});

describe.each(playbooks.map(playbook => [playbook.id, playbook] as const))('%s', (id, playbook) => {
  const sketches = [...filled(sectionOf(playbook, 'Sketch'), EXAMPLE_NAMES).matchAll(/```(.+)\n([\s\S]*?)\n```/g)];

  test('is as long as an answer wants, and leads to others that are there', () => {
    const lines = readFileSync(join(folder, `${id}.md`), 'utf8').split('\n').length;
    expect(lines).toBeGreaterThanOrEqual(40);
    expect(lines).toBeLessThanOrEqual(95);
    expect(playbook.next.filter(next => !ids.has(next))).toEqual([]);
    expect(playbook.asks.length).toBeGreaterThan(4);
    expect(sketches.length).toBeGreaterThan(0);
  });

  test('names rules that are there', () => {
    const known = ruleDescriptions.map(rule => rule.id);
    expect(playbook.rules.filter(rule => !known.includes(rule))).toEqual([]);
  });

  test('leaves no name unfilled', () => {
    for (const section of playbook.sections.values()) expect(filled(section, EXAMPLE_NAMES)).not.toMatch(/\{\{\w+\}\}/);
  });

  test('its SQL is read by the server’s parser', async () => {
    const trees = await loadPostgresTrees();
    for (const [, info = '', sql = ''] of sketches) {
      if (info !== 'sql') continue;
      for (const { text, error } of trees.read(sql)) expect(error && `${error.message} in ${text}`).toBeUndefined();
    }
  });

  test('its TypeScript is TypeScript', async () => {
    for (const [, info, code = ''] of sketches)
      if (info === 'ts')
        await transform(
          `async function* sketch() {\n${code.replace(/^(?:export|import) .*$/gm, line => line.replace(/^export /, '').replace(/^import .*/, ''))}\n}`,
          { loader: 'ts' },
        );
  });

  test('stays one variant of each kind', () => {
    const shown = inWorkspaceTerms(sectionOf(playbook, 'Sketch'), { dialect: 'mysql', language: 'python' });
    expect((shown.match(/^```sql mysql/gm) ?? []).length).toBe(0);
    expect((shown.match(/^```ts$/gm) ?? []).length === 0 || !/^```python$/m.test(sectionOf(playbook, 'Sketch'))).toBe(
      true,
    );
  });
});

test('there are at least forty', () => {
  expect(ids.size).toBeGreaterThanOrEqual(40);
});

test('what is corrected or refused goes on to a playbook that is there', () => {
  expect(premises.length).toBeGreaterThanOrEqual(30);
  expect(insecureWishes.length).toBeGreaterThanOrEqual(30);
  const to = [...premises, ...insecureWishes].flatMap(({ playbook }) => (playbook === undefined ? [] : [playbook]));
  expect(to.filter(id => !ids.has(id))).toEqual([]);
});
