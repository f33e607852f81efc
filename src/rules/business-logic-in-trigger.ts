/**
 * A trigger that writes other tables, or decides what the business decides.
 *
 * Whoever reads the code does not see it: an UPDATE changes rows that no statement names, takes locks that nobody expects, and
 * runs in every import and backfill. Audits, times, search vectors and checks of balances are what triggers are for.
 * ## Flags
 * ```sql
 * CREATE TABLE product (id bigint PRIMARY KEY, stock integer NOT NULL);
 * CREATE TABLE order_line (id bigint PRIMARY KEY, product_id bigint NOT NULL, quantity integer NOT NULL);
 * CREATE FUNCTION take_stock() RETURNS trigger LANGUAGE plpgsql AS $$
 * BEGIN
 *   UPDATE product SET stock = stock - NEW.quantity WHERE id = NEW.product_id;
 *   RETURN NEW;
 * END $$;
 * CREATE TRIGGER take_stock AFTER INSERT ON order_line FOR EACH ROW EXECUTE FUNCTION take_stock();
 * ```
 * ```sql
 * CREATE TABLE `order_line` (`id` int AUTO_INCREMENT PRIMARY KEY, `product_id` int NOT NULL, `quantity` int NOT NULL);
 * CREATE TRIGGER take_stock AFTER INSERT ON `order_line` FOR EACH ROW
 *   UPDATE product SET stock = stock - NEW.quantity WHERE id = NEW.product_id;
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE product (id bigint PRIMARY KEY, stock integer NOT NULL, updated_at timestamptz NOT NULL);
 * CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
 * BEGIN
 *   NEW.updated_at := now();
 *   RETURN NEW;
 * END $$;
 * CREATE TRIGGER touch BEFORE UPDATE ON product FOR EACH ROW EXECUTE FUNCTION touch();
 * ```
 * ## When to leave it
 * Several programs write the table, and the database is the one place where the decision can be made for all of them.
 */
import { isTable, tableNamed } from '../catalog/catalog';
import { defineRule } from '../facts/rule';
import { changesOf, named } from '../facts/schemaChanges';
import { businessLogicIn, routineOf } from '../facts/triggerFunctions';
import { triggersWrittenIn } from '../facts/writtenTriggers';

export const businessLogicInTrigger = defineRule({
  id: 'business-logic-in-trigger',
  level: 'info',
  concern: 'maintainability',

  *check({ schemaScripts, schemaFiles }) {
    for (const { operation, after, script, statement, at } of changesOf(
      [...schemaScripts, ...schemaFiles],
      'createTrigger',
    )) {
      const catalog = script.head?.catalog ?? after;
      const made = tableNamed(after, operation.table);
      const now = made && catalog.objects.get(made.id);
      const trigger = isTable(now) ? now.triggers.find(({ name }) => name === operation.name.name) : undefined;
      // what keeps a balance is a constraint of its own kind
      if (!isTable(now) || !trigger || trigger.constraint) continue;
      const routine = routineOf(catalog, trigger.function);
      const does = routine?.body === undefined ? undefined : businessLogicIn(routine.body, now);
      if (does === undefined || !routine) continue;
      yield {
        at: statement.exact(operation.name.span) ?? at,
        trigger: trigger.name,
        table: named(now),
        does,
        routine: routine.name,
      };
    }
    for (const script of [...schemaScripts, ...schemaFiles]) {
      // what a later migration has dropped is not told of triggers that hold what they do
      if (!script.isNewest) continue;
      for (const { name, table, events, body, at } of triggersWrittenIn(script)) {
        const does = isCascade(events, body) ? undefined : businessLogicIn(body, { name: table });
        if (does !== undefined) yield { at, trigger: name, table: named({ name: table }), does, routine: undefined };
      }
    }
  },

  explain: ({ trigger, table, does, routine }) => ({
    what:
      routine === undefined
        ? `The trigger \`${trigger}\` on ${table} ${does}.`
        : `The trigger \`${trigger}\` on ${table} runs \`${routine}()\`, which ${does}.`,
    why: 'No statement of the code shows it: it takes locks and changes rows behind every write, backfills and imports among them.',
    remedy: 'Do it in the service that writes the table, in the same transaction.',
    related: [],
  }),
});

/** What falls with a row, where foreign keys cannot say it. */
const isCascade = (events: readonly string[], body: string): boolean =>
  events.every(event => event === 'delete') && !/\b(?:insert\s+into|update\s+\w+\s+set)\b/i.test(body);
