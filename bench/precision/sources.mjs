// The code that the precision run reads: published packages, unpacked once into the user's cache and kept there.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'backend-reviewer', 'precision');

/**
 * Unpacks a package of the npm registry, at its pinned version.
 *
 * @returns {Promise<{ folder: string, version: string }>}
 */
export const npmPackage = ({ name, version }) =>
  unpacked(`${name.replace('@', '').replace('/', '-')}-${version}`, version, async folder => {
    await run('npm', ['pack', '--silent', '--pack-destination', folder, `${name}@${version}`]);
    await run('tar', ['xzf', await onlyFile(folder, '.tgz'), '-C', folder, '--strip-components=1']);
  });

/**
 * Unpacks a Debian package in the version that can be had now: the pinned one may have been superseded.
 *
 * @returns {Promise<{ folder: string, version: string }>}
 */
export async function debianPackage({ name }) {
  const { stdout } = await run('apt-cache', ['policy', name]);
  const version = /Candidate: (\S+)/.exec(stdout)?.[1];
  if (version === undefined || version === '(none)')
    throw new Error(`Debian has no package ${name} here; run apt-get update first`);
  return unpacked(`${name}-${version.replaceAll(/[^\w.-]/g, '_')}`, version, async folder => {
    await run('apt-get', ['download', `${name}=${version}`], { cwd: folder });
    await run('dpkg', ['-x', await onlyFile(folder, '.deb'), folder]);
  });
}

async function unpacked(label, version, unpack) {
  const folder = join(CACHE, label);
  if (!existsSync(folder)) {
    await mkdir(CACHE, { recursive: true });
    const half = await mkdtemp(join(CACHE, 'half-'));
    try {
      await unpack(half);
      // a project of its own, whatever folder the cache lies in
      await mkdir(join(half, '.git'), { recursive: true });
      await rename(half, folder);
    } catch (error) {
      await rm(half, { recursive: true, force: true });
      throw error;
    }
  }
  return { folder, version };
}

async function onlyFile(folder, ending) {
  const name = (await readdir(folder)).find(each => each.endsWith(ending));
  if (name === undefined) throw new Error(`${folder}: no ${ending} was downloaded`);
  return join(folder, name);
}
