import { describe, expect, test } from 'vitest';
import { projectRootOf } from '../../src/workspace/project';
import { stacksIn } from '../../src/workspace/stack';
import { memoryFiles } from './memoryFiles';

describe("a project's root", () => {
  test.each([
    ['the nearest .git', { '/r/.git/HEAD': '', '/r/p/package.json': '{}' }, '/r/p/src', '/r'],
    ['a .git that is a file', { '/r/.git': 'gitdir: x', '/r/p/package.json': '{}' }, '/r/p/src', '/r'],
    ['the nearer of two', { '/r/.git/HEAD': '', '/r/sub/.git': '' }, '/r/sub/src', '/r/sub'],
    ['before a workspace', { '/r/.git/HEAD': '', '/r/w/pnpm-workspace.yaml': '' }, '/r/w/p', '/r'],
    [
      'npm workspaces before a manifest',
      { '/r/package.json': '{"workspaces":["p/*"]}', '/r/p/a/package.json': '{}' },
      '/r/p/a/src',
      '/r',
    ],
    ['pnpm', { '/r/pnpm-workspace.yaml': '', '/r/p/package.json': '{}' }, '/r/p/src', '/r'],
    ['go.work', { '/r/go.work': '', '/r/p/go.mod': '' }, '/r/p/x', '/r'],
    ['the nearest manifest', { '/r/package.json': '{}', '/r/p/package.json': '{}' }, '/r/p/src/a', '/r/p'],
    ["another language's manifest", { '/r/pyproject.toml': '' }, '/r/a/b', '/r'],
    ['a manifest that is no JSON is a manifest', { '/r/package.json': '{', '/r/p/a.ts': '' }, '/r/p', '/r'],
    ['the folder itself', { '/r/p/a.ts': '' }, '/r/p', '/r/p'],
  ])('%s', (_, files, folder, root) => {
    expect(projectRootOf(folder, memoryFiles(files))).toBe(root);
  });
});

describe("a file's stack", () => {
  const files = {
    '/r/package.json': '{"dependencies":{"pg":"^8"},"devDependencies":{"typescript":"5"}}',
    '/r/p/package.json': '\uFEFF{"dependencies":{"@prisma/client":"6","pg":"^7"},"peerDependencies":{"knex":"*"}}',
    '/r/q/package.json': '{ "dependencies": ',
    '/r/s/package.json': '{ "dependencies": "none" }',
    '/package.json': '{"dependencies":{"outside":"1"}}',
  };

  test.each([
    ['/r/src/a.ts', { 'npm:pg': '^8', 'npm:typescript': '5' }],
    ['/r/p/src/a.ts', { 'npm:@prisma/client': '6', 'npm:pg': '^7', 'npm:knex': '*', 'npm:typescript': '5' }],
    ['/r/q/a.ts', { 'npm:pg': '^8', 'npm:typescript': '5' }],
    ['/r/s/a.ts', { 'npm:pg': '^8', 'npm:typescript': '5' }],
  ])('of %s: all manifests up to the root, the nearest first', (file, packages) => {
    expect(Object.fromEntries(stacksIn(memoryFiles(files)).stackOf(file, '/r').packages)).toEqual(packages);
  });

  test('a manifest that cannot be understood is a problem, not an end', () => {
    expect(stacksIn(memoryFiles(files)).stackOf('/r/q/a.ts', '/r').problems).toEqual([
      { path: '/r/q/package.json', message: expect.stringContaining('its dependencies are not known') },
    ]);
  });

  test('is read once, until a manifest is touched', () => {
    const access = memoryFiles(files);
    const stacks = stacksIn(access);
    const first = stacks.stackOf('/r/p/a.ts', '/r');
    expect(stacks.stackOf('/r/p/b.ts', '/r')).toBe(first);
    expect(access.peeked).toHaveLength(2);
    expect([stacks.touched('/r/p/a.ts'), stacks.touched('/r/p/package.json')]).toEqual([false, true]);
    expect(stacks.stackOf('/r/p/a.ts', '/r')).not.toBe(first);
  });
});
