/** Python 3, and what still stands of Python 2. */
import type { Module, Unit } from '../../program/model';
import type { GrammarName } from '../../syntax/parsers';
import type { FrontEnd } from '../frontEnd';
import { dispatcher, problemsIn } from '../treeLowering';
import { bindingsOf } from './bindings';
import { EXPRESSIONS } from './expressions';
import { Lowering, READING } from './lowering';
import { mentionsIn } from './mentions';
import { STATEMENTS } from './statements';
import { pythonWriter } from './writer';

const ENDINGS: ReadonlyMap<string, GrammarName> = new Map([
  ['.py', 'python'],
  ['.pyi', 'python'],
  ['.pyw', 'python'],
]);

export const pythonFrontEnd: FrontEnd = {
  id: 'python',
  endings: ENDINGS,
  writer: pythonWriter,
  mentions: mentionsIn,

  lower({ tree, file, previous }): Module {
    const { root, text } = tree;
    const reusable = new Map((previous?.units ?? []).map((unit): [string, Unit] => [unit.id, unit]));
    const at = new Lowering(text, file, dispatchFor(tree.language), reusable);
    const program = at.tree.read(root);
    at.around = { bindings: bindingsOf(at, program, { module: { changed: changedInside(text) } }) };
    const body = at.statements(at.type(program) === 'module' ? at.items(program) : [program]);
    const span = { start: 0, end: text.length };
    return {
      file,
      language: 'python',
      top: { id: file, start: 0, text, function: { parameters: [], body, ...span } },
      units: at.units,
      classes: at.classes,
      exports: at.exports,
      open: true,
      comments: at.commentsInOrder(),
      problems: problemsIn(root),
    };
  },
};

/** Variables of the top level that functions say they assign to; their insides are not read for that. */
const changedInside = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/^\s+global\s+(.+)$/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []));

const dispatchFor = dispatcher<Lowering>({ expressions: EXPRESSIONS, statements: STATEMENTS }, READING);
