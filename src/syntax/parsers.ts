/**
 * Syntax trees: error-tolerant, incremental, the same for every language. The parser's engine and the grammars are
 * WebAssembly; where their bytes come from is the caller's business, and each is loaded on first need.
 */
import { Language, Parser, type Node as SyntaxNode, type Tree } from 'web-tree-sitter';
import { applied, type TextChange } from './edit';

export type { Language, Node as SyntaxNode } from 'web-tree-sitter';
export type { TextChange } from './edit';

export type GrammarName = 'javascript' | 'typescript' | 'tsx' | 'python' | 'php';

/** The bytes of `web-tree-sitter.wasm` and of `tree-sitter-<grammar>.wasm`. */
export interface SyntaxFiles {
  engineWasm(): Promise<Uint8Array>;
  grammar(name: GrammarName): Promise<Uint8Array>;
}

export interface Parsers {
  /** The parser for a grammar; loads the engine and the grammar the first time. A failure is not kept: the next call tries again. */
  parser(grammar: GrammarName): Promise<GrammarParser>;
  /** The parser where it is loaded already, for those who cannot wait. */
  loaded(grammar: GrammarName): GrammarParser | undefined;
}

export interface GrammarParser {
  readonly grammar: GrammarName;
  readonly language: Language;
  /** Never fails on what the text holds: what cannot be followed becomes error nodes. */
  parse(text: string): SyntaxTree;
  /** The tree of the changed text. Takes over what stayed of `previous`, and frees it. */
  reparse(previous: SyntaxTree, changes: readonly TextChange[]): SyntaxTree;
}

/** A tree and the text it was made from. Its memory is outside JavaScript's: call `delete` when done. */
export interface SyntaxTree {
  readonly text: string;
  readonly language: Language;
  readonly root: SyntaxNode;
  delete(): void;
}

export function createParsers(files: SyntaxFiles): Parsers {
  let engine: Promise<void> | undefined;
  const grammars = new Map<GrammarName, Promise<GrammarParser>>();
  const loaded = new Map<GrammarName, GrammarParser>();

  const startEngine = () => {
    engine ??= files
      .engineWasm()
      // The option is Emscripten's own; the package's type for it lists only some.
      .then(wasmBinary => Parser.init({ wasmBinary } as Parameters<typeof Parser.init>[0]))
      .catch((error: unknown) => {
        engine = undefined;
        throw error;
      });
    return engine;
  };

  const load = async (grammar: GrammarName) => {
    const [bytes] = await Promise.all([files.grammar(grammar), startEngine()]);
    const parser = grammarParser(grammar, await Language.load(bytes));
    loaded.set(grammar, parser);
    return parser;
  };

  return {
    parser(grammar) {
      const known = grammars.get(grammar);
      if (known) return known;
      const loading = load(grammar).catch((error: unknown) => {
        grammars.delete(grammar);
        throw error;
      });
      grammars.set(grammar, loading);
      return loading;
    },
    loaded: grammar => loaded.get(grammar),
  };
}

function grammarParser(grammar: GrammarName, language: Language): GrammarParser {
  const parser = new Parser().setLanguage(language);

  const parse = (text: string, old: Tree | undefined): TreeOf => {
    const tree = parser.parse(text, old);
    if (!tree) throw new Error(`The ${grammar} parser gave no tree.`);
    return new TreeOf(tree, text, language);
  };

  return {
    grammar,
    language,
    parse: text => parse(text, undefined),
    reparse(previous, changes) {
      if (!(previous instanceof TreeOf)) throw new Error('The tree to be edited comes from another parser.');
      const text = applied(previous.text, changes, previous.tree);
      const next = parse(text, previous.tree);
      previous.delete();
      return next;
    },
  };
}

class TreeOf implements SyntaxTree {
  constructor(
    readonly tree: Tree,
    readonly text: string,
    readonly language: Language,
  ) {}

  get root(): SyntaxNode {
    return this.tree.rootNode;
  }

  delete(): void {
    this.tree.delete();
  }
}
