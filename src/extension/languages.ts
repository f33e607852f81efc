/** The languages that are reviewed, as VS Code names them; `package.json` activates the extension on the same ones. */
export const LANGUAGES = [
  'javascript',
  'typescript',
  'javascriptreact',
  'typescriptreact',
  'python',
  'php',
  'sql',
  'prisma',
  'dbml',
] as const;

export const SELECTOR = LANGUAGES.map(language => ({ scheme: 'file', language }));

export const isReviewed = ({ languageId, uri }: { languageId: string; uri: { scheme: string } }): boolean =>
  uri.scheme === 'file' && LANGUAGES.some(language => language === languageId);
