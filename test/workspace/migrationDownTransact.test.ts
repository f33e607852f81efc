/** Where and how the way back is written for SQL Server: in batches where the client knows them, as texts that are sent where not. */
import { expect, test } from 'vitest';
import { migrationDownOf } from '../../src/workspace/migrationDown';
import { reviewerOf } from '../support/reviewProgram';

type Files = Readonly<Record<string, string>>;

const downOf = (files: Files, file: string) =>
  migrationDownOf(reviewerOf(new Map(Object.entries(files))), file, async name => files[name]);

async function writtenOf(files: Files, file: string): Promise<string> {
  const down = await downOf(files, file);
  if ('because' in down) return down.because;
  return 'text' in down.placed ? down.placed.text : down.placed.because;
}

const BASE = `CREATE TABLE [dbo].[orders] ([id] int IDENTITY(1,1) NOT NULL, [note] nvarchar(10) NULL, CONSTRAINT [PK_orders] PRIMARY KEY ([id]))
GO
CREATE PROCEDURE [dbo].[touch] AS SELECT 'x'; SELECT 2;
GO
`;
const MORE = `ALTER TABLE [dbo].[orders] ADD [total] int NOT NULL CONSTRAINT [DF_total] DEFAULT 0
GO
ALTER PROCEDURE [dbo].[touch] AS SELECT 3;
GO
`;

test('Flyway knows GO', async () =>
  expect(
    await writtenOf({ 'sql/sqlserver/V1__a.sql': BASE, 'sql/sqlserver/V2__b.sql': MORE }, 'sql/sqlserver/V2__b.sql'),
  ).toBe(`-- the values of orders.total are lost
ALTER TABLE [dbo].[orders] DROP CONSTRAINT [DF_total];
ALTER TABLE [dbo].[orders] DROP COLUMN [total];
GO
ALTER PROCEDURE [dbo].[touch] AS SELECT 'x'; SELECT 2;
`));

test('a file that may be sent as it is holds no GO', async () =>
  expect(
    await writtenOf({ 'db/mssql/1_a.up.sql': BASE, 'db/mssql/2_b.up.sql': MORE }, 'db/mssql/2_b.up.sql'),
  ).toBe(`-- the values of orders.total are lost
ALTER TABLE [dbo].[orders] DROP CONSTRAINT [DF_total];
ALTER TABLE [dbo].[orders] DROP COLUMN [total];
EXEC(N'ALTER PROCEDURE [dbo].[touch] AS SELECT ''x''; SELECT 2');
`));

test('what is printed knows GO as well', async () => {
  const files = { 'db/mssql/1_a.up.sql': BASE, 'db/mssql/2_b.up.sql': MORE };
  const down = await downOf(files, 'db/mssql/2_b.up.sql');
  expect('sql' in down && down.sql).toContain('GO\nALTER PROCEDURE');
});

test('Liquibase cuts at semicolons', async () => {
  const head = (number: number) => `--liquibase formatted sql\n--changeset jo:${number}\n`;
  const files = {
    'mssql/1.sql': head(1) + BASE.split('GO')[0],
    'mssql/2.sql': `${head(2)}ALTER TABLE [dbo].[orders] ADD [total] int NOT NULL DEFAULT 0;\n`,
  };
  expect(await writtenOf(files, 'mssql/2.sql')).toBe('the tool would cut a statement apart at its semicolons');
});

test('in code each statement is a batch', async () => {
  const migration = (name: string, sql: string) => `import { MigrationInterface, QueryRunner } from 'typeorm';
export class ${name} implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`${sql}\`);
  }
  public async down(queryRunner: QueryRunner): Promise<void> {}
}
`;
  const files = {
    'migrations/1700000000000-Init.ts': migration('Init1700000000000', BASE.split('\nGO')[0] ?? ''),
    'migrations/1700000000001-More.ts': migration(
      'More1700000000001',
      'ALTER TABLE [dbo].[orders] ADD [kind] int NOT NULL DEFAULT 1',
    ),
  };
  const text = await writtenOf(files, 'migrations/1700000000001-More.ts');
  expect(text).toContain('await queryRunner.query(`DECLARE @name1 sysname;');
  expect(text).toContain("await queryRunner.query('ALTER TABLE [dbo].[orders] DROP COLUMN [kind]');");
});

test('what Entity Framework writes for databases of any age', async () => {
  const once = (body: string) =>
    `IF NOT EXISTS (\n    SELECT * FROM [__EFMigrationsHistory]\n    WHERE [MigrationId] = N'1_Kind'\n)\nBEGIN\n    ${body}\nEND;\nGO\n\n`;
  const lookup = `DECLARE @var0 sysname;
    SELECT @var0 = [d].[name]
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[orders]') AND [c].[name] = N'note');
    IF @var0 IS NOT NULL EXEC(N'ALTER TABLE [orders] DROP CONSTRAINT [' + @var0 + '];');
    ALTER TABLE [orders] ALTER COLUMN [note] nvarchar(max) NOT NULL;`;
  const files = {
    'sql/V1__a.sql': BASE,
    'sql/V2__b.sql': `BEGIN TRANSACTION;\nGO\n\n${once(lookup)}${once('CREATE TABLE [kinds] ([id] int NOT NULL);')}COMMIT;\nGO\n`,
  };
  expect(
    await writtenOf(files, 'sql/V2__b.sql'),
  ).toBe(`-- values of orders.note that nvarchar(10) does not hold make it fail
-- the rows of kinds are lost
DROP TABLE [dbo].[kinds];
ALTER TABLE [dbo].[orders] ALTER COLUMN [note] nvarchar(10) NULL;
`);
});

test.each([
  ['ALTER VIEW [dbo].[nobody] AS SELECT 1 AS a', 'what was altered is not known: view nobody'],
  [
    'ALTER TABLE [dbo].[orders] DROP CONSTRAINT [CK_nobody]',
    'what was dropped is not known: constraint CK_nobody of orders',
  ],
  [
    'ALTER INDEX [IX] ON [dbo].[orders] DISABLE',
    'what this changes is not followed: ALTER INDEX [IX] ON [dbo].[orders] DISABLE',
  ],
  ['DISABLE TRIGGER [t] ON [dbo].[orders]', 'what this changes is not followed: DISABLE TRIGGER [t] ON [dbo].[orders]'],
  ['EXEC(@sql)', 'its up holds what cannot be followed'],
])('%s', async (sql, because) => {
  const files = {
    'sql/V1__a.sql': BASE,
    'sql/V2__b.sql': `ALTER TABLE [dbo].[orders] ADD [total] int NULL\nGO\n${sql}\nGO\n`,
  };
  expect(await downOf(files, 'sql/V2__b.sql')).toEqual({ because });
});
