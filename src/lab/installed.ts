/** The lab as the build lays it beside the bundles: where its program is, and what it brings along. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { extensionNames } from './extensions';

export interface InstalledLab {
  /** For `startLab`. */
  readonly program: string;
  readonly hasExtension: (name: string) => boolean;
}

/**
 * @param folder that of the bundles, `dist`
 * @throws when the lab is not there: a broken installation
 */
export function installedLab(folder: string): InstalledLab {
  const names = extensionNames(readdirSync(join(folder, 'lab', 'extensions')));
  return { program: join(folder, 'lab.js'), hasExtension: name => names.has(name) };
}
