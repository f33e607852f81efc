/** For which server files beside each other are, by the names of their folders and their own. */
import { expect, test } from 'vitest';
import { dialectNamed } from '../../src/migrations/history';

test.each([
  ['db/sqlserver/V1__init.sql', 'transactsql'],
  ['db/sqlserver', 'transactsql'],
  ['db/mssql-migrations/1.sql', 'transactsql'],
  ['mysql-upgrades/001.sql', 'mysql'],
  ['sql/sqlserver.sql', 'transactsql'],
  ['sql/mysql.sql', 'mysql'],
  ['sql/schema.sqlserver.sql', 'transactsql'],
  ['sql/V2__init.sqlserver.sql', 'transactsql'],
  ['sql/V2__init_sqlserver.sql', 'transactsql'],
  ['sql/tables_mysql_innodb.sql', 'mysql'],
  ['sql/upgrade-1.2-sqlserver.sql', 'transactsql'],
  ['sql/V20__drop_sqlserver_logins.sql', undefined],
  ['sql/20200101120000_drop_sqlserver_logins.sql', undefined],
  ['sql/V21__copy_from_sqlserver.sql', undefined],
  ['sql/move_to_mysql.sql', undefined],
  ['sql/mysqlite_notes.sql', undefined],
  ['sql/sqlservers.sql', undefined],
])('%s', (path, dialect) => expect(dialectNamed(path)).toBe(dialect));
