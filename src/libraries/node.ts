/** Modules of Node.js itself that make text or call back. */
import type { LibraryModel } from './vocabulary';

export const nodeUtil = {
  package: 'npm:util',
  also: ['npm:node:util'],
  source: 'https://nodejs.org/api/util.html#utilformatformat-args',
  texts: [{ call: ['format', 'default.format'], builds: 'printf', argument: 0 }],
  neutral: ['inspect', 'promisify', 'inherits', 'debuglog'],
} as const satisfies LibraryModel;
