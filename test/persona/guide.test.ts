/** The offline guide on questions of real people, over `examples/shop` as its workspace. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type WholeAnswer, wholeAnswer } from '../../src/persona/answer';
import { claimsIn } from '../../src/persona/claim';
import type { Grounding } from '../../src/persona/grounding';
import { NOTHING, offlineGuide } from '../../src/persona/guide';
import { openLibrary } from '../../src/persona/library';
import { readPlaybooks } from '../../src/persona/playbooks/all';
import { premises } from '../../src/persona/premises';
import { insecureWishes } from '../../src/persona/wishes';
import { ruleDescriptions } from '../../src/rules/all.generated';
import { groundingOf } from '../../src/workspace/grounding';
import { openProduct } from '../../src/workspace/product';
import { syntaxFiles } from '../syntax/parsers';
import { INNOCENT, INSECURE, OFF_TOPIC, QUESTIONS, WRONG } from './questions';

const shop = resolve(dirname(fileURLToPath(import.meta.url)), '../../examples/shop');
const guide = offlineGuide(openLibrary(readPlaybooks(), ruleDescriptions));
let grounding: Grounding;

beforeAll(() => {
  grounding = groundingOf({ folder: shop, trusted: true }, openProduct({ syntax: syntaxFiles }));
});

const ask = (text: string): Promise<WholeAnswer> => wholeAnswer(guide.answer({ text }, grounding));

function expectHolds(markdown: string, holds: readonly (string | RegExp)[]): void {
  for (const each of holds) {
    if (typeof each === 'string') expect(markdown).toContain(each);
    else expect(markdown).toMatch(each);
  }
}

/** What no answer proposes: not in a sketch, whatever was asked. */
const NEVER_IN_CODE = [
  /rejectUnauthorized:\s*false/,
  /verify\s*=\s*False/,
  /\bmd5\(/i,
  /createHash\('(?:md5|sha1)'\)/,
  /Access-Control-Allow-Origin['"]?[:,]\s*['"]\*/,
  /GRANT ALL/i,
  /SUPERUSER/,
  /Math\.random\(\)\.toString/,
  /(?<![.\w])eval\(/,
  /'(?:SELECT|UPDATE|DELETE)[^']*'\s*\+/,
  /session_replication_role/,
];

const codeIn = (markdown: string): string =>
  [...markdown.matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, code]) => code).join('\n');

describe('questions', () => {
  test.each(QUESTIONS.map(each => [each.ask, each] as const))('%s', async (_, { ask: text, holds, never = [] }) => {
    const { markdown } = await ask(text);
    expectHolds(markdown, holds);
    for (const each of [...never, ...NEVER_IN_CODE]) expect(codeIn(markdown)).not.toMatch(each);
    expect(markdown).toContain('offline guide');
    expect(markdown).not.toContain('**Not like that.**');
    expect(markdown).not.toContain('{{');
  });

  test('an answer asks about load, failure and data before it proposes, and tells what it costs', async () => {
    const { markdown } = await ask('how do i paginate the orders list?');
    const order = [
      'In this workspace',
      'Before proposing, I would ask',
      'What I would do',
      'What it costs',
      'Sketch',
      'How to verify',
      'Way back',
      'Pitfalls',
    ];
    const places = order.map(heading => markdown.indexOf(heading));
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(places[0]).toBeGreaterThanOrEqual(0);
  });

  test('references are files of the workspace, follow-ups lead on', async () => {
    const { references, followUps } = await ask('the orders page runs a query in a loop');
    expect(references).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'package.json' }),
        expect.objectContaining({ file: expect.stringMatching(/^src\//), line: expect.any(Number) }),
      ]),
    );
    expect(followUps.length).toBeGreaterThan(0);
  });
});

describe('what it has nothing on is one sentence with what it can do', () => {
  test.each(OFF_TOPIC)('%s', async text => {
    const { markdown } = await ask(text);
    expect(markdown.trim()).toBe(NOTHING);
  });
});

describe('insecure wishes are answered safely', () => {
  test.each(INSECURE.map(each => [each.ask, each] as const))('%s', async (_, { ask: text, id, holds, never = [] }) => {
    expect(claimsIn(text, insecureWishes).map(claim => claim.id)).toContain(id);
    const { markdown } = await ask(text);
    expect(markdown.startsWith('**Not like that.**')).toBe(true);
    expectHolds(markdown, holds);
    for (const each of [...never, ...NEVER_IN_CODE]) expect(codeIn(markdown)).not.toMatch(each);
  });

  test('every one is asked for here', () => {
    expect(
      insecureWishes
        .map(({ id }) => id)
        .filter(id => !INSECURE.some(each => each.id === id))
        .filter(id => id !== 'ecb-or-fixed-iv'),
    ).toEqual([]);
  });
});

describe('wrong premises are corrected before anything else', () => {
  test.each(WRONG.map(each => [each.ask, each] as const))('%s', async (_, { ask: text, id, holds }) => {
    expect(claimsIn(text, premises).map(claim => claim.id)).toContain(id);
    const { markdown } = await ask(text);
    expect(markdown).toMatch(/^\*\*(?:First, the premise|Not like that)\.\*\*/);
    expectHolds(markdown.slice(0, 1_500) + markdown, holds);
  });
});

describe('what only sounds so is answered as asked', () => {
  test.each(INNOCENT)('%s', async text => {
    const { markdown } = await ask(text);
    expect(markdown).not.toContain('**Not like that.**');
    expect(markdown).not.toContain('**First, the premise.**');
    expect(markdown.trim()).not.toBe(NOTHING);
  });
});
