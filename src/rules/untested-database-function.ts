/**
 * A function or procedure of the database that no test calls.
 *
 * It is code that decides what is stored, and no compiler reads it: a name that is wrong in it fails when it is first called.
 * ## Flags
 * ```ts
 * //- migrations/1_discount.up.sql
 * CREATE FUNCTION discount(amount numeric) RETURNS numeric LANGUAGE plpgsql AS $$
 * BEGIN
 *   IF amount > 100 THEN RETURN amount * 0.9; END IF;
 *   RETURN amount;
 * END $$;
 * //- test/orders.test.ts
 * export const total = () => pool.query('SELECT total FROM orders WHERE id = 1');
 * ```
 * ## Stays silent
 * ```ts
 * //- migrations/1_discount.up.sql
 * CREATE FUNCTION discount(amount numeric) RETURNS numeric LANGUAGE plpgsql AS $$
 * BEGIN
 *   IF amount > 100 THEN RETURN amount * 0.9; END IF;
 *   RETURN amount;
 * END $$;
 * //- test/discount.test.ts
 * export const discounted = () => pool.query('SELECT discount(200)');
 * ```
 * ## When to leave it
 * A function that tests reach through what calls it, or that is tested in another repository.
 */
import type { Catalog } from '../catalog/catalog';
import type { Routine } from '../catalog/object';
import type { OperationOf } from '../catalog/operation';
import type { DatabaseUse } from '../facts/databaseUse';
import { defineRule } from '../facts/rule';
import { changesOf } from '../facts/schemaChanges';

export const untestedDatabaseFunction = defineRule({
  id: 'untested-database-function',
  level: 'info',
  concern: 'tests',

  *check({ schemaScripts, schemaFiles, databaseUse }) {
    if (!databaseUse) return;
    for (const { operation, script, statement, at } of changesOf(
      [...schemaScripts, ...schemaFiles],
      'createFunction',
    )) {
      const catalog = script.head?.catalog;
      const { name, body, language, returns, procedure } = operation;
      if (!catalog || !mayBeTested({ body, language, returns })) continue;
      const known = [...routinesOf(catalog)].find(each => each.name === name.name && each.body === body);
      if (!known || isReached(known.name, catalog, databaseUse)) continue;
      const others = databaseUse.hasTests
        ? []
        : [...routinesOf(catalog)].filter(each => mayBeTested(each) && each.id !== known.id);
      // where nothing is tested, one of them stands for all
      if (others.some(({ id }) => id < known.id)) continue;
      yield {
        at: statement.exact(name.span) ?? at,
        name: known.name,
        what: procedure ? 'procedure' : 'function',
        others: others.length,
      };
    }
  },

  explain: ({ name, what, others }) => ({
    what: `No test in the workspace calls the ${what} \`${name}\`${others === 0 ? '' : `, nor ${others === 1 ? 'the other one' : `the ${others} others`}`}.`,
    why: 'Nothing reads its body before it runs: what is wrong in it fails, or is stored, in production.',
    remedy: 'Call it from a test against a real database, by pgTAP or in the tests of the code.',
    related: [],
  }),
});

const isProgram = (language: string): boolean => !/^(?:c|internal)$/i.test(language);

/** It has a body that is a program, and it is no trigger's, which nobody calls. */
const mayBeTested = ({
  body,
  language,
  returns,
}:
  | Pick<OperationOf<'createFunction'>, 'body' | 'language' | 'returns'>
  | Pick<Routine, 'body' | 'language' | 'returns'>): boolean =>
  body !== undefined && isProgram(language) && !/^(?:event_)?trigger$/.test(returns?.name ?? '');

function* routinesOf(catalog: Catalog): IterableIterator<Routine> {
  for (const object of catalog.objects.values()) if (object.kind === 'routine') yield object;
}

/** A test speaks of it, or of a function that calls it. */
function isReached(name: string, catalog: Catalog, use: DatabaseUse, seen: ReadonlySet<string> = new Set()): boolean {
  if (use.isTested(name)) return true;
  if (seen.has(name) || seen.size > MAX_CALLERS) return false;
  const calls = new RegExp(`\\b${name.replace(/[^\w]/g, '\\$&')}\\s*\\(`, 'i');
  for (const other of routinesOf(catalog))
    if (
      other.name !== name &&
      calls.test(other.body ?? '') &&
      isReached(other.name, catalog, use, new Set([...seen, name]))
    )
      return true;
  return false;
}

/** Functions that call each other are followed so far. */
const MAX_CALLERS = 4;
