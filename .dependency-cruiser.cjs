/**
 * The architecture in rules that a machine can check: invariants I1 to I3 of docs/architecture.md.
 * `test/architecture` runs them over `src` and over a planted violation that they must find.
 */

/** What each room may import besides itself. */
const MAY_IMPORT = {
  engine: [],
  syntax: ['engine'],
  program: ['engine'],
  languages: ['engine', 'syntax', 'program'],
  sql: ['engine'],
  libraries: ['engine', 'sql'],
  catalog: ['engine', 'sql'],
  migrations: ['engine', 'program', 'sql', 'catalog', 'libraries'],
  facts: ['engine', 'program', 'libraries', 'sql', 'catalog', 'migrations'],
  rules: ['engine', 'facts', 'sql', 'catalog', 'migrations', 'program'],
  lab: ['engine', 'sql', 'catalog', 'migrations'],
  persona: ['engine', 'libraries'],
  models: ['persona'],
  workspace: ['engine', 'syntax', 'program', 'languages', 'libraries', 'sql', 'catalog', 'migrations', 'facts', 'rules', 'lab', 'persona'],
  server: ['engine', 'workspace', 'persona', 'lab', 'rules'],
  webview: [],
  extension: ['engine', 'workspace', 'persona', 'models', 'server', 'webview'],
  cli: ['engine', 'workspace', 'persona', 'models', 'server', 'lab', 'rules'],
};

const src = '(^|/)src/';
const below = ['engine', 'syntax', 'program', 'languages', 'libraries', 'facts', 'sql', 'catalog', 'migrations', 'rules', 'persona'];

module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([room, others]) => ({
      name: `rooms-${room}`,
      comment: `I1: ${room} may import ${others.length ? others.join(', ') : 'nothing but itself'}.`,
      severity: 'error',
      from: { path: `${src}${room}/` },
      to: { path: `${src}[^/]+/`, pathNot: `${src}(${[room, ...others].join('|')})/` },
    })),
    {
      name: 'platform-free',
      comment: 'I2: engine … rules, and the role, know no editor, no protocol and no file system.',
      severity: 'error',
      from: { path: `${src}(${below.join('|')})/` },
      to: {
        path: '^(node:|vscode|vscode-.*|fs|path|os|child_process|worker_threads|crypto|process|url|util)|node_modules/(vscode|vscode-languageserver|vscode-languageclient)[^/]*/',
      },
    },
    {
      name: 'core-modules-stay-out',
      comment: "I2, said of Node's own modules.",
      severity: 'error',
      from: { path: `${src}(${below.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'rules-stand-alone',
      comment: 'I8: a rule imports no other rule; what two rules need is a fact.',
      severity: 'error',
      from: { path: `${src}rules/([^/]+)\\.ts$`, pathNot: 'generated' },
      to: { path: `${src}rules/[^/]+\\.ts$` },
    },
    {
      name: 'rules-know-no-syntax-tree',
      comment: 'I3: no rule sees a language, a syntax tree or a library table.',
      severity: 'error',
      from: { path: `${src}rules/` },
      to: { path: `${src}(languages|syntax|libraries)/|node_modules/(web-tree-sitter|@vscode/tree-sitter-wasm)` },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle of modules has no bottom to start reading from.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.generated\\.ts$' },
  },
};
