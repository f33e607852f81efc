/**
 * What Knex's schema builder sends to PostgreSQL.
 *
 * Source: knexjs.org/guide/schema-builder and the package's lib/dialects/postgres/schema (names of constraints, types,
 * the order of what an alteration sends).
 */
import type { Chain, ChainStep } from '../code/values';
import { constantText } from '../code/values';
import { guardedWrite } from './guarded';
import { interpolated } from './knexRaw';
import { KNEX_ASKS, knexTable } from './knexTable';
import { namesOf, qualified, quoted } from './quoting';
import { argument, NotTranslated, type Translator, textArgument, type Write, writeText } from './translation';

/** Looks, waits, or ends what it is in; changes nothing. */
const LOOKS = new Set(
  'hasTable hasColumn commit rollback select first columnInfo pluck count now transacting toSQL toQuery'.split(' '),
);
const DATA = new Set('insert update del delete truncate batchInsert upsert increment decrement'.split(' '));

export const knexTranslator: Translator = {
  acts: root => root.kind === 'parameter',
  asksServer: ['client.config.client', 'client.dialect', 'client.driverName', 'client.constructor.name'],
  translate,
};

function translate(chain: Chain, plainWrite: Write): void {
  const write = guardedWrite(chain, KNEX_ASKS, plainWrite);
  let schema: string | undefined;
  let isRows = false;
  const inSchema = (name: string): string =>
    schema === undefined || name.includes('.') ? qualified(name) : `${quoted(schema)}.${qualified(name)}`;
  for (const step of chain.steps) {
    if (!step.arguments) continue;
    switch (step.name) {
      case 'withSchema':
        schema = textArgument(step, 0);
        break;
      case 'createTable':
      case 'createTableIfNotExists':
        knexTable(step, {
          mode: 'create',
          schema,
          ifNotExists: step.name === 'createTableIfNotExists',
          write,
        });
        break;
      case 'alterTable':
      case 'table':
        if (step.inner.length === 0 && !isBuilderCall(step)) {
          isRows = true;
          break;
        }
        knexTable(step, { mode: 'alter', schema, write });
        break;
      case 'dropTable':
        write(`DROP TABLE ${inSchema(textArgument(step, 0))}`, step);
        break;
      case 'dropTableIfExists':
        write(`DROP TABLE IF EXISTS ${inSchema(textArgument(step, 0))}`, step);
        break;
      case 'renameTable':
        write(`ALTER TABLE ${inSchema(textArgument(step, 0))} RENAME TO ${quoted(textArgument(step, 1))}`, step);
        break;
      case 'dropView':
      case 'dropViewIfExists':
        write(`DROP VIEW ${step.name === 'dropView' ? '' : 'IF EXISTS '}${inSchema(textArgument(step, 0))}`, step);
        break;
      case 'dropMaterializedView':
      case 'dropMaterializedViewIfExists':
        write(
          `DROP MATERIALIZED VIEW ${step.name.endsWith('Exists') ? 'IF EXISTS ' : ''}${inSchema(textArgument(step, 0))}`,
          step,
        );
        break;
      case 'renameView':
        write(`ALTER VIEW ${inSchema(textArgument(step, 0))} RENAME TO ${quoted(textArgument(step, 1))}`, step);
        break;
      case 'refreshMaterializedView':
        write(`REFRESH MATERIALIZED VIEW ${inSchema(textArgument(step, 0))}`, step);
        break;
      case 'createView':
      case 'createViewOrReplace':
      case 'createMaterializedView':
        view(step, inSchema(textArgument(step, 0)), write);
        break;
      case 'createSchema':
      case 'createSchemaIfNotExists':
        write(
          `CREATE SCHEMA ${step.name === 'createSchema' ? '' : 'IF NOT EXISTS '}${quoted(textArgument(step, 0))}`,
          step,
        );
        break;
      case 'dropSchema':
      case 'dropSchemaIfExists':
        write(
          `DROP SCHEMA ${step.name === 'dropSchema' ? '' : 'IF EXISTS '}${quoted(textArgument(step, 0))}${cascade(step)}`,
          step,
        );
        break;
      case 'createExtension':
      case 'createExtensionIfNotExists':
        write(
          `CREATE EXTENSION ${step.name === 'createExtension' ? '' : 'IF NOT EXISTS '}${quoted(textArgument(step, 0))}`,
          step,
        );
        break;
      case 'dropExtension':
      case 'dropExtensionIfExists':
        write(
          `DROP EXTENSION ${step.name === 'dropExtension' ? '' : 'IF EXISTS '}${quoted(textArgument(step, 0))}`,
          step,
        );
        break;
      case 'raw':
        raw(step, write);
        break;
      case 'transaction':
      case 'then':
      case 'finally':
        write.all(step.inner);
        break;
      case 'catch':
        break;
      default:
        if (DATA.has(step.name)) {
          isRows = true;
          write.rows(step);
        }
        if (isRows || isQuery(chain) || LOOKS.has(step.name)) continue;
        throw new NotTranslated(`\`${step.name}\``);
    }
  }
}

/** `knex('orders')` and what is read from it: rows, not schema. */
const isQuery = ({ steps }: Chain): boolean => BEGINS_QUERY.has(steps.find(step => step.arguments)?.name ?? '');

/** `transacting` and `connection` are what a migration of knex-migrator is handed, and begin a query like `knex` itself. */
const BEGINS_QUERY = new Set(
  '() from select distinct column columns with first queryBuilder count transacting connection'.split(' '),
);

const isBuilderCall = (step: ChainStep): boolean => step.arguments?.[1]?.value.kind === 'function';

const cascade = (step: ChainStep): string => {
  const given = argument(step, 1);
  return given?.kind === 'constant' && given.value === true ? ' CASCADE' : '';
};

/** A view whose query is written as SQL; Knex's own query builder is not followed. */
function view(step: ChainStep, name: string, write: Write): void {
  const calls = step.inner.flatMap(entry => (entry.kind === 'chain' ? entry.steps : []));
  const as = calls.find(call => call.name === 'as');
  const query = argument(as ?? step, 0);
  const last = query?.kind === 'chain' ? query.steps[query.steps.length - 1] : undefined;
  if (!as || last?.name !== 'raw') throw new NotTranslated(`\`${step.name}\` of a query that is built`);
  const columns = namesOf(argument(calls.find(call => call.name === 'columns') ?? as, 0));
  const kind = step.name === 'createMaterializedView' ? 'MATERIALIZED VIEW' : 'VIEW';
  const list = columns && calls.some(call => call.name === 'columns') ? ` (${columns.map(quoted).join(', ')})` : '';
  const create = step.name === 'createViewOrReplace' ? 'CREATE OR REPLACE' : 'CREATE';
  write(`${create} ${kind} ${name}${list} AS ${interpolated(last)}`, step);
}

function raw(step: ChainStep, write: Write): void {
  const text = argument(step, 0);
  if (step.arguments?.length === 1 && text?.kind === 'text' && text.complete) {
    // an expression inside another call, `defaultTo(knex.raw('now()'))`, stands on its own as an entry too
    // a question mark that is no place for a value is escaped, without values too
    if (text.value.includes('\\?')) write(text.value.replaceAll('\\?', '?'), step);
    else write(text.value, step, text.pieces);
    return;
  }
  if (
    step.arguments?.length === 1 &&
    text?.kind === 'text' &&
    IS_STATEMENT.test(text.value) &&
    !text.value.includes('\\?')
  ) {
    writeText(text, 'raw', step, write);
    return;
  }
  if (constantText(text) === undefined) throw new NotTranslated('`raw` of a text that is not constant');
  write(interpolated(step), step);
}

/** An expression that is handed to another call is none. */
const IS_STATEMENT = /^\s*(?:create|alter|drop|truncate|comment|update|insert|delete)\s/i;
