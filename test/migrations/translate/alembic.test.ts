import { describe, expect, test } from 'vitest';
import { evaluateMigration } from '../../../src/migrations/code/evaluate';
import { alembicTranslator } from '../../../src/migrations/translate/alembic';
import { translateAll } from '../../../src/migrations/translate/translation';
import { lowered, printed, scriptOf } from './script';

const HEAD = `from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy import Column, Integer, text\nfrom sqlalchemy.dialects import postgresql\n\nstatus = sa.Enum('new', 'paid', name='status')\n\n`;

/** The script of an `upgrade` with this body, whose lines are indented here. */
const upgraded = async (body: string): Promise<string> =>
  printed(
    await scriptOf(
      alembicTranslator,
      `${HEAD}def upgrade() -> None:\n${body.replace(/^/gm, '    ')}\n`,
      'upgrade',
      'versions/a1_orders.py',
    ),
  );

type Case = readonly [what: string, body: string, expected: string];

describe("Alembic's operations", () => {
  test.each<Case>([
    [
      'a table with a key that counts',
      `op.create_table('orders',\n  sa.Column('id', sa.Integer(), nullable=False),\n  sa.Column('name', sa.String(length=40), server_default='x', nullable=True),\n  sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')))`,
      'CREATE TABLE "orders" ("id" SERIAL NOT NULL, "name" VARCHAR(40) DEFAULT \'x\', CONSTRAINT "pk_orders" PRIMARY KEY ("id"))',
    ],
    [
      'a key that is declared with its column',
      `op.create_table('orders', Column('id', sa.BigInteger, primary_key=True), Column('n', Integer))`,
      'CREATE TABLE "orders" ("id" BIGSERIAL NOT NULL, "n" INTEGER, PRIMARY KEY ("id"))',
    ],
    [
      'indexes among its columns',
      `op.create_table('orders', Column('id', Integer, nullable=False), sa.Index('orders_id_idx', 'id'), sa.Index('orders_lower', sa.text('lower(name)'), unique=True, postgresql_where=sa.text('id > 1')))`,
      'CREATE TABLE "orders" ("id" INTEGER NOT NULL)\nCREATE INDEX "orders_id_idx" ON "orders" ("id")\nCREATE UNIQUE INDEX "orders_lower" ON "orders" (lower(name)) WHERE id > 1',
    ],
    [
      'a key of two columns, which do not count',
      `op.create_table('orders', Column('a', Integer, nullable=False), Column('b', Integer, nullable=False), sa.PrimaryKeyConstraint('a', 'b'))`,
      'CREATE TABLE "orders" ("a" INTEGER NOT NULL, "b" INTEGER NOT NULL, PRIMARY KEY ("a", "b"))',
    ],
    [
      'a key that another table gives',
      `op.create_table('orders', Column('id', Integer, sa.ForeignKey('users.id', ondelete='CASCADE'), primary_key=True))`,
      'CREATE TABLE "orders" ("id" INTEGER NOT NULL, PRIMARY KEY ("id"), FOREIGN KEY ("id") REFERENCES "users" ("id") ON DELETE CASCADE)',
    ],
    [
      'types of every kind',
      `op.create_table('t', Column('a', sa.Numeric(precision=12, scale=2)), Column('b', sa.DateTime(timezone=True)), Column('c', sa.DateTime()), Column('d', postgresql.UUID(as_uuid=True)), Column('e', postgresql.JSONB(astext_type=sa.Text())), Column('f', postgresql.ARRAY(sa.String())), Column('g', sa.LargeBinary()), Column('h', sa.Text), Column('i', sa.Float()), Column('j', postgresql.TIMESTAMP(timezone=True, precision=3)))`,
      'CREATE TABLE "t" ("a" NUMERIC(12, 2), "b" TIMESTAMP WITH TIME ZONE, "c" TIMESTAMP WITHOUT TIME ZONE, "d" UUID, "e" JSONB, "f" VARCHAR[], "g" BYTEA, "h" TEXT, "i" FLOAT, "j" TIMESTAMP(3) WITH TIME ZONE)',
    ],
    [
      'what a type is on this server',
      `op.create_table('t', Column('a', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')), Column('b', sa.BigInteger().with_variant(sa.Integer(), 'sqlite')))`,
      'CREATE TABLE "t" ("a" JSONB, "b" BIGINT)',
    ],
    [
      'types that other packages bring',
      `import sqlalchemy_utils\nimport fastapi_users_db_sqlalchemy\nimport sqlmodel\nfrom pgvector.sqlalchemy import Vector\nfrom sqlalchemy_utils.types.uuid import UUIDType\nop.create_table('t', Column('a', sqlalchemy_utils.types.uuid.UUIDType(binary=False)), Column('b', fastapi_users_db_sqlalchemy.generics.GUID()), Column('c', sqlmodel.sql.sqltypes.AutoString()), Column('d', sqlmodel.sql.sqltypes.AutoString(length=40)), Column('e', Vector(3)), Column('f', UUIDType()))`,
      'CREATE TABLE "t" ("a" UUID, "b" UUID, "c" VARCHAR, "d" VARCHAR(40), "e" VECTOR(3), "f" UUID)',
    ],
    [
      'constraints of a table in a schema',
      `op.create_table('t', Column('a', Integer), sa.UniqueConstraint('a', name='uq'), sa.CheckConstraint('a > 0', name='pos'), sa.ForeignKeyConstraint(['a'], ['s.x.y'], name='fk', ondelete='SET NULL', deferrable=True, initially='DEFERRED'), schema='s', if_not_exists=True)`,
      'CREATE TABLE IF NOT EXISTS "s"."t" ("a" INTEGER, CONSTRAINT "uq" UNIQUE ("a"), CONSTRAINT "pos" CHECK (a > 0), CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "s"."x" ("y") ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED)',
    ],
    [
      'an enum comes with its table, and not with a column',
      `op.create_table('t', Column('a', sa.Enum('x', 'y', name='kind')))\nop.add_column('t', Column('b', sa.Enum('x', name='other')))`,
      'CREATE TYPE "kind" AS ENUM (\'x\', \'y\')\nCREATE TABLE "t" ("a" "kind")\nALTER TABLE "t" ADD COLUMN "b" "other"',
    ],
    [
      'an enum that is made and dropped by hand',
      `status.create(op.get_bind())\nop.add_column('t', Column('s', status))\nsa.Enum(name='status').drop(op.get_bind(), checkfirst=True)\nstatus.create(op.get_bind(), checkfirst=True)`,
      `CREATE TYPE "status" AS ENUM ('new', 'paid')\nALTER TABLE "t" ADD COLUMN "s" "status"\nDROP TYPE IF EXISTS "status"\nDO $$ BEGIN CREATE TYPE "status" AS ENUM ('new', 'paid'); EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    ],
    [
      'identity and generated columns',
      `op.create_table('t', Column('id', Integer, sa.Identity(always=True, start=5), primary_key=True), Column('c', Integer, sa.Computed('a + 1')))`,
      'CREATE TABLE "t" ("id" INTEGER GENERATED ALWAYS AS IDENTITY (START WITH 5) NOT NULL, "c" INTEGER GENERATED ALWAYS AS (a + 1) STORED, PRIMARY KEY ("id"))',
    ],
    [
      'a column with an index and a reference',
      `op.add_column('t', Column('u', Integer, sa.ForeignKey('users.id'), index=True, nullable=False, comment="whose"))`,
      'ALTER TABLE "t" ADD COLUMN "u" INTEGER NOT NULL\nALTER TABLE "t" ADD FOREIGN KEY ("u") REFERENCES "users" ("id")\nCREATE INDEX "ix_t_u" ON "t" ("u")\nCOMMENT ON COLUMN "t"."u" IS \'whose\'',
    ],
    [
      'alterations',
      `op.alter_column('t', 'a', existing_type=sa.Integer(), type_=sa.BigInteger(), nullable=False, postgresql_using='a::bigint')\nop.alter_column('t', 'a', server_default=None)\nop.alter_column('t', 'a', server_default=text('now()'))\nop.alter_column('t', 'a', new_column_name='b')`,
      'ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL\nALTER TABLE "t" ALTER COLUMN "a" TYPE BIGINT USING a::bigint\nALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT\nALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT now()\nALTER TABLE "t" RENAME "a" TO "b"',
    ],
    [
      'a batch',
      `with op.batch_alter_table('t', schema=None) as batch_op:\n    batch_op.add_column(Column('z', sa.Boolean(), nullable=False, server_default=sa.false()))\n    batch_op.drop_column('y')\n    batch_op.create_index(batch_op.f('ix_z'), ['z'], unique=True)\n    batch_op.create_foreign_key('fk', 'users', ['u'], ['id'])\n    batch_op.drop_constraint('old', type_='unique')`,
      'ALTER TABLE "t" ADD COLUMN "z" BOOLEAN DEFAULT false NOT NULL\nALTER TABLE "t" DROP COLUMN "y"\nCREATE UNIQUE INDEX "ix_z" ON "t" ("z")\nALTER TABLE "t" ADD CONSTRAINT "fk" FOREIGN KEY ("u") REFERENCES "users" ("id")\nALTER TABLE "t" DROP CONSTRAINT "old"',
    ],
    [
      'indexes',
      `op.create_index('ix', 't', ['a', text('lower(b)'), text('c DESC')], unique=True, postgresql_where=text('a > 0'), postgresql_using='btree')\nwith op.get_context().autocommit_block():\n    op.create_index('ic', 't', ['q'], postgresql_concurrently=True, if_not_exists=True)\nop.drop_index('ix', table_name='t', if_exists=True)`,
      'CREATE UNIQUE INDEX "ix" ON "t" USING btree ("a", lower(b), c DESC) WHERE a > 0\nCREATE INDEX CONCURRENTLY IF NOT EXISTS "ic" ON "t" ("q")\nDROP INDEX IF EXISTS "ix"',
    ],
    [
      'constraints of their own',
      `op.create_unique_constraint(None, 't', ['a'])\nop.create_check_constraint('pos', 't', 'a > 0')\nop.create_primary_key('pk', 't', ['a'])\nop.create_foreign_key('fk', 't', 'x', ['a'], ['b'], ondelete='CASCADE', source_schema='s', referent_schema='r')\nop.drop_constraint('pos', 't', schema='s')`,
      'ALTER TABLE "t" ADD UNIQUE ("a")\nALTER TABLE "t" ADD CONSTRAINT "pos" CHECK (a > 0)\nALTER TABLE "t" ADD CONSTRAINT "pk" PRIMARY KEY ("a")\nALTER TABLE "s"."t" ADD CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "r"."x" ("b") ON DELETE CASCADE\nALTER TABLE "s"."t" DROP CONSTRAINT "pos"',
    ],
    [
      'SQL as text',
      `op.execute("UPDATE t SET a = 1")\nop.execute(text(f"DROP VIEW {'v'}"))\nconn = op.get_bind()\nconn.execute(sa.text("DELETE FROM x"))`,
      'UPDATE t SET a = 1\nDROP VIEW v\nDELETE FROM x',
    ],
    ['a loop over constants', `for name in ('p', 'q'):\n    op.drop_table(name)`, 'DROP TABLE "p"\nDROP TABLE "q"'],
    [
      'rows',
      `op.bulk_insert(sa.table('x'), [{'a': 1}])\nop.execute(sa.table('x').delete())`,
      '-- data: rows that `bulk_insert` writes\n-- data: rows that an expression writes',
    ],
    [
      'the server that is asked for',
      `bind = op.get_bind()\nif bind.dialect.name == 'postgresql':\n    op.drop_table('t')\nelse:\n    op.drop_table('u')\nif op.get_context().dialect.name in ('sqlite', 'mysql'):\n    op.drop_table('v')\ndialect = bind.dialect.name\nif dialect not in ('sqlite',):\n    op.drop_table('w')\nif dialect != 'postgresql':\n    return\nop.drop_table('x')`,
      'DROP TABLE "t"\nDROP TABLE "w"\nDROP TABLE "x"',
    ],
    [
      'a server that may be this one',
      `if op.get_bind().dialect.name == 'cockroachdb':\n    op.drop_table('t')`,
      '-- not followed: a step that runs only under a condition',
    ],
    [
      'a table that is there already',
      `inspector = sa.inspect(op.get_bind())\nif not inspector.has_table('a'):\n    op.create_table('a', sa.Column('b', sa.Text()))\nif inspector.has_table('a'):\n    op.drop_table('c')`,
      'CREATE TABLE IF NOT EXISTS "a" ("b" TEXT)\nDROP TABLE "c" -- where a',
    ],
    [
      'columns that are there',
      `columns = [c['name'] for c in sa.inspect(op.get_bind()).get_columns('a')]\nif 'b' not in columns:\n    op.add_column('a', sa.Column('b', sa.Text()))\n    op.create_index('i', 'a', ['b'])\nif any(c['name'] == 'd' for c in sa.inspect(op.get_bind()).get_columns('a')):\n    op.drop_column('a', 'd')`,
      'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" TEXT\nCREATE INDEX "i" ON "a" ("b") -- where no a.b\nALTER TABLE "a" DROP COLUMN IF EXISTS "d"',
    ],
    [
      'a run that sends nothing',
      `from alembic import context\nif context.is_offline_mode():\n    op.execute('SELECT 1')\nelse:\n    op.drop_table('a')`,
      'DROP TABLE "a"',
    ],
    [
      'the server, in other words',
      `bind = op.get_bind()\nif bind.dialect.name in ('mysql', 'sqlite') or bind.dialect.name.startswith('oracle'):\n    return\nif bind.dialect.name.startswith('postgres'):\n    op.drop_table('a')`,
      'DROP TABLE "a"',
    ],
    [
      'a table among those that are there',
      `tables = sa.inspect(op.get_bind()).get_table_names()\nif 'a' not in tables:\n    op.create_table('a', sa.Column('b', sa.Text()))\nif 'c' in tables:\n    op.drop_table('c')\nif 'c' in tables:\n    op.drop_table('d')`,
      'CREATE TABLE IF NOT EXISTS "a" ("b" TEXT)\nDROP TABLE IF EXISTS "c"\nDROP TABLE "d" -- where c',
    ],
    [
      'rows that are read and written one by one',
      `conn = op.get_bind()\nrows = conn.execute(sa.text('SELECT id FROM users')).fetchall()\nfor row in rows:\n    conn.execute(sa.text('UPDATE users SET a = 1 WHERE id = :id'), {'id': row[0]})\nop.drop_table('a')`,
      'SELECT id FROM users\nDROP TABLE "a"\n-- data: a loop over what is not constant',
    ],
    [
      'a loop over rows that makes tables',
      `for row in op.get_bind().execute('SELECT a FROM t').all():\n    op.execute(f'DROP TABLE {row.a}')`,
      'SELECT a FROM t\n-- not followed: a loop over what is not constant',
    ],
    [
      'a condition',
      `if os.environ.get('LARGE'):\n    op.drop_table('t')`,
      '-- not followed: a step that runs only under a condition',
    ],
    [
      'a type of its own',
      `op.add_column('t', Column('a', my_types.Money()))`,
      '-- not followed: a type that is not known',
    ],
  ])('%s', async (_, body, expected) => {
    expect(await upgraded(body)).toBe(expected);
  });
});

test('a type that the project has made is what it says to be on PostgreSQL', async () => {
  const types = await lowered(
    `import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.types import CHAR, TypeDecorator

class GUID(TypeDecorator):
    impl = CHAR

    def load_dialect_impl(self, dialect):
        if dialect.name == 'postgresql':
            return dialect.type_descriptor(UUID())
        return dialect.type_descriptor(CHAR(32))

class Name(TypeDecorator):
    impl = sa.String

class Odd(TypeDecorator):
    impl = made_elsewhere()
`,
    'app/types.py',
  );
  const module = await lowered(
    `from alembic import op
import sqlalchemy as sa
import app.types
from app.types import Name, Odd

def upgrade():
    op.create_table('t', sa.Column('a', app.types.GUID(), nullable=False), sa.Column('b', Name(40)), sa.Column('c', Name()))
    op.create_table('u', sa.Column('a', Odd()))
`,
    'versions/a1_orders.py',
  );
  const unit = module.units.find(each => each.function.name === 'upgrade');
  if (!unit) throw new Error('there is no upgrade');
  const entries = evaluateMigration(module, unit.function, unit.id, undefined, undefined, (_, from) =>
    from === 'app.types' ? types : undefined,
  );
  expect(printed(translateAll(entries, alembicTranslator, true))).toBe(
    'CREATE TABLE "t" ("a" UUID NOT NULL, "b" VARCHAR(40), "c" VARCHAR)\n-- not followed: a type that is not known',
  );
});
