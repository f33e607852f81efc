import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { afterEach, describe, expect, test } from 'vitest';
import { type FakeTerminal, folderOf, run } from './fake';

const made: (() => void)[] = [];
afterEach(() => {
  for (const dispose of made.splice(0)) dispose();
});

function folder(files: Record<string, string | Uint8Array>): string {
  const { folder: at, dispose } = folderOf({ '.git/HEAD': '', ...files });
  made.push(dispose);
  return at;
}

const SHOP = {
  'src/a b/ä#1.ts': 'loop\n  @error alpha; // 😀 @warning beta\n',
  'src/broken.ts': '@broken @info gamma',
  'src/crash.ts': '@crash',
  'bin.ts': new Uint8Array([0, 1, 2, 3]),
  'node_modules/x/a.ts': '@error a',
};

async function printed(format: string, files: Record<string, string | Uint8Array> = SHOP, terminal?: FakeTerminal) {
  const at = folder(files);
  return { at, ...(await run(['check', '--format', format], at, terminal)) };
}

describe('SARIF', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const isValid = ajv.compile(
    JSON.parse(readFileSync(new URL('../fixtures/sarif-2.1.0.json', import.meta.url), 'utf8')),
  );

  test.each([
    ['findings, notifications and fixes', SHOP],
    ['nothing', {}],
    ['a clean file', { 'a.ts': 'fine' }],
  ])('%s: valid by the standard’s schema', async (_, files) => {
    const log = JSON.parse((await printed('sarif', files)).out);
    expect(isValid(log), JSON.stringify(isValid.errors, null, 1)).toBe(true);
  });

  test('the schema itself refuses what is none', () => {
    expect(isValid({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
  });

  test('says everything about a finding', async () => {
    const { runs } = JSON.parse((await printed('sarif')).out);
    expect(runs[0].columnKind).toBe('utf16CodeUnits');
    expect(runs[0].results[0]).toEqual({
      ruleId: 'sql-injection',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'alpha does something. Production will feel it. Do without alpha.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'src/a%20b/%C3%A4%231.ts' },
            region: { startLine: 2, startColumn: 10, endLine: 2, endColumn: 15 },
          },
        },
      ],
      relatedLocations: [
        {
          id: 1,
          physicalLocation: {
            artifactLocation: { uri: 'src/a%20b/%C3%A4%231.ts' },
            region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 5 },
          },
          message: { text: 'repeats here' },
        },
      ],
      partialFingerprints: { 'backendReviewer/v1': expect.stringMatching(/^[0-9a-f]{16}$/) },
      fixes: [
        {
          description: { text: 'Remove alpha' },
          artifactChanges: [
            {
              artifactLocation: { uri: 'src/a%20b/%C3%A4%231.ts' },
              replacements: [
                {
                  deletedRegion: { startLine: 2, startColumn: 10, endLine: 2, endColumn: 15 },
                  insertedContent: { text: 'gone' },
                },
              ],
            },
          ],
          properties: { safety: 'safe' },
        },
      ],
    });
    // an emoji takes two columns
    expect(runs[0].results[1].locations[0].physicalLocation.region.startColumn).toBe(32);
    expect(runs[0].results.map((one: { level: string }) => one.level)).toEqual(['error', 'warning', 'note']);
    expect(runs[0].results[1].fixes[0].properties.safety).toBe('suggestion');
  });

  test('describes every rule', async () => {
    const { driver } = JSON.parse((await printed('sarif')).out).runs[0].tool;
    expect(driver.semanticVersion).toBe('1.2.3');
    expect(driver.rules).toHaveLength(4);
    expect(driver.rules[0]).toMatchObject({
      id: 'sql-injection',
      name: 'SqlInjection',
      shortDescription: { text: 'SQL text is built from input.' },
      help: { markdown: expect.stringContaining('# sql-injection') },
      defaultConfiguration: { level: 'error' },
      properties: { tags: ['security'] },
    });
    expect(driver.rules[2].helpUri).toBe('https://example.org/r');
  });

  test('tells what was skipped, not parsed or failed, and why', async () => {
    const { invocations } = JSON.parse((await printed('sarif')).out).runs[0];
    const said = invocations[0].toolExecutionNotifications.map(
      (one: { message: { text: string } }) => one.message.text,
    );
    expect(said).toEqual(
      expect.arrayContaining([
        'bin.ts: skipped: binary',
        'src/broken.ts: 2 places could not be parsed; the rest was reviewed',
        'src/crash.ts: could not be reviewed: the reviewer fell over',
        'Not reviewed: 1 folder called node_modules.',
      ]),
    );
    expect(invocations[0].executionSuccessful).toBe(true);
  });
});

describe('JSON', () => {
  test('has exactly the promised shape', async () => {
    const { out } = await printed('json');
    const { findings, notifications } = JSON.parse(out);
    expect(findings[0]).toEqual({
      rule: 'sql-injection',
      level: 'error',
      file: 'src/a b/ä#1.ts',
      line: 2,
      column: 10,
      endLine: 2,
      endColumn: 15,
      message: 'alpha does something. Production will feel it. Do without alpha.',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      related: [{ file: 'src/a b/ä#1.ts', line: 1, message: 'repeats here' }],
    });
    expect(findings[2]).toMatchObject({ level: 'info', related: [] });
    expect(notifications).toContainEqual({ file: 'bin.ts', message: 'skipped: binary' });
    expect(out.endsWith('}\n')).toBe(true);
  });

  test('of nothing is two empty lists', async () => {
    expect(JSON.parse((await printed('json', {})).out)).toEqual({ findings: [], notifications: [] });
  });
});

describe('GitHub', () => {
  test('one command a finding and a notification, escaped', async () => {
    const { out } = await printed('github', { 'a,b:c%.ts': '@error a\n@warning b', 'c.ts': '@info c @broken' });
    expect(out.trimEnd().split('\n')).toEqual([
      '::error file=a%2Cb%3Ac%25.ts,line=1,endLine=1,col=8,endColumn=9,title=sql-injection::a does something. Production will feel it. Do without a.',
      '::warning file=a%2Cb%3Ac%25.ts,line=2,endLine=2,col=10,endColumn=11,title=n-plus-one::b does something. Production will feel it. Do without b.',
      '::notice file=c.ts,line=1,endLine=1,col=7,endColumn=8,title=unused-suppression::c does something. Production will feel it. Do without c.',
      '::notice file=c.ts::2 places could not be parsed; the rest was reviewed',
    ]);
  });

  test('files are named from the checkout', async () => {
    const at = folder({ 'p/a.ts': '@error a' });
    const { out } = await run(['check', '--format', 'github'], join(at, 'p'), {
      environment: { GITHUB_WORKSPACE: at },
    });
    expect(out).toMatch(/^::error file=p\/a\.ts,/);
  });

  test('nothing found is nothing said', async () => {
    expect((await printed('github', { 'a.ts': 'fine' })).out).toBe('');
  });
});

describe('pretty', () => {
  test('is grouped by file: frame, consequence, remedy, places, fixes, totals, coverage', async () => {
    const { out } = await printed('pretty', {
      'src/a.ts': 'loop {\n  query(@error alpha);\n}\n',
      'src/b.ts': '@warning beta',
      'src/c.ts': 'nothing',
      'node_modules/x.ts': '',
    });
    expect(out.replace(/ [0-9a-f]{8}\b/g, ' 01234567')).toBe(`src/a.ts

  error  sql-injection  src/a.ts:2:16  01234567
  alpha does something.

  1 │ loop {
  2 │   query(@error alpha);
    │                ^^^^^
  3 │ }

  Why      Production will feel it.
  Instead  Do without alpha.
  See      src/a.ts:1:1 · repeats here
  Fix      Remove alpha (safe)

src/b.ts

  warning  n-plus-one  src/b.ts:1:10  01234567
  beta does something.

  1 │ @warning beta
    │          ^^^^

  Why      Production will feel it.
  Instead  Do without beta.
  Fix      Remove beta (look at it first)

2 findings: 1 error, 1 warning
  n-plus-one 1 · sql-injection 1
2 files reviewed; 1 more holds nothing to review. Left out: 1 folder called .git and 1 folder called
node_modules.

The whole story of one:
  backend-reviewer check --explain 01234567 src/a.ts
`);
  });

  test('nothing found says what was covered', async () => {
    expect((await printed('pretty', { 'a.ts': '@' })).out).toBe(
      'Nothing found.\n1 file reviewed. Left out: 1 folder called .git.\n',
    );
  });

  test('what was wrong with the run is told before the totals', async () => {
    const { out } = await printed('pretty', { 'a.ts': '@broken', 'b.ts': new Uint8Array([0, 1, 2]) });
    expect(out).toMatch(
      /^Notes on this run\n {2}- a\.ts: 2 places could not be parsed; the rest was reviewed\n {2}- b\.ts: skipped: binary\n\nNothing found\.\n1 file reviewed \(1 only where the code could be parsed\)\./,
    );
  });

  test('findings that fail nothing are said to', async () => {
    const { out } = await printed('pretty', { 'a.ts': '@info a', 'backend-reviewer.json': '{ "failLevel": "error" }' });
    expect(out).toContain('1 finding: 1 for information. None fails the check.');
    const { out: warned } = await printed('pretty', {
      'a.ts': '@warning a',
      'backend-reviewer.json': '{ "failLevel": "error" }',
    });
    expect(warned).toContain('(does not fail the check)');
  });

  test.each([
    ['not when piped', { isTerminal: false }, false],
    ['on a terminal', { isTerminal: true }, true],
    ['not with NO_COLOR', { isTerminal: true, environment: { NO_COLOR: '1' } }, false],
    ['with an empty NO_COLOR', { isTerminal: true, environment: { NO_COLOR: '' } }, true],
    ['with FORCE_COLOR when piped', { isTerminal: false, environment: { FORCE_COLOR: '1' } }, true],
    ['not with FORCE_COLOR=0', { isTerminal: true, environment: { FORCE_COLOR: '0' } }, false],
    ['FORCE_COLOR before NO_COLOR', { environment: { FORCE_COLOR: '1', NO_COLOR: '1' } }, true],
    ['not on a dumb terminal', { isTerminal: true, environment: { TERM: 'dumb' } }, false],
  ] satisfies [string, FakeTerminal, boolean][])('colours %s', async (_, terminal, expected) => {
    expect((await printed('pretty', SHOP, terminal)).out.includes('\u001b[')).toBe(expected);
  });

  test.each([60, 80, 100])('fits into %d columns', async columns => {
    const { out } = await printed(
      'pretty',
      { 'a.ts': `${'x'.repeat(300)} @error alpha ${'y'.repeat(300)}` },
      {
        isTerminal: true,
        columns,
        environment: { NO_COLOR: '1' },
      },
    );
    expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThanOrEqual(columns);
    expect(out).toMatch(/…x* @error alpha y*…\n\s+│ +\^{5}\n/);
  });

  test('what a file holds cannot drive the terminal', async () => {
    const { out } = await printed('pretty', { 'a.ts': '\u001b[2J\u0007 \u202e @error alpha' });
    for (const control of ['\u001b', '\u0007', '\u202e']) expect(out).not.toContain(control);
    expect(out).toContain('␛[2J␇');
  });
});
