/** Frappe, the framework under ERPNext: SQL that its database is handed, and functions that a client calls by name. */
import type { LibraryModel } from './vocabulary';

export const frappe = {
  package: 'pypi:frappe',
  also: ['pypi:frappe.utils', 'pypi:frappe.database.database'],
  source:
    'https://docs.frappe.io/framework/user/en/api/database, https://docs.frappe.io/framework/user/en/python-api/whitelisted-methods',
  dialect: 'mysql',
  placeholder: '%s',
  blocks: true,
  // a request is one transaction
  types: { Database: { transaction: true } },
  gives: [{ property: ['db', 'local.db'], gives: 'Database' }],
  queries: [
    { call: ['Database.sql', 'Database.sql_list'], sql: 0, values: 1, returns: 'many' },
    { call: 'Database.multisql', sql: 0, values: 1 },
  ],
  escapes: [{ call: 'Database.escape', makes: 'literal' }],
  inputs: [
    { handler: 'whitelist', label: 'the request' },
    { property: 'form_dict', label: 'the request' },
  ],
  neutral: ['Database.commit', 'Database.rollback'],
} as const satisfies LibraryModel;
