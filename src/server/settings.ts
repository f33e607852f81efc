/** The editor's settings under `backendReviewer`: editor matters only, never the verdict. */
import type { Connection } from 'vscode-languageserver';

export interface Settings {
  readonly run: 'onType' | 'onSave';
}

export const DEFAULTS: Settings = { run: 'onType' };

/** What the client says, where it says it; anything else is the default. */
export function settingsOf(section: unknown): Settings {
  const run = section !== null && typeof section === 'object' && 'run' in section ? section.run : undefined;
  return { run: run === 'onSave' ? 'onSave' : 'onType' };
}

/** Asks a client that can be asked. */
export const pullSettings = async (connection: Connection): Promise<Settings> =>
  settingsOf(await connection.workspace.getConfiguration('backendReviewer'));
