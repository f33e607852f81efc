/** JavaScript, TypeScript, JSX and TSX: one front end, since their trees differ in little. */
import type { Comment, Module, Span, Unit } from '../../program/model';
import type { GrammarName, Language, SyntaxNode } from '../../syntax/parsers';
import type { FrontEnd } from '../frontEnd';
import { EXPRESSIONS } from './expressions';
import { Dispatch, Lowering } from './lowering';
import { STATEMENTS } from './statements';
import { typescriptWriter } from './writer';

const ENDINGS: ReadonlyMap<string, GrammarName> = new Map([
  ['.js', 'javascript'],
  ['.jsx', 'javascript'],
  ['.mjs', 'javascript'],
  ['.cjs', 'javascript'],
  ['.ts', 'typescript'],
  ['.mts', 'typescript'],
  ['.cts', 'typescript'],
  ['.tsx', 'tsx'],
]);

export const typescriptFrontEnd: FrontEnd = {
  id: 'typescript',
  endings: ENDINGS,
  writer: typescriptWriter,

  lower({ tree, file, previous }): Module {
    const { root, text } = tree;
    const reusable = new Map((previous?.units ?? []).map((unit): [string, Unit] => [unit.id, unit]));
    const at = new Lowering(text, file, dispatchFor(tree.language), reusable);
    const program = at.tree.read(root);
    const body = at.type(program) === 'program' ? at.statements(at.items(program)) : at.statements([program]);
    const span = { start: 0, end: text.length };
    return {
      file,
      language: 'typescript',
      top: { id: file, start: 0, text, function: { parameters: [], body, ...span } },
      units: at.units,
      classes: at.classes,
      exports: at.exports,
      comments: inOrder(at.comments.values()),
      problems: root.hasError ? problemsIn(root) : [],
    };
  },
};

const dispatches = new WeakMap<Language, Dispatch>();

function dispatchFor(language: Language): Dispatch {
  const known = dispatches.get(language);
  if (known) return known;
  const made = new Dispatch(language, { expressions: EXPRESSIONS, statements: STATEMENTS });
  dispatches.set(language, made);
  return made;
}

const inOrder = (comments: Iterable<Comment>): Comment[] =>
  [...comments].sort((left, right) => left.start - right.start);

/** Where the parser gave up or had to imagine something. Only broken branches are walked. */
function problemsIn(root: SyntaxNode): Span[] {
  const found: Span[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.isError || node.isMissing) {
      if (!isImaginedBang(node)) found.push({ start: node.startIndex, end: node.endIndex });
      continue;
    }
    for (const child of [...node.children].reverse()) if (child.hasError || child.isMissing) waiting.push(child);
  }
  return found;
}

/** In ``sql<Row[]>`…` ``, which is whole, the grammar wants a `!` before the template. */
const isImaginedBang = (node: SyntaxNode): boolean => node.isMissing && node.type === '!';
