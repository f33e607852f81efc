/** The one-way street between the rooms (I1), the rooms without a platform (I2), rules without languages (I3). */
import { createRequire } from 'node:module';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { describe, expect, test } from 'vitest';

const configuration = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');

async function violationsIn(folder: string): Promise<{ modules: number; rules: string[]; said: string[] }> {
  const options: ICruiseOptions = {
    ...configuration.options,
    ruleSet: { forbidden: configuration.forbidden },
    validate: true,
    tsConfig: { fileName: 'tsconfig.json' },
  };
  const { output } = await cruise([folder], options, undefined, { tsConfig: extractTSConfig('tsconfig.json') });
  const result = output as ICruiseResult;
  const said = result.summary.violations.map(one => `${one.rule.name}: ${one.from} → ${one.to}`);
  return { modules: result.modules.length, rules: result.summary.violations.map(one => one.rule.name), said };
}

describe('architecture', () => {
  test('src keeps the invariants', async () => {
    const { modules, said } = await violationsIn('src');
    expect(modules, 'no module was read, so nothing was checked').toBeGreaterThan(40);
    expect(said).toEqual([]);
  });

  test('the planted violations are found', async () => {
    const { rules } = await violationsIn('test/architecture/planted/src');
    expect(rules).toEqual(
      expect.arrayContaining(['rooms-rules', 'rules-know-no-syntax-tree', 'core-modules-stay-out', 'rooms-program']),
    );
  });
});
