/** `workspace/didChangeWatchedFiles`: what changed outside the editor. */
import { posix } from 'node:path';
import type { DidChangeWatchedFilesParams } from 'vscode-languageserver';
import { DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver';
import { pathOf } from '../paths';
import type { Session } from '../session';
import { publishAgain, withdraw } from './reviewWorkspace';

/** Whatever may change a verdict: sources, migrations, manifests, and what says which files count. */
const WATCHED = [
  '**/*.{js,cjs,mjs,jsx,ts,cts,mts,tsx,py,pyi,php,sql,prisma,dbml}',
  '**/{backend-reviewer.json,package.json,pnpm-workspace.yaml,lerna.json,go.work,tsconfig*.json,jsconfig.json,.gitignore}',
  '**/*stat*.json',
  '**/{sqitch.plan,metadata.toml,_journal.json,*.sql.conf}',
  '**/{pyproject.toml,setup.py,setup.cfg,requirements*.txt,Pipfile}',
  '**/{go.mod,composer.json,pom.xml,build.gradle,build.gradle.kts,Cargo.toml,migration_lock.toml}',
];

/** Files that the verdict on every other file may hang on. */
const FAR_REACHING =
  /^(?:backend-reviewer\.json|package\.json|pnpm-workspace\.yaml|lerna\.json|go\.work|[tj]sconfig[\w.-]*\.json|\.gitignore|pyproject\.toml|setup\.(?:py|cfg)|requirements[\w.-]*\.txt|Pipfile|go\.mod|composer\.json|pom\.xml|build\.gradle(?:\.kts)?|Cargo\.toml|migration_lock\.toml)$/;

export async function watchFiles({ connection, client }: Session): Promise<void> {
  if (!client.watchesFiles) return;
  const watchers = WATCHED.map(globPattern => ({ globPattern }));
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
}

/** @param refresh  asks for the findings of all open documents again */
export async function watchedFilesChanged(
  session: Session,
  { changes }: DidChangeWatchedFilesParams,
  refresh: () => void,
): Promise<void> {
  const { projects, published, swept } = session;
  for (const { uri, type } of changes) projects.touched(uri, type !== FileChangeType.Changed);
  refresh();
  const again = new Set<string>();
  for (const { uri, type } of changes) {
    if (type === FileChangeType.Deleted) withdraw(session, uri);
    else if (swept.has(uri)) again.add(uri);
    if (FAR_REACHING.test(posix.basename(pathOf(uri) ?? ''))) {
      session.told.clear();
      for (const other of published) again.add(other);
    }
  }
  for (const uri of again) await publishAgain(session, uri);
}
