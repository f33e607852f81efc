/**
 * A constraint that lives in a domain.
 *
 * A constraint of a domain is added by reading every column of every table that uses it, under locks on all of them, and it
 * cannot be changed for one table alone.
 * ## Flags
 * ```sql
 * CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
 * ```
 * ```sql
 * ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 320);
 * ```
 * ## Stays silent
 * ```sql
 * CREATE DOMAIN email AS text;
 * ```
 * ```sql
 * ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 320) NOT VALID;
 * ```
 * ## When to leave it
 * A rule that will not change, in few and small tables.
 */
import { domainNotValid } from '../facts/domainFixes';
import { defineRule } from '../facts/rule';
import { changesOf, named } from '../facts/schemaChanges';

export const domainConstraint = defineRule({
  id: 'domain-constraint',
  level: 'warning',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'createDomain', 'alterDomain')) {
      const { operation } = change;
      if (operation.kind === 'createDomain') {
        if (operation.constraints.length > 0 || operation.notNull)
          yield { at: change.at, change, domain: operation.name, isNew: true };
      } else if (operation.change.kind === 'addConstraint' && !operation.change.constraint.notValid)
        yield {
          at: change.at,
          change,
          domain: operation.domain,
          isNew: false,
          notValidAt: operation.change.constraint.notValidAt,
        };
    }
  },

  explain: ({ domain, isNew }) => ({
    what: isNew
      ? `Domain ${named(domain)} has a constraint: whoever changes it later reads every column that uses the domain, under locks on all those tables.`
      : `This reads every column that uses domain ${named(domain)}, under locks on all those tables.`,
    why: 'Writers of all of them wait until the last row is checked.',
    remedy: isNew
      ? 'Put the CHECK on the columns, where it can be added NOT VALID table by table.'
      : 'Add it NOT VALID and validate it in a later migration, or put a CHECK on the columns.',
    related: [],
  }),

  fix: ({ change, notValidAt }) => (notValidAt === undefined ? [] : domainNotValid(change, notValidAt)),
});
