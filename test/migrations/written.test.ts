/** The way back in the style of tools whose migrations are code, in the forms in which people leave it out. */
import { describe, expect, test } from 'vitest';
import { migrationDownOf } from '../../src/workspace/migrationDown';
import { reviewerOf } from '../support/reviewProgram';

const BASE = `CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL DEFAULT '', total integer);
CREATE VIEW sums AS SELECT id, total FROM orders;
CREATE FUNCTION label(a text) RETURNS text LANGUAGE sql AS $$ SELECT a || '\\\\ \`?:x' $$;`.replaceAll('\n', ' ');
const inTemplate = BASE.replaceAll('\\', '\\\\').replaceAll('`', '\\`');

const inPhp = BASE.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
const LARAVEL_BASE = `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Support\\Facades\\DB;
return new class extends Migration { public function up() { DB::unprepared('${inPhp}'); } };
`;

interface Form {
  readonly file: string;
  readonly base: string;
  /** With \`UP\` where the SQL of the up stands. */
  readonly text: string;
  readonly written: string;
}

const FORMS: Readonly<Record<string, Form>> = {
  'Knex, a function that does nothing': {
    file: 'migrations/2_b.js',
    base: `exports.up = knex => knex.raw(\`${inTemplate}\`);`,
    text: "exports.up = function (knex) {\n  return knex.raw('UP');\n};\n\nexports.down = function (knex) {\n};\n",
    written: `exports.up = function (knex) {
  return knex.raw('UP');
};

exports.down = async function (knex) {
DOWN
};
`,
  },
  'Knex, a promise of nothing': {
    file: 'migrations/2_b.js',
    base: `exports.up = knex => knex.raw(\`${inTemplate}\`);`,
    text: "exports.up = knex => knex.raw('UP');\nexports.down = () => Promise.resolve();\n",
    written: `exports.up = knex => knex.raw('UP');
exports.down = async (knex) => {
DOWN
};
`,
  },
  'Knex in TypeScript, and no down at all': {
    file: 'migrations/2_b.ts',
    base: `import type { Knex } from 'knex';\nexport const up = (knex: Knex) => knex.raw(\`${inTemplate}\`);`,
    text: `import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('UP');
}
`,
    written: `import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('UP');
}

export async function down(knex: Knex): Promise<void> {
DOWN
}
`,
  },
  'Knex, functions that are exported by name': {
    file: 'migrations/2_b.js',
    base: `exports.up = knex => knex.raw(\`${inTemplate}\`);`,
    text: "async function up(knex) {\n  await knex.raw('UP');\n}\n\nexports.up = up;\n",
    written: `async function up(knex) {
  await knex.raw('UP');
}

async function down(knex) {
DOWN
}

exports.up = up;
exports.down = down;
`,
  },
  'Sequelize, as its generator leaves it': {
    file: 'migrations/2_b.js',
    base: `module.exports = { up: queryInterface => queryInterface.sequelize.query(\`${inTemplate}\`) };`,
    text: `'use strict';

/** @type {import('sequelize-cli').Migration} */
module.exports = {
  async up (queryInterface, Sequelize) {
    await queryInterface.sequelize.query('UP');
  },

  async down (queryInterface, Sequelize) {
    /**
     * Add reverting commands here.
     *
     * Example:
     * await queryInterface.dropTable('users');
     */
  }
};
`,
    written: `'use strict';

/** @type {import('sequelize-cli').Migration} */
module.exports = {
  async up (queryInterface, Sequelize) {
    await queryInterface.sequelize.query('UP');
  },

  async down (queryInterface, Sequelize) {
DOWN
  }
};
`,
  },
  'Sequelize, and no down at all': {
    file: 'migrations/2_b.js',
    base: `module.exports = { up: queryInterface => queryInterface.sequelize.query(\`${inTemplate}\`) };`,
    text: "module.exports = {\n  up: queryInterface => queryInterface.sequelize.query('UP'),\n};\n",
    written: `module.exports = {
  up: queryInterface => queryInterface.sequelize.query('UP'),
  down: async queryInterface => {
DOWN
  },
};
`,
  },
  'umzug, which hands over a context': {
    file: 'migrations/2_b.ts',
    base: `export const up = ({ context: queryInterface }) => queryInterface.sequelize.query(\`${inTemplate}\`);`,
    text: `export const up = async ({ context: queryInterface }) => {
  await queryInterface.sequelize.query('UP');
};
export const down = async ({ context: queryInterface }) => {};
`,
    written: `export const up = async ({ context: queryInterface }) => {
  await queryInterface.sequelize.query('UP');
};
export const down = async ({ context: queryInterface }) => {
DOWN
};
`,
  },
  TypeORM: {
    file: 'migrations/2_b.ts',
    base: `import { MigrationInterface, QueryRunner } from 'typeorm';
export class A1 implements MigrationInterface {
  async up(queryRunner: QueryRunner) { await queryRunner.query(\`${inTemplate}\`); }
  async down(queryRunner: QueryRunner) {}
}`,
    text: `import { MigrationInterface, QueryRunner } from 'typeorm';

export class B2 implements MigrationInterface {
    name = 'B2';

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(\`UP\`);
    }

    public async down(_: QueryRunner): Promise<void> {
        // nothing to do
    }
}
`,
    written: `import { MigrationInterface, QueryRunner } from 'typeorm';

export class B2 implements MigrationInterface {
    name = 'B2';

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(\`UP\`);
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
DOWN
    }
}
`,
  },
  'node-pg-migrate, told that there is none': {
    file: 'migrations/2_b.js',
    base: `exports.up = pgm => pgm.sql(\`${inTemplate}\`);\nexports.down = false;`,
    text: "exports.shorthands = undefined;\n\nexports.up = pgm => {\n  pgm.sql('UP');\n};\n\nexports.down = false;\n",
    written: `exports.shorthands = undefined;

exports.up = pgm => {
  pgm.sql('UP');
};

exports.down = async (pgm) => {
DOWN
};
`,
  },
  'db-migrate, as its generator leaves it': {
    file: 'migrations/2_b.js',
    base: `exports.setup = () => {};\nexports.up = db => db.runSql(\`${inTemplate}\`);`,
    text: `'use strict';

var dbm;

exports.setup = function(options, seedLink) {
  dbm = options.dbmigrate;
};

exports.up = function(db) {
  return db.runSql('UP');
};

exports.down = function(db) {
  return null;
};

exports._meta = {
  "version": 1
};
`,
    written: `'use strict';

var dbm;

exports.setup = function(options, seedLink) {
  dbm = options.dbmigrate;
};

exports.up = function(db) {
  return db.runSql('UP');
};

exports.down = async function(db) {
DOWN
};

exports._meta = {
  "version": 1
};
`,
  },
  'db-migrate, a callback that is called': {
    file: 'migrations/2_b.js',
    base: `exports.setup = () => {};\nexports.up = db => db.runSql(\`${inTemplate}\`);`,
    text: `exports.up = function (db, callback) {
  db.runSql('UP', callback);
};

exports.down = function (db, callback) {
  callback();
};
`,
    written: `exports.up = function (db, callback) {
  db.runSql('UP', callback);
};

exports.down = async function (db, callback) {
DOWN
};
`,
  },
  'MikroORM, without a down': {
    file: 'migrations/Migration2_b.ts',
    base: `import { Migration } from '@mikro-orm/migrations';\nexport class A extends Migration { async up() { this.addSql(\`${inTemplate}\`); } }`,
    text: `import { Migration } from '@mikro-orm/migrations';

export class B extends Migration {

  override async up(): Promise<void> {
    this.addSql('UP');
  }

}
`,
    written: `import { Migration } from '@mikro-orm/migrations';

export class B extends Migration {

  override async up(): Promise<void> {
    this.addSql('UP');
  }

  override async down(): Promise<void> {
DOWN
  }

}
`,
  },
  'MikroORM, a down that does nothing': {
    file: 'migrations/Migration2_b.js',
    base: `const { Migration } = require('@mikro-orm/migrations');\nclass A extends Migration { async up() { this.addSql(\`${inTemplate}\`); } }`,
    text: `const { Migration } = require('@mikro-orm/migrations');
class B extends Migration {
  async up() {
    this.addSql('UP');
  }

  async down() {}
}
exports.B = B;
`,
    written: `const { Migration } = require('@mikro-orm/migrations');
class B extends Migration {
  async up() {
    this.addSql('UP');
  }

  async down() {
DOWN
  }
}
exports.B = B;
`,
  },
  'umzug, which hands over Sequelize': {
    file: 'migrations/2_b.js',
    base: `import { DataTypes } from 'sequelize';\nexport const up = ({ context: queryInterface }) => queryInterface.sequelize.query(\`${inTemplate}\`);`,
    text: `import { DataTypes } from 'sequelize';
export const up = async ({ context: sequelize }) => {
  const it = sequelize.getQueryInterface();
  await it.sequelize.query('UP');
};
export const down = async () => {};
`,
    written: `import { DataTypes } from 'sequelize';
export const up = async ({ context: sequelize }) => {
  const it = sequelize.getQueryInterface();
  await it.sequelize.query('UP');
};
export const down = async ({ context: sequelize }) => {
DOWN
};
`,
  },
  'umzug, in one parameter': {
    file: 'migrations/2_b.js',
    base: `import { DataTypes } from 'sequelize';\nexport const up = ({ context: queryInterface }) => queryInterface.sequelize.query(\`${inTemplate}\`);`,
    text: `import { DataTypes } from 'sequelize';
export const up = async params => {
  await params.context.sequelize.query('UP');
};
export const down = async params => {};
`,
    written: `import { DataTypes } from 'sequelize';
export const up = async params => {
  await params.context.sequelize.query('UP');
};
export const down = async params => {
DOWN
};
`,
  },
  'Payload, a down that does nothing': {
    file: 'src/migrations/2_b.ts',
    base: `import { sql } from '@payloadcms/db-postgres';\nexport async function up({ db }) { await db.execute(sql\`${inTemplate}\`); }`,
    text: `import { MigrateUpArgs, MigrateDownArgs, sql } from '@payloadcms/db-postgres'

export async function up({ db, payload, req }: MigrateUpArgs): Promise<void> {
  await db.execute(sql.raw('UP'))
}

export async function down({ db, payload, req }: MigrateDownArgs): Promise<void> {
  // Migration code
}
`,
    written: `import { MigrateUpArgs, MigrateDownArgs, sql } from '@payloadcms/db-postgres'

export async function up({ db, payload, req }: MigrateUpArgs): Promise<void> {
  await db.execute(sql.raw('UP'))
}

export async function down({ db, payload, req }: MigrateDownArgs): Promise<void> {
DOWN
}
`,
  },
  Alembic: {
    file: 'versions/b.py',
    base: `from alembic import op\nrevision = 'a'\ndown_revision = None\n\ndef upgrade():\n    op.execute(r"""${BASE.replaceAll(':x', '\\:x')}""")\n`,
    text: `"""B"""
from alembic import op
import sqlalchemy as sa

revision = 'b'
down_revision = 'a'


def upgrade():
    op.execute("UP")


def downgrade():
    """Not yet."""
    pass


TAIL = 1
`,
    written: `"""B"""
from alembic import op
import sqlalchemy as sa

revision = 'b'
down_revision = 'a'


def upgrade():
    op.execute("UP")


def downgrade():
DOWN


TAIL = 1
`,
  },
  Laravel: {
    file: 'database/migrations/2_b.php',
    base: LARAVEL_BASE,
    text: `<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\DB;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{
    public function up(): void
    {
        DB::unprepared('UP');
    }

    /**
     * Reverse the migrations.
     */
    public function down(): void
    {
        //
    }
};
`,
    written: `<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\DB;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{
    public function up(): void
    {
        DB::unprepared('UP');
    }

    /**
     * Reverse the migrations.
     */
    public function down(): void
    {
DOWN
    }
};
`,
  },
  'Laravel, without a down': {
    file: 'database/migrations/2_b.php',
    base: LARAVEL_BASE,
    text: `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Blueprint;
use DB;
use Schema;

class B extends Migration {
  public function up() {
    DB::unprepared('UP');
  }
}
`,
    written: `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Blueprint;
use DB;
use Schema;

class B extends Migration {
  public function up() {
    DB::unprepared('UP');
  }

  public function down() {
DOWN
  }
}
`,
  },
};

const UPS = {
  'a table is made': 'CREATE TABLE lines (id bigint)',
  'a column goes': 'ALTER TABLE orders DROP COLUMN note',
  'a column is renamed': 'ALTER TABLE orders RENAME COLUMN note TO remark',
  'a table is renamed': 'ALTER TABLE orders RENAME TO purchases',
  'a constraint is made': 'ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)',
  'a view and a function go': 'DROP VIEW sums; DROP FUNCTION label(text)',
};

const fileBefore = (file: string): string => file.replace(/2_b|b(?=\.py)/, found => (found === 'b' ? 'a' : '1_a'));

async function written({ file, base, text }: Form, up: string) {
  const files = new Map([
    [fileBefore(file), base],
    [file, text.replace('UP', up)],
  ]);
  const down = await migrationDownOf(reviewerOf(files), file, async name => files.get(name));
  if (!('sql' in down) || !('text' in down.placed)) throw new Error(JSON.stringify(down));
  return { files, placed: down.placed };
}

describe.each(Object.entries(FORMS))('%s', (_, form) => {
  test.each(Object.entries(UPS))('%s', async (_name, up) => {
    const { files, placed } = await written(form, up);
    const [head = '', tail = ''] = form.written.replace('UP', up).split('DOWN');
    expect(placed.text.slice(0, head.length)).toBe(head);
    expect(placed.text.slice(-tail.length)).toBe(tail);
    const after = new Map([...files, [placed.file, placed.text]]);
    const [place] = await reviewerOf(after).stepsIn(placed.file);
    expect(place?.reversal, placed.text).toEqual({ verdict: 'undone' });
  });
});

const bodyOf = async (form: string, up: string): Promise<readonly string[]> => {
  const found = FORMS[form];
  if (!found) throw new Error(form);
  const { placed } = await written(found, up);
  const [head = '', tail = ''] = found.written.replace('UP', up).split('DOWN');
  return placed.text.slice(head.length, -tail.length).split('\n');
};

const TABLE = 'DROP VIEW sums; ALTER TABLE orders DROP COLUMN note, ADD COLUMN code uuid';

test.each([
  [
    'Knex, a function that does nothing',
    [
      '  // the values of orders.code are lost',
      "  await knex.schema.alterTable('orders', table => {",
      "    table.dropColumn('code');",
      '  });',
      "  await knex.schema.alterTable('orders', table => {",
      "    table.text('note').notNullable().defaultTo('');",
      '  });',
      '  await knex.raw(`CREATE VIEW sums (id, total) AS',
      'SELECT id, total FROM orders`);',
    ],
  ],
  [
    'TypeORM',
    [
      '        // the values of orders.code are lost',
      "        await queryRunner.query('ALTER TABLE orders DROP COLUMN code');",
      "        await queryRunner.query(`ALTER TABLE orders ADD COLUMN note text NOT NULL DEFAULT ''`);",
      '        await queryRunner.query(`CREATE VIEW sums (id, total) AS',
      'SELECT id, total FROM orders`);',
    ],
  ],
  [
    'node-pg-migrate, told that there is none',
    [
      '  // the values of orders.code are lost',
      "  pgm.dropColumn('orders', 'code');",
      "  pgm.addColumn('orders', { 'note': { type: 'text', notNull: true, default: '' } });",
      '  pgm.sql(`CREATE VIEW sums (id, total) AS',
      'SELECT id, total FROM orders`);',
    ],
  ],
  [
    'db-migrate, a callback that is called',
    [
      '  // the values of orders.code are lost',
      "  await db.removeColumn('orders', 'code');",
      "  await db.addColumn('orders', 'note', { type: 'text', notNull: true, defaultValue: '' });",
      '  await db.runSql(`CREATE VIEW sums (id, total) AS',
      'SELECT id, total FROM orders`);',
    ],
  ],
  [
    'Alembic',
    [
      '    # the values of orders.code are lost',
      "    op.drop_column('orders', 'code')",
      "    op.add_column('orders', sa.Column('note', sa.Text(), server_default='', nullable=False))",
      '    op.execute("""CREATE VIEW sums (id, total) AS',
      'SELECT id, total FROM orders""")',
    ],
  ],
  [
    'Laravel',
    [
      '        // the values of orders.code are lost',
      "        Schema::table('orders', function (Blueprint $table) {",
      "            $table->dropColumn('code');",
      '        });',
      "        Schema::table('orders', function (Blueprint $table) {",
      "            $table->text('note')->default('');",
      '        });',
      "        DB::statement('CREATE VIEW sums (id, total) AS",
      "SELECT id, total FROM orders');",
    ],
  ],
] as const)('%s: what a person reads', async (form, lines) => {
  expect(
    (await bodyOf(form, TABLE)).filter(line => line.trim() !== '' && !line.includes('without its values')),
  ).toEqual(lines);
});

test('in the quotes of the file, and without semicolons where it has none', async () => {
  const form: Form = {
    file: 'migrations/2_b.js',
    base: `exports.up = knex => knex.raw(\`${inTemplate}\`)`,
    text: 'exports.up = async knex => {\n  await knex.raw("UP")\n}\n\nexports.down = async () => {}\n',
    written: '',
  };
  const { placed } = await written(form, 'ALTER TABLE orders RENAME note TO remark; DROP VIEW sums');
  expect(placed.text.slice(placed.text.indexOf('exports.down'))).toBe(`exports.down = async (knex) => {
  await knex.schema.alterTable("orders", table => {
    table.renameColumn("remark", "note")
  })
  await knex.raw(\`CREATE VIEW sums (id, total) AS
SELECT id, total FROM orders\`)
}
`);
});

test('what the calls of Laravel need is imported where it is not', async () => {
  const form: Form = {
    file: 'database/migrations/2_b.php',
    base: LARAVEL_BASE,
    text: `<?php

use Illuminate\\Database\\Migrations\\Migration;

class B extends Migration
{
    public function up()
    {
        \\Illuminate\\Support\\Facades\\DB::unprepared('UP');
    }
}
`,
    written: '',
  };
  const { placed } = await written(form, 'ALTER TABLE orders RENAME note TO remark; DROP VIEW sums');
  expect(placed.text.slice(0, placed.text.indexOf('class'))).toBe(`<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\DB;
use Illuminate\\Support\\Facades\\Schema;

`);
});
