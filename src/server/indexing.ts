/**
 * The index of a project: all of its files read in the background once one of them is open, so that evidence from files
 * that nobody has opened is at hand. Opening a file never waits for it; what is open is reviewed again when it is there.
 */
import { guardedNotification } from './guard';
import type { ProjectFile } from './projects';
import type { Session } from './session';

export interface Indexing {
  /** Indexes the file's project, unless that was done or is under way. */
  start(opened: ProjectFile): void;
}

/** The file that was just opened is reviewed first. */
const AFTER_MS = 400;
/** A folder with more is hardly one project; what open files import is read all the same. */
const MOST_FILES = 20_000;

/** @param refresh  asks for the findings of all open documents again */
export function indexingOf(session: Session, refresh: () => void): Indexing {
  const { connection, workspace, projects, client } = session;
  const begun = new Set<string>();

  async function index({ reviewer }: ProjectFile): Promise<void> {
    const started = performance.now();
    const { root } = reviewer;
    const paths = await workspace.filesBelow(root);
    if (paths.length > MOST_FILES) {
      connection.console.info(`${root} holds ${paths.length} files and is not indexed: ${MOST_FILES} are the most.`);
      return;
    }
    const progress = client.showsProgress ? await connection.window.createWorkDoneProgress() : undefined;
    progress?.begin('Backend Reviewer', 0, 'reads the project', false);
    try {
      await reviewer.prepare(
        paths.map(path => projects.fileAt(path)).flatMap(each => (each.reviewer === reviewer ? [each.file] : [])),
        {
          onProgress: ({ done, total }) =>
            progress?.report(Math.floor((100 * done) / total), `${done} of ${total} files`),
        },
      );
    } finally {
      progress?.done();
    }
    const ms = (performance.now() - started).toFixed(0);
    connection.console.info(`${root}: ${paths.length} files indexed in ${ms} ms`);
    projects.prepared(reviewer);
    refresh();
  }

  return {
    start(opened) {
      const { root } = opened.reviewer;
      if (begun.has(root)) return;
      begun.add(root);
      setTimeout(() => void guardedNotification(connection.console, `index of ${root}`, () => index(opened)), AFTER_MS);
    },
  };
}
