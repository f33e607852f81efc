/** Translates a migration's function for tests. */
import { evaluateMigration } from '../../../src/migrations/code/evaluate';
import type { Script } from '../../../src/migrations/script';
import { type Translator, translateAll } from '../../../src/migrations/translate/translation';
import { lower } from '../../languages/typescript/lower';

/** The script of the function that a file exports by this name. */
export async function scriptOf(
  translator: Translator,
  code: string,
  name = 'up',
  file = 'migrations/1_orders.ts',
): Promise<Script> {
  const module = await lower(code, file);
  const unit = module.units.find(each => each.function.name === name || each.id.endsWith(`#${name}`));
  if (!unit) throw new Error(`${file} has no function ${name}: ${module.units.map(({ id }) => id).join(', ')}`);
  return translateAll(evaluateMigration(module, unit.function, unit.id, unit.ownerClass), translator, true);
}

/** Each statement on a line; what could not be translated as `-- not followed: …`. */
export const printed = (script: Script): string =>
  [
    ...script.statements.map(({ sql }) => sql),
    ...script.untranslated.map(({ what, dataOnly }) => `-- ${dataOnly ? 'data' : 'not followed'}: ${what}`),
  ].join('\n');
