/** Tables that are only ever added to, and journals of double entry: told by what protects them, or by name and shape together. */
import type { Catalog } from '../catalog/catalog';
import type { Table } from '../catalog/object';
import { routineOf } from './triggerFunctions';

const LOG_NAME =
  /(?:^|_)(?:events?|event_?(?:store|log|stream)|(?:domain|stored|stream|account|ledger|audit)_?events?|journal|journal_?(?:entry|entries|lines?|postings?)|ledger|ledger_?(?:entry|entries|lines?|postings?|transactions?)|postings?|audit_?(?:log|logs|trail|entries)|(?:balance|account|stock|inventory)_?(?:entries|movements|transactions))$/;
/** Where a row stands in its stream. */
const POSITION =
  /^(?:(?:aggregate|stream|event|entity)_?(?:id|version|type|name|number|sequence|position)|(?:global_?)?(?:sequence|seq|position|offset)(?:_?(?:no|nr|num|number))?|revision|event_?type|occurred_?(?:at|on)|recorded_?at|posted_?at|effective_?(?:at|date))$/;
const AMOUNT = /^(?:debit|credit|amount|amount_\w+|\w+_amount|delta|quantity|debit_\w+|credit_\w+)$/;
const CHANGES = /^(?:updated|modified|changed|edited|last_?(?:updated|modified))_?(?:at|on|date|time)?$/;
/** A thing that takes place is no log of what has happened. */
const TAKES_PLACE =
  /^(?:title|venue|venue_?id|location|location_?id|starts?_?(?:at|on|date|time)|ends?_?(?:at|on|date|time)|capacity|organi[sz]er_?id|attendees|description|slug|cover\w*)$/;
const SAYS_SO =
  /\bappend[- ]?only\b|\bimmutable\b|\bwrite[- ]once\b|\bnever (?:be )?(?:updated?|changed?|deleted?|modified)\b/i;

/** Why a table is a log that is only added to; nothing where it is not, or not surely. */
export function appendOnlyBecause(table: Table, catalog: Catalog): string | undefined {
  const guard = table.triggers.find(
    ({ timing, events, when, function: called }) =>
      timing === 'before' &&
      when === undefined &&
      (events.includes('update') || events.includes('delete')) &&
      /^\s*(?:declare\b[^;]*;\s*)*begin\s+raise\s+exception\b/i.test(routineOf(catalog, called)?.body ?? ''),
  );
  if (guard) return `the trigger \`${guard.name}\` forbids it`;
  const rule = table.rules.find(
    ({ event, definition }) =>
      (event === 'update' || event === 'delete') && /\binstead\s+nothing\b/i.test(definition.text),
  );
  if (rule) return `the rule \`${rule.name}\` forbids it`;
  if (SAYS_SO.test(table.comment ?? '')) return 'its comment says so';
  const granted = table.grants.map(([, privileges]) => privileges.map(each => each.toLowerCase()));
  const may = (privilege: string): boolean => granted.some(each => each.some(one => one.startsWith(privilege)));
  if (may('insert') && !may('update') && !may('delete') && !may('all'))
    return 'nobody is granted more than to add to it';
  const columns = table.columns.map(({ name }) => name.toLowerCase());
  if (!LOG_NAME.test(table.name.toLowerCase()) || columns.some(name => CHANGES.test(name) || TAKES_PLACE.test(name)))
    return undefined;
  const tells = columns.filter(name => POSITION.test(name));
  if (tells.length >= 2) return `its rows are numbered by \`${tells[0]}\` and \`${tells[1]}\``;
  const amounts = columns.filter(name => AMOUNT.test(name));
  const isLedger = /ledger|journal|posting|entries|movements/.test(table.name) && amounts.length > 0;
  return isLedger ? `its rows add up to balances by \`${amounts[0]}\`` : undefined;
}

/** Columns that say how far the handling of a row has come, and nothing of what happened. */
const HANDLING =
  /^(?:(?:is_?)?(?:processed|published|dispatched|delivered|sent|handled|acknowledged|acked|synced|exported|archived|indexed|consumed|relayed|forwarded|failed|notified|retried|locked|claimed|picked|completed|reconciled)(?:_?(?:at|by|on|until|count))?|status|state|attempts?|attempt_?count|retr(?:y|ies)(?:_?count)?|next_?(?:attempt|retry)_?at|last_?(?:attempt|error)(?:_?at)?|error(?:_?message)?|failure_?reason|lock(?:ed)?_?\w*|worker_?id|search_?vector|tsv)$/i;

export const isHandling = (column: string): boolean => HANDLING.test(column);

/** A condition on the age of the rows: retention. */
export const isByAge = (condition: string): boolean =>
  /\b\w*(?:_at|_on|_date|_time|date|time|timestamp|created|occurred|recorded|year|month|day)\b["\s]*(?:::\w+\s*)?<|\bolder_than\b|\b(?:age|date_trunc|extract)\s*\(|\bpartition\b/i.test(
    condition,
  );

/** A table of the lines of a journal in which what is debited must equal what is credited. */
export function journalBy({ columns }: Table): readonly string[] | undefined {
  const names = columns.map(({ name }) => name);
  const find = (form: RegExp): string | undefined => names.find(name => form.test(name));
  // both accounts in one row are equal by themselves
  if (
    find(/^(?:debit(?:ed|or)?|from|source)_?(?:account|acct)/i) &&
    find(/^(?:credit(?:ed|or)?|to|target|dest\w*)_?(?:account|acct)/i)
  )
    return undefined;
  const account = find(/(?:^|_)(?:account|acct|gl_?account|ledger)(?:_?(?:id|code|no|number))?$/i);
  if (account === undefined) return undefined;
  const debit = find(/^(?:debit|dr|debits)(?:_?(?:amount|cents|minor|value))?$|^amount_?debit$/i);
  const credit = find(/^(?:credit|cr|credits)(?:_?(?:amount|cents|minor|value))?$|^amount_?credit$/i);
  if (debit !== undefined && credit !== undefined) return [debit, credit];
  const amount = find(/^(?:amount|value|sum)(?:_?(?:cents|minor))?$/i);
  const side = find(/^(?:direction|side|dr_?cr|entry_?side|debit_?credit|dc|is_?(?:debit|credit))$/i);
  const entry = find(/(?:^|_)(?:entry|transaction|journal|transfer|posting)(?:_?(?:id|no|number))$/i);
  return amount !== undefined && side !== undefined && entry !== undefined ? [amount, side] : undefined;
}
