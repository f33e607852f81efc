/** Modules of Node.js itself that make text or call back. */
import type { LibraryModel } from './vocabulary';

export const nodeUtil = {
  package: 'npm:util',
  also: ['npm:node:util'],
  source: 'https://nodejs.org/api/util.html#utilformatformat-args',
  // what is promised is the same call
  gives: [{ call: ['promisify', 'callbackify', 'deprecate'], gives: 'argument 0' }],
  texts: [{ call: ['format', 'default.format'], builds: 'printf', argument: 0 }],
  neutral: ['inspect', 'inherits', 'debuglog'],
} as const satisfies LibraryModel;

export const sprintf = {
  package: 'npm:sprintf-js',
  also: ['npm:sprintf', 'npm:printf'],
  source: 'https://github.com/alexei/sprintf.js#readme',
  texts: [{ call: ['sprintf', 'default', 'default.sprintf'], builds: 'printf', argument: 0 }],
} as const satisfies LibraryModel;

/** Only what changes files: that a file is not there to be read is an answer. */
export const nodeFs = {
  package: 'npm:fs',
  also: ['npm:fs/promises', 'npm:node:fs', 'npm:node:fs/promises', 'npm:fs-extra', 'npm:graceful-fs'],
  source: 'https://nodejs.org/api/fs.html',
  external: [
    {
      call: [
        'writeFile',
        'writeFileSync',
        'appendFile',
        'appendFileSync',
        'rename',
        'renameSync',
        'copyFile',
        'copyFileSync',
        'promises.writeFile',
        'promises.appendFile',
        'promises.rename',
        'promises.copyFile',
        'default.writeFile',
        'default.writeFileSync',
        'default.appendFile',
        'default.appendFileSync',
        'default.rename',
        'default.renameSync',
        'default.copyFile',
        'default.promises.writeFile',
        'default.promises.appendFile',
        'default.promises.rename',
      ],
      kind: 'file',
      writes: true,
    },
  ],
} as const satisfies LibraryModel;
