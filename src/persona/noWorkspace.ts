/** What is known where no folder is open: nothing, so that what is asked is answered from the playbooks. */
import type { Grounding } from './grounding';

export const noWorkspace: Grounding = {
  name: 'no folder',
  trusted: false,
  stack: async () => ({ language: 'unknown', uses: [], dialect: 'postgresql', dialectKnown: false, manifests: [] }),
  findings: async () => ({ findings: [], reviewed: 0, of: 0 }),
  schema: async () => ({ tables: [], limits: [] }),
  migrations: async () => [],
  uses: async () => [],
  files: async () => [],
  teamFiles: async () => [],
  read: async file => Promise.reject(new Error(`there is no ${file}: no folder is open`)),
  changes: async () => ({ because: 'no folder is open' }),
};
