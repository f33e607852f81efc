import { beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, emptyCatalog, tablesOf } from '../../src/catalog/catalog';
import { typeText } from '../../src/catalog/definitionText';
import type { OtherDialect } from '../../src/catalog/dialectCursor';
import { type Failure, fold } from '../../src/catalog/fold';
import { readDialect } from '../../src/catalog/readDialect';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

interface Read {
  readonly catalog: Catalog;
  readonly failures: readonly Failure[];
  readonly unread: readonly string[];
}

function read(text: string, dialect: OtherDialect): Read {
  let catalog = emptyCatalog({ complete: true, dialect });
  const failures: Failure[] = [];
  const unread: string[] = [];
  for (const { statement, operations } of readDialect(trees, text, dialect)) {
    for (const operation of operations)
      if (operation.kind === 'unread' && operation.mayChangeSchema) unread.push(statement.text);
    const folded = fold(catalog, operations);
    failures.push(...folded.failures);
    catalog = folded.catalog;
  }
  return { catalog, failures, unread };
}

/** Tables as lines: columns with type and what is said of them, keys, indexes, references. */
function shown(text: string, dialect: OtherDialect): string {
  const { catalog, failures, unread } = read(text, dialect);
  const lines: string[] = [];
  for (const failure of failures) lines.push(`refused: ${failure.says}`);
  for (const statement of unread) lines.push(`unread: ${statement}`);
  for (const table of tablesOf(catalog)) {
    if (table.assumed) continue;
    lines.push(table.name);
    const name = (id: number): string => table.columns.find(column => column.id === id)?.name ?? '?';
    for (const column of table.columns)
      lines.push(
        `  ${[
          column.name,
          column.type ? typeText(catalog, column.type) : '',
          column.notNull ? 'NOT NULL' : '',
          column.default ? `= ${column.default.text}` : '',
          column.autoIncrement ? 'numbered' : '',
          column.onUpdate ?? '',
          column.comment === undefined ? '' : `-- ${column.comment}`,
        ]
          .filter(part => part !== '')
          .join(' ')}`,
      );
    for (const constraint of table.constraints) {
      const target = constraint.kind === 'foreignKey' ? catalog.objects.get(constraint.table) : undefined;
      lines.push(
        `  ${constraint.kind} ${constraint.name} (${constraint.columns.map(name).join(', ')})${target && 'name' in target ? ` -> ${target.name}` : ''}`,
      );
    }
    for (const index of table.indexes)
      if (index.constraint === undefined)
        lines.push(
          `  ${index.unique ? 'unique ' : ''}${index.method === 'btree' ? '' : `${index.method} `}index ${index.name} (${index.elements
            .map(({ column, expression }) => (column === undefined ? (expression?.text ?? '') : name(column)))
            .join(', ')})`,
        );
  }
  for (const object of catalog.objects.values())
    if (object.kind === 'view')
      lines.push(`view ${object.name} (${object.columns.map(({ name }) => name).join(', ')})`);
  return lines.join('\n');
}

describe('MySQL', () => {
  test('a dump', () => {
    expect(
      shown(
        `-- MySQL dump 10.13
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
DROP TABLE IF EXISTS \`line\`;
/*!40101 SET character_set_client = utf8 */;
CREATE TABLE \`line\` (
  \`id\` int(10) unsigned NOT NULL AUTO_INCREMENT,
  \`order_id\` bigint(20) DEFAULT NULL,
  \`state\` enum('new','it''s','done, or not') COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT 'new' COMMENT 'how; far',
  \`note\` text CHARACTER SET utf8mb4,
  \`price\` decimal(10,2) NOT NULL DEFAULT '0.00',
  \`isPaid\` tinyint(1) NOT NULL DEFAULT 0,
  \`at\` timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  \`total\` decimal(12,2) GENERATED ALWAYS AS (\`price\` * 2) STORED,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`uq\` (\`order_id\`,\`state\`),
  KEY \`by_note\` (\`note\`(20)),
  FULLTEXT KEY \`words\` (\`note\`),
  CONSTRAINT \`line_order\` FOREIGN KEY (\`order_id\`) REFERENCES \`orders\` (\`id\`) ON DELETE CASCADE,
  CONSTRAINT \`positive\` CHECK (\`price\` >= 0)
) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COMMENT='lines; of orders'
/*!50100 PARTITION BY HASH (\`id\`) PARTITIONS 4 */;
LOCK TABLES \`line\` WRITE;
/*!40000 ALTER TABLE \`line\` DISABLE KEYS */;
INSERT INTO \`line\` VALUES (1,2,'new',NULL,'1.00',0,now()),(2,3,'it''s','a\\'b;',0,1,now());
/*!40000 ALTER TABLE \`line\` ENABLE KEYS */;
UNLOCK TABLES;
CREATE TABLE \`orders\` (\`id\` bigint(20) NOT NULL, PRIMARY KEY (\`id\`)) ENGINE=InnoDB;
/*!50001 CREATE TABLE \`paid\` (\`id\` tinyint NOT NULL) ENGINE=MyISAM */;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=\`root\`@\`%\`*/ /*!50003 TRIGGER t BEFORE INSERT ON line FOR EACH ROW BEGIN SET NEW.price = 1; END */;;
DELIMITER ;
/*!50001 DROP TABLE IF EXISTS \`paid\`*/;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=\`root\`@\`localhost\` SQL SECURITY DEFINER */
/*!50001 VIEW \`paid\` AS select \`line\`.\`id\` AS \`id\`,\`line\`.\`price\` AS \`amount\` from \`line\` where (\`line\`.\`isPaid\` = 1) */;
`,
        'mysql',
      ),
    ).toBe(`line
  id int unsigned NOT NULL numbered
  order_id bigint
  state enum('new','it''s','done, or not') NOT NULL = 'new' -- how; far
  note text
  price decimal(10,2) NOT NULL = '0.00'
  isPaid tinyint(1) NOT NULL = 0
  at timestamp(6) NOT NULL = CURRENT_TIMESTAMP(6) current_timestamp(6)
  total decimal(12,2)
  check positive (price)
  primaryKey PRIMARY (id)
  foreignKey line_order (order_id) -> orders
  unique index uq (order_id, state)
  index by_note (note)
  fulltext index words (note)
orders
  id bigint NOT NULL
  primaryKey PRIMARY (id)
view paid (id, amount)`);
  });

  test('every kind of ALTER TABLE', () => {
    expect(
      shown(
        `create table a (id int auto_increment primary key, Name varchar(20) not null default 'x', old int, gone int, key gone_old (gone, old), key only_gone (gone));
create table b (id int primary key, a_id int, constraint b_a foreign key (a_id) references a (id), key b_key (a_id));
alter table A modify column name varchar(100) null, change old \`new\` bigint unsigned not null, drop column gone, add column (x int, y int) , engine = innodb;
alter table a add unique key uq (x), add index (y), add fulltext index ft (name), add column z json after id, add constraint check (x > 0);
alter table b drop foreign key b_a, drop index b_key, rename to c;
alter table c add foreign key (a_id) references a (id) on delete set null, add constraint pk primary key (a_id), drop primary key;
alter table c rename column a_id to A_Id, rename index nothing to other;
rename table c to d, a to e;
alter table e alter column x set default 5, alter y drop default, rename index uq to uq2;
create index late on e (y desc, (x + 1));
drop index late on e;
truncate table d;
drop table if exists nothing, d;
`,
        'mysql',
      ),
    ).toBe(`e
  id int NOT NULL numbered
  z json
  Name varchar(100)
  new bigint unsigned NOT NULL
  x int = 5
  y int
  primaryKey PRIMARY (id)
  check e_chk_1 (x)
  index gone_old (new)
  unique index uq2 (x)
  index y (y)
  fulltext index ft (Name)`);
  });
});

describe('SQLite', () => {
  test('a dump, with types of all kinds and none', () => {
    expect(
      shown(
        `PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "Order" (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- a comment, with a comma
  key TEXT NOT NULL COLLATE NOCASE UNIQUE ON CONFLICT IGNORE,
  [index] UNSIGNED BIG INT DEFAULT -1,
  'quoted' VARCHAR(20) DEFAULT ('a' || 'b'),
  untyped,
  untyped2 NOT NULL,
  \`when\` DATETIME DEFAULT CURRENT_TIMESTAMP CHECK (\`when\` > '2000'),
  owner INTEGER REFERENCES person (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  doubled AS (id * 2) VIRTUAL,
  CONSTRAINT both UNIQUE (key, [index])
  FOREIGN KEY (owner) REFERENCES person (id)
) STRICT;
CREATE TABLE person (id, name, PRIMARY KEY (id, name)) WITHOUT ROWID;
INSERT INTO "Order" VALUES (1,'a;b',1,'it''s',NULL,1,NULL,NULL);
CREATE VIRTUAL TABLE words USING fts5(body, tokenize = 'porter');
CREATE UNIQUE INDEX IF NOT EXISTS main.by_name ON person (lower(name), id DESC) WHERE name IS NOT NULL;
CREATE VIEW v AS SELECT o.id, o.key AS k FROM "Order" o JOIN person p ON p.id = o.owner;
CREATE TRIGGER t AFTER INSERT ON person BEGIN UPDATE person SET name = 'x;y' WHERE id = new.id; SELECT CASE WHEN 1 THEN 2 END; END;
COMMIT;
`,
        'sqlite',
      ),
    ).toBe(`Order
  id integer NOT NULL numbered
  key text NOT NULL
  index unsigned big int = -1
  quoted varchar(20) = ('a' || 'b')
  untyped
  untyped2 NOT NULL
  when datetime = CURRENT_TIMESTAMP
  owner integer
  doubled
  check check (\`when\` > '2000') (when)
  primaryKey primary key (id) (id)
  unique unique (key) (key)
  unique both (key, index)
  foreignKey foreign key (owner) (owner) -> person
  foreignKey foreign key (owner) 2 (owner) -> person
person
  id NOT NULL
  name NOT NULL
  primaryKey primary key (id, name) (id, name)
  unique index by_name (lower(name), id)
words
view v (id, k)`);
  });

  test('a table that is built anew under its own name keeps what refers to it', () => {
    const text = `CREATE TABLE parent (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE child (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent (id));
CREATE VIEW names AS SELECT a FROM parent;
PRAGMA foreign_keys=off;
BEGIN;
CREATE TABLE new_parent (id INTEGER PRIMARY KEY, A VARCHAR(10) NOT NULL);
INSERT INTO new_parent SELECT id, a FROM parent;
DROP TABLE parent;
ALTER TABLE new_parent RENAME TO parent;
COMMIT;
ALTER TABLE child ADD COLUMN x INT;
ALTER TABLE child RENAME COLUMN p TO parent_id;
ALTER TABLE child DROP x;
`;
    expect(shown(text, 'sqlite')).toBe(`parent
  id integer NOT NULL
  A varchar(10) NOT NULL
  primaryKey primary key (id) (id)
child
  id integer NOT NULL
  parent_id integer
  primaryKey primary key (id) (id)
  foreignKey foreign key (p) (parent_id) -> parent
view names (a)`);
  });
});

describe('SQLite, back again', () => {
  test('a table that is set aside, made anew and dropped keeps what refers to it', () => {
    const text = `CREATE TABLE parent (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE child (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent (id));
ALTER TABLE parent RENAME TO temporary_parent;
CREATE TABLE parent (id INTEGER PRIMARY KEY);
INSERT INTO parent SELECT id FROM temporary_parent;
DROP TABLE temporary_parent;
`;
    expect(shown(text, 'sqlite')).toBe(`parent
  id integer NOT NULL
  primaryKey primary key (id) (id)
child
  id integer NOT NULL
  p integer
  primaryKey primary key (id) (id)
  foreignKey foreign key (p) (p) -> parent`);
  });
});

describe('what MySQL refuses', () => {
  test('a VARCHAR without a length', () => {
    const text =
      'CREATE TABLE a (b text); ALTER TABLE a MODIFY b varchar; ALTER TABLE a CHANGE b c varbinary NOT NULL;';
    expect(shown(text, 'mysql')).toBe('a\n  b text');
  });
});

describe('T-SQL', () => {
  test('batches, brackets, and statements without a terminator', () => {
    expect(
      shown(
        `USE [Shop]
GO
SET ANSI_NULLS ON
GO
CREATE TABLE [dbo].[Order](
  [Id] [int] IDENTITY(1,1) NOT NULL,
  [Name] [nvarchar](max) NULL,
  [Total] [decimal](18, 2) NOT NULL CONSTRAINT [DF_total] DEFAULT ((0)),
  [Kind] AS ([Total] * 2) PERSISTED,
 CONSTRAINT [PK_Order] PRIMARY KEY CLUSTERED ([Id] ASC) WITH (PAD_INDEX = OFF, IGNORE_DUP_KEY = OFF) ON [PRIMARY]
) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
GO
CREATE TABLE dbo.Line (Id int NOT NULL PRIMARY KEY, OrderId int NULL, INDEX ix NONCLUSTERED (OrderId))
CREATE TABLE Gone (a int)
DROP TABLE IF EXISTS Gone
ALTER TABLE [dbo].[Line] WITH CHECK ADD CONSTRAINT [FK_Line] FOREIGN KEY([OrderId]) REFERENCES [dbo].[Order] ([Id]) ON DELETE CASCADE
GO
ALTER TABLE [dbo].[Line] CHECK CONSTRAINT [FK_Line]
GO
ALTER TABLE Line ADD A int NULL, B nvarchar(20) NOT NULL DEFAULT 'x', CONSTRAINT ck CHECK (A > 0)
ALTER TABLE dbo.Line ADD CONSTRAINT DF_A DEFAULT (1) FOR A
ALTER TABLE dbo.Line ALTER COLUMN B nvarchar(40) NULL
GO
ALTER TABLE Line DROP CONSTRAINT DF_A, ck
ALTER TABLE Line DROP COLUMN A
EXEC sp_rename 'dbo.Line.B', 'Title', 'COLUMN'
EXEC sp_rename N'Line', N'OrderLine'
CREATE UNIQUE NONCLUSTERED INDEX [ux] ON [dbo].[OrderLine] ([Title] ASC) INCLUDE (OrderId) WHERE ([Title] IS NOT NULL)
DROP INDEX ix ON dbo.OrderLine
GO
CREATE VIEW dbo.Totals AS
SELECT TOP 10 [Id], [Total] AS Amount FROM [dbo].[Order] WITH (NOLOCK)
GO
CREATE PROCEDURE p AS
BEGIN
  SELECT 1
  UPDATE [Order] SET Name = 'x'
END
GO
`,
        'transactsql',
      ),
    ).toBe(`Order
  Id int NOT NULL numbered
  Name nvarchar(max)
  Total decimal(18,2) NOT NULL = ((0))
  Kind
  primaryKey PK_Order (Id)
OrderLine
  Id int NOT NULL
  OrderId int
  Title nvarchar(40) = 'x'
  primaryKey primary key (Id) (Id)
  foreignKey FK_Line (OrderId) -> Order
  unique index ux (Title)
view Totals (id, amount)`);
  });

  test('what guards ask for is made where it is not there, and dropped where it is', () => {
    const text = `IF NOT EXISTS (SELECT * FROM sys.tables WHERE name = 'orders')
BEGIN
  CREATE TABLE [dbo].[orders] ([id] int NOT NULL, [total] money);
  CREATE INDEX ix ON orders (total);
END
IF OBJECT_ID(N'dbo.lines', N'U') IS NULL
CREATE TABLE dbo.lines (order_id int NOT NULL)
CREATE TABLE dbo.notes (note nvarchar(max))
GO
IF COL_LENGTH('dbo.orders', 'cost') IS NULL
  ALTER TABLE dbo.orders
    ADD cost real NULL
IF (OBJECT_ID('dbo.gone') IS NOT NULL) DROP TABLE dbo.gone
IF EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'notes')
BEGIN
  BEGIN TRAN
  DROP TABLE dbo.notes
  COMMIT
END
IF EXISTS (SELECT 1 FROM orders WHERE total < 0)
  UPDATE orders SET total = 0
GO
`;
    expect(shown(text, 'transactsql')).toBe(`orders
  id int NOT NULL
  total money
  cost real
  index ix (total)
lines
  order_id int NOT NULL`);
  });
});
