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
  },
});
