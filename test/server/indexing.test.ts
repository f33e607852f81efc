/** The project is read in the background, once; what is open is asked for again when that is done. */
import { expect, test, vi } from 'vitest';

import { type FakeWorkspace, fakeWorkspace } from './fakeWorkspace';
import { editor, PULLS } from './session';

/** The index begins when the first review is through. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 5_000 });

/** The reviewer's `prepare`, which is called some moments after the file was opened. */
async function prepareOf(workspace: FakeWorkspace) {
  await soon(() => expect(workspace.reviewers.has('/w')).toBe(true));
  const reviewer = workspace.reviewers.get('/w');
  if (!reviewer) throw new Error('no reviewer was made');
  return vi.mocked(reviewer.prepare);
}

const FILES = { '/w/a.ts': 'a', '/w/b.ts': 'b', '/other/c.ts': 'c' };

test('all files of the project of the file that was opened, once, and no others', async () => {
  const workspace = fakeWorkspace(FILES, ['/w', '/other']);
  const { open, refreshes } = await editor(workspace);
  await open('/w/a.ts', 'BAD(x)');
  await open('/w/b.ts', 'BAD(y)');
  const prepare = await prepareOf(workspace);
  await soon(() => expect(prepare).toHaveBeenCalled());
  await soon(() => expect(refreshes()).toBe(1));
  expect(prepare.mock.calls.map(([files]) => files)).toEqual([['a.ts', 'b.ts']]);
  expect(workspace.reviewers.has('/other')).toBe(false);
});

test('a review waits for nothing, and is made anew when the index is there', async () => {
  const workspace = fakeWorkspace(FILES);
  const { open, items, refreshes } = await editor(workspace);
  let indexed: () => void = () => undefined;
  const reviews = vi.fn<(path: string) => void>();
  workspace.onReview = reviews;
  await open('/w/a.ts', 'BAD(x)');
  const prepare = await prepareOf(workspace);
  prepare.mockImplementation(() => new Promise<void>(resolve => (indexed = resolve)));
  await soon(() => expect(prepare).toHaveBeenCalled());
  expect(await items('/w/a.ts')).toHaveLength(1);
  await items('/w/a.ts');
  expect(reviews).toHaveBeenCalledTimes(1);
  indexed();
  await soon(() => expect(refreshes()).toBe(1));
  await items('/w/a.ts');
  expect(reviews).toHaveBeenCalledTimes(2);
});

test('progress is shown where the client shows it', async () => {
  const workspace = fakeWorkspace(FILES);
  const { client, open } = await editor(workspace, { ...PULLS, window: { workDoneProgress: true } });
  const told: unknown[] = [];
  client.onRequest('window/workDoneProgress/create', () => null);
  client.onNotification('$/progress', ({ value }: { value: unknown }) => void told.push(value));
  await open('/w/a.ts', 'a');
  const prepare = await prepareOf(workspace);
  prepare.mockImplementation(async (_, options) => options?.onProgress?.({ done: 1, total: 2 }));
  await soon(() => expect(told).toHaveLength(3));
  expect(told).toEqual([
    { kind: 'begin', title: 'Backend Reviewer', percentage: 0, message: 'reads the project', cancellable: false },
    { kind: 'report', percentage: 50, message: '1 of 2 files' },
    { kind: 'end' },
  ]);
});

test('an index that fails is logged, and the reviews go on', async () => {
  const workspace = fakeWorkspace(FILES);
  const { open, items, log } = await editor(workspace);
  await open('/w/a.ts', 'BAD(x)');
  (await prepareOf(workspace)).mockRejectedValue(new Error('the disk is gone'));
  await soon(() => expect(log.join('\n')).toContain('index of /w failed: Error: the disk is gone'));
  expect(await items('/w/a.ts')).toHaveLength(1);
});
