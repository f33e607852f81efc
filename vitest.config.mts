import { defineConfig, type Plugin } from 'vitest/config';

/** A Markdown file is its text, as the build has it. */
const markdownAsText: Plugin = {
  name: 'markdown-as-text',
  enforce: 'pre',
  transform: (text, id) =>
    id.endsWith('.md') ? { code: `export default ${JSON.stringify(text)}`, map: null } : undefined,
};

export default defineConfig({
  plugins: [markdownAsText],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/extension-host/**', 'test/browser/**', '**/node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'threads',
    // One worker a core, each of which keeps its modules from file to file: grammars and parsers are loaded, and their
    // code is optimised, once and not for each file, which is most of the time of the suite. No test may change a module.
    isolate: false,
    maxWorkers: '100%',
  },
});
