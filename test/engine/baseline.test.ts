import { expect, test } from 'vitest';
import { BaselineError, baselineState, fingerprintsInSarif } from '../../src/engine/baseline';

const log = (...results: unknown[]) => JSON.stringify({ version: '2.1.0', runs: [{ results }] });
const result = (fingerprint: unknown, rest = {}) => ({
  partialFingerprints: { 'backendReviewer/v1': fingerprint },
  ...rest,
});

test.each([
  ['two findings', log(result('a'), result('a:2')), ['a', 'a:2']],
  ['those of other tools', log({ partialFingerprints: { primaryLocationLineHash: 'x' } }, {}), []],
  ['absent ones', log(result('a', { baselineState: 'absent' }), result('b', { baselineState: 'unchanged' })), ['b']],
  ['a wrong type', log(result(7), null, 'x'), []],
  ['runs without results', '{"runs":[{}, null]}', []],
  ['a byte order mark', `\uFEFF${log(result('a'))}`, ['a']],
])('%s', (_, text, expected) => {
  expect([...fingerprintsInSarif(text)]).toEqual(expected);
});

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['no runs', '{"results":[]}'],
  ['nothing', ''],
])('%s is an error', (_, text) => {
  expect(() => fingerprintsInSarif(text)).toThrow(BaselineError);
});

test('what it holds is unchanged', () => {
  const baseline = new Set(['a']);
  expect(baselineState({ fingerprint: 'a' }, baseline)).toBe('unchanged');
  expect(baselineState({ fingerprint: 'a:2' }, baseline)).toBe('new');
});
