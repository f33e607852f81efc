/** Tables that code declares in Drizzle's terms, as the SQL that is pushed for them. */
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { typescriptFrontEnd } from '../../src/languages/typescript/frontEnd';
import { statementsOfDrizzle } from '../../src/migrations/drizzle/ddl';
import type { DrizzleDialect } from '../../src/migrations/drizzle/declared';
import { DrizzleReader } from '../../src/migrations/drizzle/tables';
import type { Module } from '../../src/program/model';
import { parsers } from '../syntax/parsers';

async function pushed(files: Readonly<Record<string, string>>, dialect: DrizzleDialect = 'postgresql') {
  const modules = new Map<string, Module>();
  for (const [file, text] of Object.entries(files)) {
    const tree = (await parsers.parser('typescript')).parse(text);
    modules.set(file, typescriptFrontEnd.lower({ tree, file }));
    tree.delete();
  }
  const reader = new DrizzleReader({
    module: file => modules.get(file),
    resolve: (from, specifier) => [`${posix.join(posix.dirname(from), specifier)}.ts`].find(file => modules.has(file)),
    columnName: key => key,
  });
  const found = [...modules.keys()].map(file => reader.tablesIn(file));
  const { statements, open } = statementsOfDrizzle(
    found.flatMap(({ tables }) => tables.filter(table => table.dialect === dialect)),
    reader,
    dialect,
  );
  return { sql: statements.map(({ sql }) => sql), open: [...open], isPartial: found.some(each => each.isPartial) };
}

const IMPORTS = `import { bigint, bigserial, boolean, char, customType, date, foreignKey, index, integer, jsonb, numeric, pgEnum, pgSchema,
  pgTable, primaryKey, serial, text, time, timestamp, unique, uniqueIndex, uuid, varchar, vector, type AnyPgColumn } from 'drizzle-orm/pg-core';
import { isNull, relations, sql } from 'drizzle-orm';
`;

test('columns with their types, defaults and keys', async () => {
  expect(
    await pushed({
      'schema.ts': `${IMPORTS}
const roles = ['user', "it's"] as const;
export const role = pgEnum('role', roles);
const citext = customType<{ data: string }>({ dataType: () => 'citext' });
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  big: bigserial({ mode: 'number' }),
  email: varchar('email', { length: 80 }).notNull().unique(),
  name: text('full_name'),
  handle: citext('handle').notNull(),
  price: numeric('price', { precision: 10, scale: 2 }).default('0.00'),
  code: char({ length: 2 }).unique('one_code'),
  role: role('role').notNull().default('user'),
  tags: text('tags').array().notNull(),
  data: jsonb('data').$type<{ a: 1 }>().default({}),
  at: timestamp('at', { withTimezone: true, precision: 3 }).defaultNow().notNull(),
  on: timestamp(),
  day: date('day').default(sql\`CURRENT_DATE\`),
  token: uuid('token').defaultRandom(),
  isOn: boolean('is_on').default(false),
  parent: integer('parent').references((): AnyPgColumn => users.id, { onDelete: 'set null' }),
  n: bigint('n', { mode: 'bigint' }).generatedAlwaysAsIdentity(),
  m: integer('m').generatedAlwaysAs((): SQL => sql\`\${users.parent} * 2\`),
  embedding: vector('embedding', { dimensions: 3 }),
}).enableRLS();
export const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
`,
    }),
  ).toMatchInlineSnapshot(`
    {
      "isPartial": false,
      "open": [],
      "sql": [
        "CREATE TYPE "role" AS ENUM ('user', 'it''s')",
        "CREATE TABLE "users" ("id" serial PRIMARY KEY NOT NULL, "big" bigserial, "email" varchar(80) NOT NULL, "full_name" text, "handle" "unknown" NOT NULL, "price" numeric(10, 2) DEFAULT '0.00', "code" char(2), "role" "role" DEFAULT 'user' NOT NULL, "tags" text[] NOT NULL, "data" jsonb, "at" timestamp(3) with time zone DEFAULT now() NOT NULL, "on" timestamp, "day" date DEFAULT CURRENT_DATE, "token" uuid DEFAULT gen_random_uuid(), "is_on" boolean DEFAULT false, "parent" integer, "n" bigint GENERATED ALWAYS AS IDENTITY, "m" integer GENERATED ALWAYS AS ("parent" * 2) STORED, "embedding" "unknown", CONSTRAINT "users_email_unique" UNIQUE ("email"), CONSTRAINT "one_code" UNIQUE ("code"))",
        "ALTER TABLE "users" ADD CONSTRAINT "users_parent_users_id_fk" FOREIGN KEY ("parent") REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE NO ACTION",
      ],
    }
  `);
});

test('the third argument in both forms, across files and schemas', async () => {
  expect(
    await pushed({
      'db/users.ts': `import * as t from 'drizzle-orm/pg-core';
export const auth = t.pgSchema('auth');
export const users = auth.table('users', { id: t.uuid().primaryKey(), org: t.uuid('org_id').notNull(), email: t.text() }, (table) => ({
  byOrg: t.index('users_org').on(table.org, table.email.desc().nullsLast()),
  lower: t.uniqueIndex('users_email').on(sql\`lower(\${table.email})\`).where(sql\`\${table.org} is not null\`),
  one: t.unique().on(table.org, table.id),
}));
import { sql } from 'drizzle-orm';
`,
      'db/columns.ts': `${IMPORTS}
export const timestamps = { createdAt: timestamp('created_at').defaultNow().notNull() };
export const owned = () => ({ ownerId: uuid('owner_id').notNull().references(() => users.id) });
import { users } from './users';
`,
      'db/index.ts': `export * from './users';\nexport { timestamps as stamps } from './columns';\n`,
      'posts.ts': `${IMPORTS}
import { users as people, stamps } from './db/index';
import { owned } from './db/columns';
export const posts = pgTable('posts', t => ({
  a: t.integer().notNull(),
  b: t.integer(),
  ...stamps,
  ...owned(),
}), ({ a, b, ownerId }) => [
  primaryKey({ columns: [a, b] }),
  foreignKey({ columns: [ownerId, a], foreignColumns: [people.org, people.id], name: 'to_people' }).onDelete('cascade'),
  index().using('gin', b.op('int4_ops')),
  index('live').on(a).where(isNull(b)),
]);
`,
    }),
  ).toMatchInlineSnapshot(`
    {
      "isPartial": false,
      "open": [],
      "sql": [
        "CREATE SCHEMA "auth"",
        "CREATE TABLE "auth"."users" ("id" uuid PRIMARY KEY NOT NULL, "org_id" uuid NOT NULL, "email" text, CONSTRAINT "users_org_id_id_unique" UNIQUE ("org_id", "id"))",
        "CREATE TABLE "posts" ("a" integer NOT NULL, "b" integer, "created_at" timestamp DEFAULT now() NOT NULL, "owner_id" uuid NOT NULL, CONSTRAINT "posts_a_b_pk" PRIMARY KEY ("a", "b"))",
        "ALTER TABLE "posts" ADD CONSTRAINT "posts_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "auth"."users" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION",
        "ALTER TABLE "posts" ADD CONSTRAINT "to_people" FOREIGN KEY ("owner_id", "a") REFERENCES "auth"."users" ("org_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION",
        "CREATE INDEX "users_org" ON "auth"."users" USING btree ("org_id", "email" DESC NULLS LAST)",
        "CREATE UNIQUE INDEX "users_email" ON "auth"."users" USING btree ((lower("email"))) WHERE "org_id" is not null",
        "CREATE INDEX "posts_b_index" ON "posts" USING gin ("b" int4_ops)",
        "CREATE INDEX "live" ON "posts" USING btree ("a") WHERE "b" IS NULL",
      ],
    }
  `);
});

test('what is not constant leaves the table open, or the schema', async () => {
  expect(
    await pushed({
      'schema.ts': `${IMPORTS}
import { audit } from '@acme/audit';
const create = pgTableCreator(name => \`app_\${name}\`);
export const spread = pgTable('spread', { id: serial().primaryKey(), ...audit });
export const computed = pgTable('computed', { [key]: text() });
export const called = create('called', { id: money('id'), to: integer('to').references(() => nowhere.id) });
export const indexed = pgTable('indexed', { id: integer() }, t => [index('x').on(by(t))]);
export const some = pgTable('some', { id: integer() }, t => [...audits(t)]);
export const table = (name: string) => pgTable(name, { id: integer() });
export const self = pgTable('self', { ...self.columns, ...self.id });
import { pgTableCreator } from 'drizzle-orm/pg-core';
`,
    }),
  ).toMatchInlineSnapshot(`
    {
      "isPartial": true,
      "open": [
        "spread",
        "computed",
        "app_called",
        "self",
        "indexed",
        "some",
      ],
      "sql": [
        "CREATE TABLE "spread" ("id" serial PRIMARY KEY NOT NULL)",
        "CREATE TABLE "computed" ()",
        "CREATE TABLE "app_called" ("to" integer)",
        "CREATE TABLE "indexed" ("id" integer)",
        "CREATE TABLE "some" ("id" integer)",
        "CREATE TABLE "self" ()",
      ],
    }
  `);
});

test('other servers make no tables here, and every beginning is read', async () => {
  expect(
    (
      await pushed({
        'a.ts': `import { sqliteTable, int } from 'drizzle-orm/sqlite-core';\nconst a = sqliteTable('a', { id: int() });`,
      })
    ).sql,
  ).toEqual([]);
  const text = `${IMPORTS}const a = pgTable('a', { id: serial('id').primaryKey(), b: integer().references(() => a.id), ...c }, t => [index('x').on(t.b).where(sql\`\${t.b} > 1\`), primaryKey({ columns: [t.id] })]);`;
  for (let end = IMPORTS.length; end <= text.length; end += 3) await pushed({ 'a.ts': text.slice(0, end) });
});

test('tables of MySQL', async () => {
  expect(
    await pushed(
      {
        'schema.ts': `import { bigint, boolean, datetime, decimal, double, foreignKey, index, int, mysqlEnum, mysqlSchema, mysqlTable, mysqlTableCreator,
  mysqlView, primaryKey, serial, text, timestamp, unique, uniqueIndex, varchar } from 'drizzle-orm/mysql-core';
import { sql } from 'drizzle-orm';
export const users = mysqlTable('users', {
  id: int('id', { unsigned: true }).autoincrement().primaryKey(),
  email: varchar('email', { length: 80 }).notNull().unique(),
  price: decimal({ precision: 10, scale: 2 }).default('0.00'),
  share: double('share'),
  state: mysqlEnum('state', ['open', "it's"]).default('open').notNull(),
  isOn: boolean('is_on').default(false),
  at: timestamp('at', { fsp: 3 }).defaultNow().onUpdateNow().notNull(),
  on: datetime('on').default(sql\`CURRENT_TIMESTAMP\`),
});
const prefixed = mysqlTableCreator(name => \`shop_\${name}\`);
export const posts = prefixed('posts', {
  id: serial().primaryKey(),
  author: int('author_id').references(() => users.id, { onDelete: 'cascade' }),
  number: serial('number'),
}, t => [index('by_author').on(t.author, t.id), uniqueIndex('one').on(t.number)]);
export const members = mysqlSchema('club').table('members', { a: int('a'), b: bigint('b', { mode: 'number', unsigned: true }) }, t => [
  primaryKey({ columns: [t.a, t.b] }),
]);
export const named = mysqlView('named').as(qb => qb.select().from(users));
`,
      },
      'mysql',
    ),
  ).toEqual({
    sql: [
      "CREATE TABLE `users` (`id` int unsigned PRIMARY KEY AUTO_INCREMENT NOT NULL, `email` varchar(80) NOT NULL, `price` decimal(10, 2) DEFAULT '0.00', `share` double, `state` enum('open','it''s') DEFAULT 'open' NOT NULL, `is_on` boolean DEFAULT false, `at` timestamp(3) DEFAULT now() NOT NULL ON UPDATE CURRENT_TIMESTAMP, `on` datetime DEFAULT CURRENT_TIMESTAMP, CONSTRAINT `users_email_unique` UNIQUE (`email`))",
      'CREATE TABLE `shop_posts` (`id` bigint unsigned PRIMARY KEY AUTO_INCREMENT NOT NULL, `author_id` int, `number` bigint unsigned AUTO_INCREMENT NOT NULL UNIQUE)',
      'CREATE TABLE `club`.`members` (`a` int, `b` bigint unsigned, CONSTRAINT `members_a_b_pk` PRIMARY KEY (`a`, `b`))',
      'ALTER TABLE `shop_posts` ADD CONSTRAINT `shop_posts_author_id_users_id_fk` FOREIGN KEY (`author_id`) REFERENCES `users` (`id`) ON DELETE CASCADE ON UPDATE NO ACTION',
      'CREATE INDEX `by_author` ON `shop_posts` (`author_id`, `id`)',
      'CREATE UNIQUE INDEX `one` ON `shop_posts` (`number`)',
    ],
    open: [],
    isPartial: true,
  });
});

test('tables of SQLite', async () => {
  expect(
    await pushed(
      {
        'schema.ts': `import { blob, index, integer, real, sqliteTable, text, numeric, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { isNull, sql } from 'drizzle-orm';
export const users = sqliteTable('users', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name', { enum: ['a', 'b'] }).notNull().unique(),
  balance: real('balance').default(0),
  made: integer('made', { mode: 'timestamp' }).default(sql\`(unixepoch())\`),
  data: blob({ mode: 'json' }),
  sum: numeric(),
  boss: integer('boss_id').references((): AnySQLiteColumn => users.id),
}, t => ({ one: uniqueIndex('one').on(t.made).where(isNull(t.data)) }));
`,
      },
      'sqlite',
    ),
  ).toEqual({
    sql: [
      'CREATE TABLE `users` (`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL, `name` text NOT NULL, `balance` real DEFAULT 0, `made` integer DEFAULT (unixepoch()), `data` blob, `sum` numeric, `boss_id` integer, CONSTRAINT `users_name_unique` UNIQUE (`name`))',
      'ALTER TABLE `users` ADD CONSTRAINT `users_boss_id_users_id_fk` FOREIGN KEY (`boss_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION ON UPDATE NO ACTION',
      'CREATE UNIQUE INDEX `one` ON `users` (`made`) WHERE `data` IS NULL',
    ],
    open: [],
    isPartial: false,
  });
});
