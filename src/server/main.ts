/** The entry of `dist/server.js`, which the extension starts and `lsp --stdio` runs: the connection is told by the arguments. */
import { join } from 'node:path';
import { createConnection } from 'vscode-languageserver/node';
import { installedLab } from '../lab/installed';
import { openInstalledProduct } from '../workspace/installed';
import { projectWorkspace } from './projectWorkspace';
import { serve } from './server';

// The rules' pages lie beside dist/, in a checkout and in the packaged extension alike.
const pages = join(__dirname, '..', 'docs', 'rules').replaceAll('\\', '/');

serve(createConnection(), () =>
  projectWorkspace(openInstalledProduct(__dirname), pages, () => installedLab(__dirname)),
);
