/** A Prisma schema as the SQL that is pushed for it. */
import { expect, test } from 'vitest';
import { statementsOfPrisma } from '../../src/migrations/prisma/ddl';
import { parsePrisma } from '../../src/migrations/prisma/language';
import { wordsOf } from '../../src/migrations/prisma/words';

const sqlOf = (...texts: readonly string[]): readonly string[] =>
  statementsOfPrisma(texts.map((text, at) => ({ file: `${at}.prisma`, schema: parsePrisma(text) }))).map(
    ({ sql }) => sql,
  );

const DATASOURCE = 'datasource db {\n  provider = "postgresql"\n  url = env("URL")\n}\n';

test('columns with their types, defaults and keys', () => {
  expect(
    sqlOf(`${DATASOURCE}
model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique @db.VarChar(80)
  name      String?  @map("full_name") // as written on letters
  rating    Float    @default(0.5)
  price     Decimal  @db.Decimal(10, 2)
  role      Role     @default(ADMIN)
  tags      String[]
  data      Json     @default("{}")
  at        DateTime @default(now()) @db.Timestamptz(6)
  changedAt DateTime @updatedAt
  token     String   @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  code      String   @default(cuid())
  search    Unsupported("tsvector")?
  size      Bytes
  big       BigInt
  ratio     Float    @db.DoublePrecision

  @@index([name, at(sort: Desc)])
  @@index([tags], type: Gin, map: "by_tags")
  @@map("users")
}

enum Role {
  USER
  ADMIN @map("admin")

  @@map("role")
}`),
  ).toEqual([
    `CREATE TYPE "role" AS ENUM ('USER', 'admin')`,
    `CREATE TABLE "users" ("id" SERIAL NOT NULL, "email" VARCHAR(80) NOT NULL, "full_name" TEXT, "rating" DOUBLE PRECISION NOT NULL DEFAULT 0.5, "price" DECIMAL(10,2) NOT NULL, "role" "role" NOT NULL DEFAULT 'admin', "tags" TEXT[], "data" JSONB NOT NULL DEFAULT '{}', "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP, "changedAt" TIMESTAMP(3) NOT NULL, "token" UUID NOT NULL DEFAULT gen_random_uuid(), "code" TEXT NOT NULL, "search" tsvector, "size" BYTEA NOT NULL, "big" BIGINT NOT NULL, "ratio" DOUBLE PRECISION NOT NULL, CONSTRAINT "users_pkey" PRIMARY KEY ("id"))`,
    'CREATE UNIQUE INDEX "users_email_key" ON "users" ("email")',
    'CREATE INDEX "users_full_name_at_idx" ON "users" ("full_name", "at")',
    'CREATE INDEX "by_tags" ON "users" USING GIN ("tags")',
  ]);
});

test('relations, over several files and to oneself, and the table behind two lists', () => {
  expect(
    sqlOf(
      `${DATASOURCE}
model Post {
  author   User  @relation(fields: [authorId], references: [id], onDelete: Cascade)
  authorId Int
  parent   Post? @relation("replies", fields: [parentId], references: [id])
  parentId Int?
  replies  Post[] @relation("replies")
  id       Int   @id
  tags     Tag[]
}
view Counts {
  id Int @id
}`,
      `model Tag {
  name  String
  kind  String
  id    String @id
  posts Post[]
  @@unique([name, kind], name: "kinds")
}
model User {
  a     Int
  id    Int
  posts Post[]
  @@id([id, a], map: "user_key")
  @@schema("auth")
}`,
    ),
  ).toEqual([
    'CREATE TABLE "Post" ("authorId" INTEGER NOT NULL, "parentId" INTEGER, "id" INTEGER NOT NULL, CONSTRAINT "Post_pkey" PRIMARY KEY ("id"))',
    'CREATE TABLE "Tag" ("name" TEXT NOT NULL, "kind" TEXT NOT NULL, "id" TEXT NOT NULL, CONSTRAINT "Tag_pkey" PRIMARY KEY ("id"))',
    'CREATE TABLE "auth"."User" ("a" INTEGER NOT NULL, "id" INTEGER NOT NULL, CONSTRAINT "user_key" PRIMARY KEY ("id", "a"))',
    'CREATE UNIQUE INDEX "Tag_name_kind_key" ON "Tag" ("name", "kind")',
    'ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "auth"."User" ("id") ON DELETE CASCADE ON UPDATE CASCADE',
    'ALTER TABLE "Post" ADD CONSTRAINT "Post_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Post" ("id") ON DELETE SET NULL ON UPDATE CASCADE',
    'CREATE TABLE "_PostToTag" ("A" INTEGER NOT NULL, "B" TEXT NOT NULL, CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A", "B"))',
    'CREATE INDEX "_PostToTag_B_index" ON "_PostToTag" ("B")',
    'ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Post" ("id") ON DELETE CASCADE ON UPDATE CASCADE',
    'ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE',
  ]);
});

test('a client that keeps the references itself has no foreign keys', () => {
  const text = `datasource db {
  provider     = "postgresql"
  relationMode = "prisma"
}
model A {
  id  Int @id
  b   B   @relation(fields: [bId], references: [id])
  bId Int
}
model B {
  id Int @id
  as A[]
}`;
  expect(sqlOf(text).filter(sql => sql.includes('FOREIGN KEY'))).toEqual([]);
});

test('every beginning of a schema is read, and so is one with holes', () => {
  const text = `${DATASOURCE}model A {\n  id Int @id @default(autoincrement())\n  at DateTime @default(now(\n  @@index([id, at(sort: Desc)], map: "x")\n}\nenum E {\n  A @map("a")\n}\n`;
  for (let end = 0; end <= text.length; end++) sqlOf(text.slice(0, end));
  for (let at = 0; at < text.length; at++) sqlOf(text.slice(0, at) + text.slice(at + 3));
  expect(parsePrisma(text).enums).toHaveLength(1);
});

const ONE = `model User {
  id     Int      @id @default(autoincrement()) @db.UnsignedInt
  email  String   @unique @db.VarChar(80)
  price  Float    @default(0.5)
  role   Role     @default(ADMIN)
  isOn   Boolean  @default(true)
  at     DateTime @default(now())
  bossId Int?
  boss   User?    @relation("boss", fields: [bossId], references: [id])
  staff  User[]   @relation("boss")
  @@index([at])
}
enum Role {
  USER
  ADMIN @map("admin")
}`;

test.each([
  [
    'mysql' as const,
    [
      "CREATE TABLE `User` (`id` INT UNSIGNED AUTO_INCREMENT NOT NULL, `email` VARCHAR(80) NOT NULL, `price` DOUBLE NOT NULL DEFAULT 0.5, `role` ENUM('USER', 'admin') NOT NULL DEFAULT 'admin', `isOn` BOOLEAN NOT NULL DEFAULT true, `at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, `bossId` INTEGER, CONSTRAINT `User_pkey` PRIMARY KEY (`id`))",
      'CREATE UNIQUE INDEX `User_email_key` ON `User` (`email`)',
      'CREATE INDEX `User_at_idx` ON `User` (`at`)',
      'ALTER TABLE `User` ADD CONSTRAINT `User_bossId_fkey` FOREIGN KEY (`bossId`) REFERENCES `User` (`id`) ON DELETE SET NULL ON UPDATE CASCADE',
    ],
  ],
  [
    'transactsql' as const,
    [
      "CREATE TABLE [User] ([id] INT IDENTITY(1,1) NOT NULL, [email] VARCHAR(80) NOT NULL, [price] FLOAT(53) NOT NULL DEFAULT 0.5, [role] NVARCHAR(1000) NOT NULL DEFAULT 'admin', [isOn] BIT NOT NULL DEFAULT 1, [at] DATETIME2 NOT NULL DEFAULT CURRENT_TIMESTAMP, [bossId] INT, CONSTRAINT [User_pkey] PRIMARY KEY ([id]))",
      'CREATE UNIQUE INDEX [User_email_key] ON [User] ([email])',
      'CREATE INDEX [User_at_idx] ON [User] ([at])',
      'ALTER TABLE [User] ADD CONSTRAINT [User_bossId_fkey] FOREIGN KEY ([bossId]) REFERENCES [User] ([id]) ON DELETE SET NULL ON UPDATE CASCADE',
    ],
  ],
])('in the words of %s', (dialect, sql) =>
  expect(
    statementsOfPrisma(
      [{ file: 'a.prisma', schema: parsePrisma(dialect === 'mysql' ? ONE : ONE.replace(' @db.UnsignedInt', '')) }],
      wordsOf(dialect),
    ).map(each => each.sql),
  ).toEqual(sql),
);
