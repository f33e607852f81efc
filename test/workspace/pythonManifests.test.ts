/** What a Python project depends on, by each file that can say it. */
import { expect, test } from 'vitest';
import { isPythonManifest, pythonDependencies } from '../../src/workspace/pythonManifests';

test.each<[name: string, text: string, packages: readonly string[]]>([
  [
    'requirements.txt',
    '# the database\npsycopg2-binary==2.9.9\nDjango[argon2]>=4.2,<5 ; python_version > "3.8"\n-r more.txt\n--hash=x\nSQLAlchemy\n',
    ['psycopg2-binary', 'django', 'sqlalchemy'],
  ],
  [
    'pyproject.toml',
    '[project]\nname = "shop"\ndependencies = [\n  "asyncpg>=0.29",  # the pool\n  \'flask_sqlalchemy ~= 3.1\',\n]\n[project.optional-dependencies]\ntest = ["pytest"]\n',
    ['asyncpg', 'flask-sqlalchemy', 'pytest'],
  ],
  [
    'pyproject.toml',
    '[tool.poetry.dependencies]\npython = "^3.11"\npsycopg = { version = "^3.1", extras = ["pool"] }\n[tool.poetry.group.dev.dependencies]\nmypy = "*"\n[tool.black]\nline-length = 100\n',
    ['psycopg', 'mypy'],
  ],
  ['setup.cfg', '[options]\ninstall_requires =\n    aiopg\n    peewee >= 3\nzip_safe = false\n', ['aiopg', 'peewee']],
  [
    'setup.py',
    "from setuptools import setup\nsetup(name='x', install_requires=['pg8000>1', \"PyMySQL\"], zip_safe=False)\n",
    ['pg8000', 'pymysql'],
  ],
  [
    'Pipfile',
    '[packages]\nfastapi = "*"\n[dev-packages]\npytest = "*"\n[requires]\npython_version = "3.11"\n',
    ['fastapi', 'pytest'],
  ],
])('%s', (name, text, packages) => {
  const found = [...pythonDependencies(name, text).keys()];
  for (const each of packages) expect(found).toContain(each);
  expect(found.filter(each => each.length < 3 || /[^a-z0-9-]/.test(each))).toEqual([]);
});

test('files that say it', () => {
  expect(isPythonManifest('/project/requirements/base.txt')).toBe(true);
  expect(isPythonManifest('/project/pyproject.toml')).toBe(true);
  expect(isPythonManifest('/project/notes.txt')).toBe(false);
});
