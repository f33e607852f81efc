/**
 * A materialized view that nothing refreshes, or that is refreshed so that its readers wait.
 *
 * A materialized view is a copy: it shows what the tables held when it was last refreshed, and nothing says so. REFRESH without
 * CONCURRENTLY locks all readers out until the query has run again; with it the server needs a unique index over plain columns.
 * ## Flags
 * ```sql
 * CREATE TABLE sale (id bigint PRIMARY KEY, day date NOT NULL, amount numeric NOT NULL);
 * CREATE MATERIALIZED VIEW sales_by_day AS SELECT day, sum(amount) AS amount FROM sale GROUP BY day;
 * ```
 * ```ts
 * //- migrations/1_sales.up.sql
 * CREATE TABLE sale (id bigint PRIMARY KEY, day date NOT NULL, amount numeric NOT NULL);
 * CREATE MATERIALIZED VIEW sales_by_day AS SELECT day, sum(amount) AS amount FROM sale GROUP BY day;
 * CREATE UNIQUE INDEX sales_by_day_day ON sales_by_day (day);
 * //- nightly.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const nightly = () => pool.query('REFRESH MATERIALIZED VIEW sales_by_day');
 * ```
 * ## Stays silent
 * ```ts
 * //- migrations/1_sales.up.sql
 * CREATE TABLE sale (id bigint PRIMARY KEY, day date NOT NULL, amount numeric NOT NULL);
 * CREATE MATERIALIZED VIEW sales_by_day AS SELECT day, sum(amount) AS amount FROM sale GROUP BY day;
 * CREATE UNIQUE INDEX sales_by_day_day ON sales_by_day (day);
 * //- nightly.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const nightly = () => pool.query('REFRESH MATERIALIZED VIEW CONCURRENTLY sales_by_day');
 * ```
 * ## When to leave it
 * A view of data that no longer changes, or one that a scheduler outside of the workspace refreshes.
 */
import { relationNamed } from '../catalog/catalog';
import { suggestion } from '../engine/finding';
import { refreshesInScripts } from '../facts/refreshes';
import { defineRule } from '../facts/rule';
import { changesOf } from '../facts/schemaChanges';

export const staleMaterializedView = defineRule({
  id: 'stale-materialized-view',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    const { databaseUse } = facts;
    for (const refresh of [...facts.refreshes, ...refreshesInScripts(facts)])
      yield { at: refresh.at, view: refresh.view, refresh };
    if (!databaseUse) return;
    for (const { operation, after, script, statement, at } of changesOf(
      [...facts.schemaScripts, ...facts.schemaFiles],
      'createMaterializedView',
    )) {
      const made = relationNamed(after, operation.name);
      const now = made && script.head?.catalog.objects.get(made.id);
      if (
        now?.kind !== 'materializedView' ||
        databaseUse.isRefreshed(now.name) ||
        databaseUse.isRefreshed(made?.name ?? '')
      )
        continue;
      yield { at: statement.exact(operation.name.span) ?? at, view: now.name, refresh: undefined };
    }
  },

  explain: ({ view, refresh }) => {
    const by = refresh?.label === undefined ? 'This' : `\`${refresh.label}\``;
    switch (refresh?.problem) {
      case 'locks':
        return {
          what: `${by} refreshes \`${view}\` without CONCURRENTLY.`,
          why: 'Whoever reads the view waits until its query has run again.',
          remedy: `Refresh it CONCURRENTLY, which its unique index \`${refresh.index}\` allows.`,
          related: [],
        };
      case 'fails':
        return {
          what: `${by} refreshes \`${view}\` CONCURRENTLY, and the view has no unique index over plain columns and all rows.`,
          why: 'The server refuses it, so that the view stays as it is.',
          remedy: 'Create such an index on the view.',
          related: [],
        };
      case 'in-request':
        return {
          what: `${by} refreshes \`${view}\` while a request waits.`,
          why: 'Each such request runs the whole query of the view again, and those that come together wait for each other.',
          remedy: 'Refresh it by a schedule or in a job.',
          related: [],
        };
      default:
        return {
          what: `Nothing in the workspace refreshes the materialized view \`${view}\`.`,
          why: 'It goes on showing what its tables held when it was created.',
          remedy:
            'Refresh it by a schedule (a job, pg_cron), and CONCURRENTLY, for which it needs a unique index; or make it a plain view.',
          related: [],
        };
    }
  },

  fix: ({ refresh }) =>
    refresh?.insertAt
      ? [suggestion('Refresh it CONCURRENTLY', [{ at: refresh.insertAt, newText: ' CONCURRENTLY' }])]
      : [],
});
