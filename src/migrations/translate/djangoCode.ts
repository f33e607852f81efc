/**
 * What the functions of Django's `RunPython` send by themselves: SQL through the schema editor or a cursor. Source:
 * docs.djangoproject.com/en/5.2/ref/schema-editor/ and topics/db/sql/. What they do with models is rows.
 */
import type { Module } from '../../program/model';
import type { Dialect } from '../../sql/dialect';
import { evaluateMigration } from '../code/evaluate';
import type { Imported } from '../code/evaluation';
import type { Chain, Value } from '../code/values';
import type { Script } from '../script';
import { guardedWrite } from './guarded';
import { answersOf } from './serverAsked';
import {
  argument,
  NotTranslated,
  type Translator,
  translateAll,
  type Write,
  writesRows,
  writeText,
} from './translation';

/** Operations on models, by the schema editor. */
const ON_MODELS = new Set(
  'create_model delete_model add_field remove_field alter_field alter_db_table alter_db_tablespace add_index remove_index rename_index add_constraint remove_constraint alter_unique_together alter_index_together'.split(
    ' ',
  ),
);

const djangoCodeTranslator: Translator = {
  // `apps, schema_editor`
  acts: root =>
    (root.kind === 'parameter' && root.of === 'migration' && root.index === 1) ||
    (root.kind === 'import' && root.from === 'django.db'),
  asksServer: ['connection.vendor', 'connection.settings_dict.ENGINE'],
  translate,
};

function translate(chain: Chain, plainWrite: Write): void {
  const write = guardedWrite(
    chain,
    { table: new Set(), column: new Set(), tables: new Set(['table_names']) },
    plainWrite,
  );
  for (const step of chain.steps) {
    if (!step.arguments) continue;
    if (ON_MODELS.has(step.name)) throw new NotTranslated(`\`schema_editor.${step.name}\``);
    if (step.name === 'execute' && step.arguments.length > 0) {
      const text = argument(step, 0);
      if (step.arguments.length > 1 && text?.kind === 'text' && writesRows(text.value)) write.rows(step);
      else writeText(text, 'execute', step, write);
    }
  }
}

/** How a function of a file is read: as the schema that it changes, and that it does something else. */
export function codeSender(
  module: Module,
  dialect: Dialect,
  imported: Imported | undefined,
): (fn: Value) => Pick<Script, 'statements' | 'untranslated'> {
  return fn => {
    if (fn.kind !== 'function') return { statements: [], untranslated: [] };
    const answers = answersOf(djangoCodeTranslator, dialect);
    const entries = evaluateMigration(module, fn.function, fn.unit, undefined, answers, imported);
    // a helper that is not followed is handed the editor by custom, and writes rows
    const own = entries.filter(entry => entry.kind === 'chain' && djangoCodeTranslator.acts(entry.root));
    const { statements, untranslated } = translateAll(own, djangoCodeTranslator, true);
    return {
      statements: statements.filter(({ sql }) => !writesRows(sql)),
      untranslated: untranslated.filter(({ dataOnly }) => !dataOnly),
    };
  };
}
