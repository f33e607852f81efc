/** The SQL of laravel/framework 11's PostgresGrammar, written down from its source: PHP is not at hand where this runs. */
import { describe, expect, test } from 'vitest';
import { phpFrontEnd } from '../../../src/languages/php/frontEnd';
import { evaluateMigration } from '../../../src/migrations/code/evaluate';
import { laravelTranslator } from '../../../src/migrations/translate/laravel';
import { pluralOf } from '../../../src/migrations/translate/laravelTable';
import { answersOf } from '../../../src/migrations/translate/serverAsked';
import { translateAll } from '../../../src/migrations/translate/translation';
import { parse } from '../../syntax/parsers';
import { printed } from './script';

const HEAD = `<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\DB;
use Illuminate\\Support\\Facades\\Schema;

`;

async function sent(body: string, head = HEAD): Promise<string> {
  const file = 'database/migrations/2024_01_01_000000_orders.php';
  const code = `${head}return new class extends Migration\n{\n    private const TABLES = ['a', 'b'];\n    public function up(): void\n    {\n${body}\n    }\n};\n`;
  const tree = await parse('php', code);
  const module = phpFrontEnd.lower({ tree, file });
  tree.delete();
  const unit = module.units.find(each => each.function.name === 'up');
  if (!unit) throw new Error('no up');
  expect(module.problems).toEqual([]);
  const answers = answersOf(laravelTranslator, 'postgresql');
  return printed(
    translateAll(evaluateMigration(module, unit.function, unit.id, unit.ownerClass, answers), laravelTranslator, true),
  );
}

const created = (body: string): string => `Schema::create('orders', function (Blueprint $table) { ${body} });`;
const changed = (body: string): string => `Schema::table('orders', function (Blueprint $table) { ${body} });`;

describe("Laravel's schema builder", () => {
  test.each([
    [
      created("$table->id(); $table->string('code', 12)->unique(); $table->timestamps(); $table->softDeletes();"),
      'CREATE TABLE "orders" ("id" bigserial NOT NULL PRIMARY KEY, "code" varchar(12) NOT NULL, "created_at" timestamp(0) without time zone NULL, "updated_at" timestamp(0) without time zone NULL, "deleted_at" timestamp(0) without time zone NULL)\nALTER TABLE "orders" ADD CONSTRAINT "orders_code_unique" UNIQUE ("code")',
    ],
    [
      created(
        "$table->foreignId('user_id')->nullable()->constrained()->cascadeOnDelete()->onUpdate('restrict'); $table->decimal('total', 10, 2)->default(0); $table->index(['user_id', 'total']);",
      ),
      'CREATE TABLE "orders" ("user_id" bigint NULL, "total" decimal(10, 2) NOT NULL DEFAULT \'0\')\nALTER TABLE "orders" ADD CONSTRAINT "orders_user_id_foreign" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE RESTRICT\nCREATE INDEX "orders_user_id_total_index" ON "orders" ("user_id", "total")',
    ],
    [
      created(
        "$table->increments('id'); $table->enum('status', ['new', 'paid'])->default('new'); $table->boolean('paid')->default(false); $table->json('data')->nullable(); $table->timestamp('at')->useCurrent(); $table->uuid('ref')->index('own'); $table->text('note')->comment(\"it's\");",
      ),
      `CREATE TABLE "orders" ("id" serial NOT NULL PRIMARY KEY, "status" varchar(255) CHECK ("status" IN ('new', 'paid')) NOT NULL DEFAULT 'new', "paid" boolean NOT NULL DEFAULT '0', "data" json NULL, "at" timestamp(0) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP, "ref" uuid NOT NULL, "note" text NOT NULL)\nCREATE INDEX "own" ON "orders" ("ref")\nCOMMENT ON COLUMN "orders"."note" IS 'it''s'`,
    ],
    [
      created(
        "$table->unsignedBigInteger('user_id'); $table->foreign('user_id')->references('id')->on('users')->onDelete('set null'); $table->morphs('owner'); $table->primary(['user_id', 'owner_id']);",
      ),
      'CREATE TABLE "orders" ("user_id" bigint NOT NULL, "owner_type" varchar(255) NOT NULL, "owner_id" bigint NOT NULL)\nALTER TABLE "orders" ADD CONSTRAINT "orders_user_id_foreign" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL\nCREATE INDEX "orders_owner_type_owner_id_index" ON "orders" ("owner_type", "owner_id")\nALTER TABLE "orders" ADD PRIMARY KEY ("user_id", "owner_id")',
    ],
    [
      changed(
        "$table->string('note')->nullable()->after('id'); $table->dropColumn(['a', 'b']); $table->dropColumn('c', 'd'); $table->renameColumn('e', 'f'); $table->dropUnique(['code']); $table->dropIndex('own'); $table->dropForeign(['user_id']); $table->dropPrimary(); $table->dropSoftDeletes();",
      ),
      'ALTER TABLE "orders" ADD COLUMN "note" varchar(255) NULL\nALTER TABLE "orders" DROP COLUMN "a", DROP COLUMN "b"\nALTER TABLE "orders" DROP COLUMN "c", DROP COLUMN "d"\nALTER TABLE "orders" RENAME COLUMN "e" TO "f"\nALTER TABLE "orders" DROP CONSTRAINT "orders_code_unique"\nDROP INDEX "own"\nALTER TABLE "orders" DROP CONSTRAINT "orders_user_id_foreign"\nALTER TABLE "orders" DROP CONSTRAINT "orders_pkey"\nALTER TABLE "orders" DROP COLUMN "deleted_at"',
    ],
    [
      changed(
        "$table->string('code', 50)->nullable(false)->default('x')->change(); $table->dropConstrainedForeignId('user_id');",
      ),
      'ALTER TABLE "orders" ALTER COLUMN "code" TYPE varchar(50)\nALTER TABLE "orders" ALTER COLUMN "code" SET NOT NULL\nALTER TABLE "orders" ALTER COLUMN "code" SET DEFAULT \'x\'\nALTER TABLE "orders" DROP CONSTRAINT "orders_user_id_foreign"\nALTER TABLE "orders" DROP COLUMN "user_id"',
    ],
    [
      "Schema::dropIfExists('a'); Schema::drop('b'); Schema::rename('c', 'd'); Schema::connection('x')->drop('e');",
      'DROP TABLE IF EXISTS "a"\nDROP TABLE "b"\nALTER TABLE "c" RENAME TO "d"\nDROP TABLE "e"',
    ],
    [
      "if (! Schema::hasTable('a')) { Schema::create('a', fn (Blueprint $t) => $t->id()); }",
      'CREATE TABLE IF NOT EXISTS "a" ("id" bigserial NOT NULL PRIMARY KEY)',
    ],
    [
      "if (Schema::hasColumn('a', 'b')) { return; } Schema::table('a', function (Blueprint $table) { $table->text('b')->nullable(); });",
      'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" text NULL',
    ],
    [
      'foreach (self::TABLES as $name) { Schema::table($name, function ($table) use ($name) { $table->dropIndex("{$name}_idx"); }); }',
      'DROP INDEX "a_idx"\nDROP INDEX "b_idx"',
    ],
    ["foreach (['a' => 'b'] as $table => $to) { Schema::rename($table, $to); }", 'ALTER TABLE "a" RENAME TO "b"'],
    [
      "DB::statement('CREATE INDEX ' . 'i ON a (b)'); DB::unprepared(<<<'SQL'\n    DROP VIEW v;\n    SQL);",
      'CREATE INDEX i ON a (b)\n    DROP VIEW v;',
    ],
    [
      "DB::transaction(function () { Schema::drop('a'); DB::table('b')->where('c', 1)->update(['d' => 2]); });",
      'DROP TABLE "a"\n-- data: rows that `table` writes',
    ],
    [
      "DB::table('a')->orderBy('id')->chunk(100, function ($rows) { foreach ($rows as $row) { DB::table('a')->where('id', $row->id)->update(['b' => 1]); } });",
      '-- data: a loop over what is not constant\n-- data: rows that `table` writes',
    ],
    ["if (DB::getDriverName() === 'pgsql') { Schema::drop('a'); } else { Schema::drop('b'); }", 'DROP TABLE "a"'],
    [
      "$driver = Schema::getConnection()->getDriverName(); if (in_array($driver, ['mysql', 'mariadb'])) { return; } Schema::drop('a'); if (DB::connection()->getDriverName() != 'pgsql') { Schema::drop('b'); }",
      'DROP TABLE "a"',
    ],
    [
      "if (DB::connection('old')->getDriverName() === 'pgsql') { Schema::drop('a'); }",
      '-- not followed: a step that runs only under a condition',
    ],
    ["if (Schema::hasTable('b')) { Schema::drop('a'); }", 'DROP TABLE "a" -- where b'],
    [
      "if (Schema::hasColumn('a', 'b')) { return; } Schema::table('a', function (Blueprint $table) { $table->text('b'); if (!Schema::hasColumn('a', 'c')) { $table->text('c'); } });",
      'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" text NOT NULL\nALTER TABLE "a" ADD COLUMN IF NOT EXISTS "c" text NOT NULL',
    ],
    ["if (config('app.large')) { Schema::drop('a'); }", '-- not followed: a step that runs only under a condition'],
    ['Schema::drop($this->name());', '-- not followed: `drop` with a name that is not constant'],
    [created("$table->geometry('at');"), '-- not followed: `geometry` of a table'],
    ["\\Log::info('x'); Artisan::call('cache:clear'); Schema::drop('a');", 'DROP TABLE "a"'],
    ["Helper::addColumns('a');", '-- not followed: a call of something else'],
  ])('%s', async (body, expected) => {
    expect(await sent(body)).toBe(expected);
  });

  test.each([
    ['user', 'users'],
    ['category', 'categories'],
    ['address', 'addresses'],
    ['product_status', 'product_statuses'],
    ['child', 'children'],
    ['day', 'days'],
    ['order_media', 'order_media'],
    ['analysis', 'analyses'],
  ])('the table of %s is %s', (one, many) => expect(pluralOf(one)).toBe(many));
});
