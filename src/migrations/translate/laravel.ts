/**
 * What Laravel's schema builder sends to PostgreSQL. Source: laravel.com/docs/migrations, and laravel/framework 11,
 * src/Illuminate/Database/Schema (Blueprint.php, Builder.php, Grammars/PostgresGrammar.php).
 */
import type { Chain, ChainStep } from '../code/values';
import type { Guard } from '../guards';
import { guardedWrite, writeUnder } from './guarded';
import { LARAVEL_ASKS, laravelTable } from './laravelTable';
import { namesOf, qualified, quoted } from './quoting';
import {
  argument,
  NotTranslated,
  type Translator,
  textArgument,
  type Write,
  writesRows,
  writeText,
} from './translation';

/** Facades and classes of the framework that leave the database alone. */
const NEUTRAL =
  /^(?:Illuminate\\Support\\(?!Facades\\(?:DB|Schema)$)|Illuminate\\Database\\(?:Schema|Query)\\|Carbon\\|(?:Log|Cache|Str|Arr|Carbon|Config|Hash|App|File|Storage|Artisan|Exception)$)/;
const ROWS = new Set(['insert', 'update', 'delete', 'table', 'affectingStatement', 'select', 'selectOne', 'query']);
const LOOKS = new Set(
  'connection getConnection getSchemaBuilder hasTable hasColumn hasColumns hasIndex getColumnListing getColumnType getColumns getTables getIndexes getForeignKeys enableForeignKeyConstraints disableForeignKeyConstraints defaultStringLength morphUsingUuids getDriverName getName beginTransaction commit rollBack raw'.split(
    ' ',
  ),
);

export const laravelTranslator: Translator = {
  acts: root => root.kind === 'import' && !NEUTRAL.test(root.from),
  asksServer: ['getDriverName'],
  translate,
};

function translate(chain: Chain, write: Write): void {
  const from = chain.root.kind === 'import' ? chain.root.from : '';
  const facade = from.slice(from.lastIndexOf('\\') + 1);
  if (facade === 'Schema') schema(chain, write);
  else if (facade === 'DB') database(chain, write);
  else if (/\\Models\\|^App\\\w+$/.test(from)) {
    for (const step of chain.steps) if (step.arguments) write.all(step.inner);
    const [first] = chain.steps.filter(step => step.arguments);
    if (first) write.rows(first);
  } else throw new NotTranslated('a call of something else');
}

function database(chain: Chain, plainWrite: Write): void {
  const { steps } = chain;
  const write = guardedWrite(chain, LARAVEL_ASKS, plainWrite);
  for (const step of steps) {
    if (!step.arguments) continue;
    if (step.name === 'transaction') write.all(step.inner);
    else if (step.name === 'statement' || step.name === 'unprepared') statement(step, write);
    else if (ROWS.has(step.name)) {
      for (const each of steps) write.all(each.inner);
      write.rows(step);
      return;
    } else if (!LOOKS.has(step.name)) throw new NotTranslated(`\`${step.name}\``);
  }
}

function statement(step: ChainStep, write: Write): void {
  const [text, bindings] = [argument(step, 0), argument(step, 1)];
  if (text?.kind === 'chain' && text.steps.at(-1)?.name === 'raw') {
    writeText(text.steps.at(-1)?.arguments?.[0]?.value, step.name, step, write);
    return;
  }
  if (bindings && !(bindings.kind === 'list' && bindings.items.length === 0))
    throw new NotTranslated(`\`${step.name}\` with bindings`, text?.kind === 'text' && writesRows(text.value));
  writeText(text, step.name, step, write);
}

function schema(chain: Chain, plainWrite: Write): void {
  const write = guardedWrite(chain, LARAVEL_ASKS, plainWrite);
  for (const step of chain.steps) {
    if (!step.arguments) continue;
    const table = (index: number): string => qualified(textArgument(step, index));
    switch (step.name) {
      case 'create':
        laravelTable(step, { creates: true, write });
        break;
      case 'table':
        laravelTable(step, { creates: false, write });
        break;
      case 'drop':
        write(`DROP TABLE ${table(0)}`, step);
        break;
      case 'dropIfExists':
        write(`DROP TABLE IF EXISTS ${table(0)}`, step);
        break;
      case 'rename':
        write(`ALTER TABLE ${table(0)} RENAME TO ${quoted(textArgument(step, 1))}`, step);
        break;
      case 'dropColumns': {
        const names = namesOf(argument(step, 1));
        if (!names) throw new NotTranslated('columns that are not constant');
        write(`ALTER TABLE ${table(0)} ${names.map(each => `DROP COLUMN ${quoted(each)}`).join(', ')}`, step);
        break;
      }
      case 'whenTableHasColumn':
      case 'whenTableDoesntHaveColumn':
        laravelTable(
          { ...step, arguments: [...step.arguments.slice(0, 1), ...step.arguments.slice(2)] },
          { creates: false, write: writeUnder([whenColumn(step)], write) },
        );
        break;
      case 'withoutForeignKeyConstraints':
        write.all(step.inner);
        break;
      default:
        if (!LOOKS.has(step.name)) throw new NotTranslated(`\`${step.name}\``);
    }
  }
}

/** `Schema::whenTableHasColumn('orders', 'total', …)` */
const whenColumn = (step: ChainStep): Guard => ({
  asked: step,
  table: textArgument(step, 0),
  column: textArgument(step, 1),
  exists: step.name === 'whenTableHasColumn',
});
