/** Translates a migration's function for tests. */

import { type FrontEnd, grammarFor } from '../../../src/languages/frontEnd';
import { pythonFrontEnd } from '../../../src/languages/python/frontEnd';
import { typescriptFrontEnd } from '../../../src/languages/typescript/frontEnd';
import { evaluateMigration } from '../../../src/migrations/code/evaluate';
import type { Script } from '../../../src/migrations/script';
import { answersOf } from '../../../src/migrations/translate/serverAsked';
import { type Translator, translateAll } from '../../../src/migrations/translate/translation';
import type { Module } from '../../../src/program/model';
import { parse } from '../../syntax/parsers';

/** A file of JavaScript, TypeScript or Python as a program. */
export async function lowered(code: string, file: string): Promise<Module> {
  const frontEnd: FrontEnd = file.endsWith('.py') ? pythonFrontEnd : typescriptFrontEnd;
  const grammar = grammarFor(frontEnd, file);
  if (!grammar) throw new Error(`${file} is in no language that is read`);
  const tree = await parse(grammar, code);
  const module = frontEnd.lower({ tree, file });
  tree.delete();
  return module;
}

/** The script of the function that a file exports by this name. */
export async function scriptOf(
  translator: Translator,
  code: string,
  name = 'up',
  file = 'migrations/1_orders.ts',
): Promise<Script> {
  const module = await lowered(code, file);
  const unit = module.units.find(each => each.function.name === name || each.id.endsWith(`#${name}`));
  if (!unit) throw new Error(`${file} has no function ${name}: ${module.units.map(({ id }) => id).join(', ')}`);
  const answers = answersOf(translator, 'postgresql');
  return translateAll(evaluateMigration(module, unit.function, unit.id, unit.ownerClass, answers), translator, true);
}

/** Each statement on a line, with what it asks first where it does not ask by itself; what could not be translated as `-- not followed: …`. */
export const printed = (script: Script): string =>
  [
    ...script.statements.map(({ sql, guards = [] }) =>
      / IF (?:NOT )?EXISTS /.test(sql)
        ? sql
        : [
            sql,
            ...guards.map(
              ({ table, column, exists }) => `-- where ${exists ? '' : 'no '}${column ? `${table}.${column}` : table}`,
            ),
          ].join(' '),
    ),
    ...script.untranslated.map(({ what, dataOnly }) => `-- ${dataOnly ? 'data' : 'not followed'}: ${what}`),
  ].join('\n');
