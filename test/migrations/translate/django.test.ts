/** The SQL of Django's migrations, beside what Django itself prints (`test/migrations/django/README.md`). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type HistoryStep, historiesOf } from '../../../src/migrations/history';
import type { Script } from '../../../src/migrations/script';
import { md5 } from '../../../src/migrations/translate/djangoNames';
import { lowered, printed } from './script';

const folder = join(import.meta.dirname, '..', 'django');
const expected: Readonly<Record<string, { readonly up: string; readonly down: string }>> = JSON.parse(
  readFileSync(join(folder, 'sqlmigrate.json'), 'utf8'),
);

/** The steps of these files' one history. */
async function stepsOf(files: Readonly<Record<string, string>>): Promise<readonly HistoryStep[]> {
  const all = await Promise.all(
    Object.entries(files).map(async ([file, text]) => ({ file, text, module: await lowered(text, file) })),
  );
  const [history] = historiesOf(all, 'postgresql');
  return history?.steps ?? [];
}

/** One migration of an app with these operations, behind others. */
const migration = (operations: string, more = 'dependencies = []'): string =>
  `from django.conf import settings\nfrom django.db import migrations, models\nfrom django.db.models import Q\nfrom . import fields\nfrom .operations import AddAuditTrigger\n\ndef forwards(apps, schema_editor):\n    pass\n\nclass Migration(migrations.Migration):\n    ${more}\n    operations = [\n        ${operations}\n    ]\n`;

/** What Django prints as statements, without what changes nothing for the schema and what stands for the hour of the day. */
const plain = (sql: string): readonly string[] =>
  sql
    .split('\n')
    .filter(line => !line.startsWith('--') && !/^(?:BEGIN|COMMIT);$/.test(line))
    .join('\n')
    .split(/;\s*/)
    .map(each => each.replace(/'20\d\d-[^']*'::timestamptz/, 'NOW'))
    .filter(each => each !== '' && !each.startsWith('SET CONSTRAINTS'));

const sent = ({ statements }: Script): readonly string[] =>
  statements.map(({ sql }) => sql.replace(/'20\d\d-[^']*'::timestamptz/, 'NOW'));

/** A column that leads elsewhere takes its constraint with it. */
const withoutTakenAlong = (statements: readonly string[]): readonly string[] =>
  statements.filter(
    (each, at) => !(/ DROP CONSTRAINT "\w+_fk_\w+"$/.test(each) && / DROP COLUMN /.test(statements[at + 1] ?? '')),
  );

test('functions send SQL by themselves, to the server that they ask for', async () => {
  const text = `
from django.db import connection, migrations


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor != 'postgresql':
        return
    schema_editor.execute("CREATE INDEX a_note ON a (note)")
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX a_upper ON a (upper(note))")
        cursor.execute("UPDATE a SET note = %s", [''])
    apps.get_model('a', 'A').objects.update(note='')


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor in ('postgresql', 'sqlite'):
        schema_editor.execute("DROP INDEX a_note")
    else:
        schema_editor.execute("DROP INDEX a_note ON a")
    schema_editor.alter_field(apps.get_model('a', 'A'), None, None)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, backwards)]
`;
  const [step] = await stepsOf({ 'a/migrations/0001_a.py': text });
  expect(step && printed(step.up)).toBe(
    'CREATE INDEX a_note ON a (note)\nCREATE INDEX a_upper ON a (upper(note))\n-- data: what `forwards` does',
  );
  expect(step?.down && printed(step.down)).toBe(
    'DROP INDEX a_note\n-- not followed: `schema_editor.alter_field`\n-- data: what `backwards` does',
  );
});

describe('sends what Django sends', async () => {
  const names = readdirSync(join(folder, 'shop', 'migrations'));
  const steps = await stepsOf(
    Object.fromEntries(
      names.map(name => [`shop/migrations/${name}`, readFileSync(join(folder, 'shop', 'migrations', name), 'utf8')]),
    ),
  );

  test.each(Object.keys(expected))('%s', name => {
    const step = steps.find(each => each.name === name);
    expect(step && sent(step.up)).toEqual(plain(expected[name]?.up ?? ''));
    expect(step?.down && sent(step.down)).toEqual(withoutTakenAlong(plain(expected[name]?.down ?? '')));
    expect(step?.up.inTransaction).toBe(name !== '0005_concurrently');
    expect(step?.up.untranslated.every(({ dataOnly }) => dataOnly)).toBe(true);
  });
});

describe('orders them as Django does', () => {
  const one = migration('', 'dependencies = []');

  test('by what they depend on, whatever they are called', async () => {
    const steps = await stepsOf({
      'app/migrations/0001_initial.py': one,
      'app/migrations/0002_b.py': migration('', 'dependencies = [("app", "0003_a"), ("auth", "__first__")]'),
      'app/migrations/0003_a.py': migration('', 'dependencies = [("app", "0001_initial")]'),
    });
    expect(steps.map(({ name }) => name)).toEqual(['0001_initial', '0003_a', '0002_b']);
  });

  test('a squashed one in place of those that it replaces', async () => {
    const steps = await stepsOf({
      'app/migrations/0001_initial.py': one,
      'app/migrations/0002_b.py': migration('', 'dependencies = [("app", "0001_initial")]'),
      'app/migrations/0001_squashed_0002_b.py': migration(
        '',
        'replaces = [("app", "0001_initial"), ("app", "0002_b")]\n    dependencies = []',
      ),
      'app/migrations/0003_c.py': migration('', 'dependencies = [("app", "0002_b")]'),
    });
    expect(steps.map(({ name, refused }) => [name, refused])).toEqual([
      ['0001_squashed_0002_b', undefined],
      ['0003_c', undefined],
    ]);
  });

  test('an app with a label of its own', async () => {
    const steps = await stepsOf({
      'pkg/orders/migrations/0001_initial.py': migration(
        'migrations.CreateModel(name="Order", fields=[("id", models.AutoField(primary_key=True))])',
      ),
      'pkg/orders/migrations/0002_b.py': migration(
        'migrations.DeleteModel("Order")',
        'dependencies = [("sales", "0001_initial")]',
      ),
    });
    expect(steps.map(({ up }) => printed(up))).toEqual([
      'CREATE TABLE "sales_order" ("id" integer NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY)',
      'DROP TABLE "sales_order" CASCADE',
    ]);
  });
});

describe('says what cannot be followed', () => {
  const told = async (operations: string): Promise<string> => {
    const steps = await stepsOf({ 'app/migrations/0001_initial.py': migration(operations) });
    return steps.map(({ up }) => printed(up)).join('\n');
  };

  test.each<readonly [what: string, operations: string, expected: string]>([
    ['a function', 'migrations.RunPython(forwards)', '-- data: what `forwards` does'],
    ['an operation of its own', 'AddAuditTrigger("order")', '-- not followed: `AddAuditTrigger`'],
    [
      'a field of a class of its own',
      'migrations.CreateModel(name="A", fields=[("id", models.BigAutoField(primary_key=True)), ("x", fields.Odd(db_index=True)), ("y", models.IntegerField(db_index=True)), ("z", models.ForeignKey(to=settings.Z))])',
      'CREATE TABLE "app_a" ("id" bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "y" integer NOT NULL)\nCREATE INDEX "app_a_y_ef15c4cc" ON "app_a" ("y")\n-- not followed: the type of `x`, `z`',
    ],
    [
      'a length that is a text',
      'migrations.CreateModel(name="A", fields=[("id", models.BigAutoField(primary_key=True)), ("x", models.CharField(max_length="512"))])',
      'CREATE TABLE "app_a" ("id" bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "x" varchar(512) NOT NULL)',
    ],
    [
      'a field of a model that is not in sight',
      'migrations.RemoveField(model_name="a", name="x")',
      '-- not followed: `x`, which no migration in sight has added',
    ],
    [
      'a condition that is not plain',
      'migrations.AddConstraint("a", models.CheckConstraint(check=Q(x__regex="a"), name="c"))',
      '-- not followed: the condition of `c`',
    ],
  ])('%s', async (_, operations, expectedSql) => {
    expect(await told(operations)).toBe(expectedSql);
  });

  test('texts of SQL, in every form', async () => {
    expect(
      await told(
        'migrations.RunSQL(["ALTER TABLE a ADD b int", ("UPDATE a SET b = %s", [1])], reverse_sql=migrations.RunSQL.noop)',
      ),
    ).toBe('ALTER TABLE a ADD b int\nUPDATE a SET b = %s');
  });
});

test('the hash of names is MD5', () => {
  expect(md5('')).toBe('d41d8cd98f00b204e9800998ecf8427e');
  expect(md5('The quick brown fox jumps over the lazy dog'.repeat(3))).toBe('4e67db4a7a406b0cfdadd887cde7888e');
});

test("models of Django's own apps are found in the tables that they have", async () => {
  const key = (name: string, to: string) => `('${name}', models.ForeignKey(to='${to}', on_delete=models.CASCADE)),`;
  const [step] = await stepsOf({
    'shop/migrations/0001_a.py': migration(
      `migrations.CreateModel(name='Tag', fields=[('id', models.AutoField(primary_key=True)), ${key('content_type', 'contenttypes.ContentType')} ${key('site', 'sites.Site')} ${key('group', 'auth.Group')}]),`,
    ),
  });
  expect(step && sent(step.up).filter(each => each.includes('FOREIGN KEY'))).toEqual([
    'ALTER TABLE "shop_tag" ADD CONSTRAINT "shop_tag_content_type_id_43a0b3bb_fk_django_content_type_id" FOREIGN KEY ("content_type_id") REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED',
    'ALTER TABLE "shop_tag" ADD CONSTRAINT "shop_tag_site_id_2d4d3785_fk_django_site_id" FOREIGN KEY ("site_id") REFERENCES "django_site" ("id") DEFERRABLE INITIALLY DEFERRED',
    'ALTER TABLE "shop_tag" ADD CONSTRAINT "shop_tag_group_id_60346ffc_fk_auth_group_id" FOREIGN KEY ("group_id") REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED',
  ]);
  expect(step?.up.leansOn).toEqual(
    ['django_content_type', 'django_site', 'auth_group'].map(table => ({ table, key: 'id', type: 'integer' })),
  );
});

test("a table of the app's own is nobody else's, and one that an altered column leads to is", async () => {
  const id = "('id', models.BigAutoField(primary_key=True))";
  const key = (to: string) => `models.ForeignKey(to=${to}, on_delete=models.CASCADE)`;
  const steps = await stepsOf({
    'shop/migrations/0001_a.py': migration(
      `migrations.CreateModel(name='A', fields=[${id}]), migrations.CreateModel(name='B', fields=[${id}, ('a', ${key("'shop.A'")}), ('n', models.BigIntegerField(db_column='n_id'))]),`,
    ),
    'shop/migrations/0002_b.py': migration(
      `migrations.AlterField(model_name='b', name='n', field=${key("'crm.Client'")}),`,
      "dependencies = [('shop', '0001_a')]",
    ),
  });
  expect(steps.map(({ up }) => up.leansOn)).toEqual([undefined, [{ table: 'crm_client', key: 'id', type: 'bigint' }]]);
});

test('fields of packages that are texts underneath', async () => {
  const [step] = await stepsOf({
    'shop/migrations/0001_a.py': migration(
      "migrations.CreateModel(name='A', fields=[('id', models.AutoField(primary_key=True)), ('zone', timezone_field.fields.TimeZoneField(default='UTC')), ('args', picklefield.fields.PickledObjectField(editable=False, null=True))]),",
    ).replace('from django.conf', 'import timezone_field.fields\nimport picklefield.fields\nfrom django.conf'),
  });
  expect(step && printed(step.up)).toBe(
    'CREATE TABLE "shop_a" ("id" integer NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "zone" varchar(63) NOT NULL, "args" text NULL)',
  );
});

test.each([
  ['unique=settings.UNIQUE_EMAIL, max_length=75'],
  ['max_length=settings.LONGEST'],
  ['max_length=9, null=settings.OPTIONAL'],
  ['max_length=9, db_index=getattr(settings, "INDEXED", True)'],
])('a column that a setting decides is not known: %s', async options => {
  const field = `models.CharField(${options})`;
  const id = `('id', models.AutoField(primary_key=True))`;
  const [first, second] = await stepsOf({
    'shop/migrations/0001_a.py': migration(`migrations.CreateModel(name='A', fields=[${id}, ('b', ${field})]),`),
    'shop/migrations/0002_b.py': migration(
      `migrations.AddField(model_name='a', name='c', field=${field}),`,
      "dependencies = [('shop', '0001_a')]",
    ),
  });
  expect(first && printed(first.up)).toBe(
    'CREATE TABLE "shop_a" ("id" integer NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY)\n-- not followed: the type of `b`',
  );
  expect(second && printed(second.up)).toBe('-- not followed: the type of `c`');
});

test('a check that came with a change of its column has the name that Django has given it', async () => {
  const alter = (type: string) => `migrations.AlterField(model_name='a', name='b', field=models.${type}()),`;
  const [, second, third] = await stepsOf({
    'shop/migrations/0001_a.py': migration(
      `migrations.CreateModel(name='A', fields=[('id', models.AutoField(primary_key=True)), ('b', models.IntegerField())]),`,
    ),
    'shop/migrations/0002_b.py': migration(alter('PositiveIntegerField'), "dependencies = [('shop', '0001_a')]"),
    'shop/migrations/0003_c.py': migration(alter('IntegerField'), "dependencies = [('shop', '0002_b')]"),
  });
  const add = 'ALTER TABLE "shop_a" ADD CONSTRAINT "shop_a_b_a515684b_check" CHECK ("b" >= 0)';
  const drop = 'ALTER TABLE "shop_a" DROP CONSTRAINT "shop_a_b_a515684b_check"';
  expect([second?.up, second?.down, third?.up, third?.down].map(each => each && sent(each))).toEqual([
    [add],
    [drop],
    [drop],
    [add],
  ]);
});
