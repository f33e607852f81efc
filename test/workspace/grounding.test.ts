/** What may be read for an answer, and what is kept. */
import { expect, test } from 'vitest';
import { groundingOf } from '../../src/workspace/grounding';
import { fakeReview, folderOf } from '../cli/fake';

const FILES = {
  'package.json': '{}',
  '.gitignore': 'private\n',
  'src/a.ts': '@warning lines',
  'src/b.ts': '@error thing',
  '.env': 'KEY=1',
  '.env.production': 'KEY=1',
  'certs/server.pem': 'x',
  'private/notes.md': 'x',
  'AGENTS.md': '# Be careful',
};

test('files of the workspace are read; secrets, ignored ones and what lies outside are not', async () => {
  const at = folderOf(FILES);
  try {
    const grounding = groundingOf({ folder: at.folder, trusted: true }, fakeReview());
    const read = (file: string): Promise<string> => grounding.read(file).catch((error: Error) => error.message);
    expect(await read('src/a.ts')).toBe('@warning lines');
    expect(await read('./src/../src/b.ts')).toBe('@error thing');
    expect(await read('src/none.ts')).toBe('there is no file src/none.ts');
    expect(await read('../../../etc/passwd')).toBe('../../../etc/passwd lies outside of the workspace');
    expect(await read('/etc/passwd')).toBe('/etc/passwd lies outside of the workspace');
    for (const file of ['.env', '.env.production', 'certs/server.pem', '.git/config'])
      expect(await read(file)).toBe(`${file} is not read: it is there to hold secrets`);
    expect(await read('private/notes.md')).toBe('private/notes.md is not read: ignored by .gitignore');
  } finally {
    at.dispose();
  }
});

test('without trust there are no words of the team, and git is not run', async () => {
  const at = folderOf(FILES);
  try {
    const grounding = groundingOf({ folder: at.folder, trusted: false }, fakeReview());
    expect(await grounding.teamFiles()).toEqual([]);
    expect(await grounding.changes()).toHaveProperty('because');
    expect((await grounding.findings()).findings).toHaveLength(2);
  } finally {
    at.dispose();
  }
});
