/** JavaScript, TypeScript, JSX and TSX: one front end, since their trees differ in little. */
import type { Module, Unit } from '../../program/model';
import type { GrammarName, SyntaxNode } from '../../syntax/parsers';
import type { FrontEnd } from '../frontEnd';
import { dispatcher, problemsIn } from '../treeLowering';
import { EXPRESSIONS } from './expressions';
import { Lowering, READING } from './lowering';
import { mentionsIn } from './mentions';
import { notePrototypes } from './prototypes';
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
  mentions: mentionsIn,

  lower({ tree, file, previous }): Module {
    const { root, text } = tree;
    const reusable = new Map((previous?.units ?? []).map((unit): [string, Unit] => [unit.id, unit]));
    const at = new Lowering(text, file, dispatchFor(tree.language), reusable);
    const program = at.tree.read(root);
    const lowered = at.type(program) === 'program' ? at.statements(at.items(program)) : at.statements([program]);
    const body = notePrototypes(at, lowered);
    const span = { start: 0, end: text.length };
    return {
      file,
      language: 'typescript',
      top: { id: file, start: 0, text, function: { parameters: [], body, ...span } },
      units: at.units,
      classes: at.classes,
      exports: at.exports,
      ...(text.includes('exports') && { itself: ITSELF }),
      comments: at.commentsInOrder(),
      problems: problemsIn(root, isImaginedBang),
    };
  },
};

/** How a CommonJS module names what it exports. */
const ITSELF = ['exports', 'module.exports'];

const dispatchFor = dispatcher<Lowering>({ expressions: EXPRESSIONS, statements: STATEMENTS }, READING);

/** In ``sql<Row[]>`…` ``, which is whole, the grammar wants a `!` before the template. */
const isImaginedBang = (node: SyntaxNode): boolean => node.isMissing && node.type === '!';
