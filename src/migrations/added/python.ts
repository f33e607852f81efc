/**
 * New migrations in Python.
 *
 * Sources: alembic.sqlalchemy.org/en/latest/tutorial.html, `autocommit_block` in its api/runtime.html;
 * docs.djangoproject.com/en/5.2/ref/migration-operations/ (`RunSQL`), howto/writing-migrations/ (`atomic = False`).
 */
import { hash64 } from '../../engine/fingerprint';
import { folderOf } from '../contribution';
import { sqlInPython } from '../written/django';
import { linesOfPython, styleOf } from '../written/statements';
import type { WriteNew } from './newMigration';
import { nameOf } from './versions';

const inFolder = (newest: string, file: string): string =>
  folderOf(newest) === '' ? file : `${folderOf(newest)}/${file}`;

export const newInAlembic: WriteNew = ({ newest, text, now }, { name, version, slug }, migration, before) => {
  const { comments, up, down, alone } = migration;
  const [, head] = /^revision\b[^=\n]*=\s*["']([^"'\n]+)["']/m.exec(text) ?? [];
  if (head === undefined) return undefined;
  // a project that counts its revisions goes on counting
  const counts = version !== '' && /^\d{1,6}$/.test(head) && nameOf('alembic', newest).startsWith(head);
  const idOf = (does: string): string => hash64(`${head} ${does} ${now.toISOString()}`).slice(0, 12);
  const revision = counts ? version : idOf(slug);
  const after = before ? (counts ? before.version : idOf(before.slug)) : head;
  const file = counts || (version !== '' && name.includes(slug)) ? `${name}.py` : `${revision}_${slug}.py`;
  const style = styleOf(text);
  const quoted = (value: string): string => style.quote + value + style.quote;
  const annotations = (field: string): string => new RegExp(`^${field}(:[^=\\n]+?)\\s*=`, 'm').exec(text)?.[1] ?? '';
  const fields = ['revision', 'down_revision', 'branch_labels', 'depends_on'];
  const [typing = ''] =
    (fields.some(field => annotations(field).includes('[')) && /^from typing import .*\n/m.exec(text)) || [];
  const returns = /^def upgrade\(\)\s*->/m.test(text) ? ' -> None' : '';
  const body = (statements: readonly string[]): string => {
    if (statements.length === 0) return '    pass\n';
    const lines = linesOfPython({ comments: [], statements }, style, false);
    const wrapped = alone ? ['with op.get_context().autocommit_block():', ...lines.map(line => `    ${line}`)] : lines;
    return wrapped.map(line => `    ${line}\n`).join('');
  };
  const said = migration.does.replace(/^./, first => first.toUpperCase());
  return [
    {
      file: inFolder(newest.file, file),
      text: [
        `"""${said}\n\nRevision ID: ${revision}\nRevises: ${after}\nCreate Date: ${now.toISOString().replace('T', ' ').replace(/Z$/, '000')}\n\n"""\n`,
        typing === '' ? '' : `${typing}\n`,
        `from alembic import op\n\n# revision identifiers, used by Alembic.\n`,
        `revision${annotations('revision')} = ${quoted(revision)}\n`,
        `down_revision${annotations('down_revision')} = ${quoted(after)}\n`,
        `branch_labels${annotations('branch_labels')} = None\n`,
        `depends_on${annotations('depends_on')} = None\n`,
        comments.length > 0 ? `\n${comments.map(comment => `# ${comment}\n`).join('')}` : '',
        `\n\ndef upgrade()${returns}:\n${body(up)}`,
        `\n\ndef downgrade()${returns}:\n${body(down)}`,
      ].join(''),
    },
  ];
};

export const newInDjango: WriteNew = ({ history, newest, text }, { name }, migration, before) => {
  const { comments, up, down, alone } = migration;
  const names = new Set(history.steps.map(step => step.name));
  const app = appIn(text, names) ?? folderOf(newest.file).split('/').at(-2);
  if (app === undefined || app === '') return undefined;
  const { quote } = styleOf(text);
  const quoted = (value: string): string => quote + value + quote;
  const sql = (statements: readonly string[]): string =>
    statements.length === 0 ? 'migrations.RunSQL.noop' : sqlInPython(statements.join('\n'));
  return [
    {
      file: inFolder(newest.file, `${name}.py`),
      text: [
        'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n',
        comments.map(comment => `    # ${comment}\n`).join(''),
        alone ? '    atomic = False\n\n' : '',
        `    dependencies = [\n        (${quoted(app)}, ${quoted(before?.name ?? newest.name)}),\n    ]\n\n`,
        `    operations = [\n        migrations.RunSQL(\n            sql=${sql(up)},\n            reverse_sql=${sql(down)},\n        ),\n    ]\n`,
      ].join(''),
    },
  ];
};

/** The app as the newest migration calls it where it goes after one of its own. */
function appIn(text: string, names: ReadonlySet<string>): string | undefined {
  for (const [, app, name] of text.matchAll(/\(\s*["'](\w+)["']\s*,\s*["'](\w+)["']\s*,?\s*\)/g))
    if (name !== undefined && names.has(name)) return app;
  return undefined;
}
