/** Which file an import of Python means, in the layouts that projects have. */
import { expect, test } from 'vitest';
import { pythonModule, pythonModuleInside } from '../../src/workspace/pythonModules';

const FILES = [
  'manage.py',
  'app/__init__.py',
  'app/db.py',
  'app/models/__init__.py',
  'app/models/order.py',
  'app/api/__init__.py',
  'app/api/views.py',
  'src/shop/__init__.py',
  'src/shop/pool.py',
  'src/shop/web/routes.py',
  'tools/load.py',
  'tools/helper.py',
  'nodes/__init__.py',
  'nodes/db/__init__.py',
  'nodes/db/sqlalchemy/__init__.py',
  'nodes/db/sqlalchemy/alembic/versions/a1_first.py',
  'services/mail/main.py',
  'services/mail/send/queue.py',
];

const isThere = (path: string): boolean =>
  FILES.some(file => file === path || (path !== '' && file.startsWith(`${path}/`)));

test.each<[from: string, specifier: string, means: string | undefined]>([
  ['app/api/views.py', '..db', 'app/db.py'],
  ['app/api/views.py', '..', 'app/__init__.py'],
  ['app/api/views.py', '.views', 'app/api/views.py'],
  ['app/api/views.py', '.missing', undefined],
  ['app/api/views.py', '.....far', undefined],
  ['app/api/views.py', 'app.db', 'app/db.py'],
  ['app/api/views.py', 'app.models', 'app/models/__init__.py'],
  ['app/api/views.py', 'app.models.order', 'app/models/order.py'],
  ['app/models/__init__.py', '.order', 'app/models/order.py'],
  ['manage.py', 'app', 'app/__init__.py'],
  ['manage.py', 'shop.pool', 'src/shop/pool.py'],
  ['src/shop/web/routes.py', 'shop.pool', 'src/shop/pool.py'],
  ['src/shop/web/routes.py', '..pool', 'src/shop/pool.py'],
  ['src/shop/pool.py', 'shop.web', 'src/shop/web/__init__.py'],
  ['tools/load.py', 'helper', 'tools/helper.py'],
  ['nodes/db/sqlalchemy/alembic/versions/a1_first.py', 'sqlalchemy', undefined],
  ['nodes/db/sqlalchemy/alembic/versions/a1_first.py', 'nodes.db', 'nodes/db/__init__.py'],
  ['services/mail/main.py', 'send.queue', 'services/mail/send/queue.py'],
  ['services/mail/main.py', 'services.mail.send', 'services/mail/send/__init__.py'],
  ['app/db.py', 'psycopg2', undefined],
])('from %s, %s is %s', (from, specifier, means) => {
  expect(pythonModule(from, specifier, isThere)).toBe(means);
});

test('only a package has modules inside', () => {
  expect(pythonModuleInside('app/__init__.py', 'db')).toBe('.db');
  expect(pythonModuleInside('app/db.py', 'pool')).toBeUndefined();
  expect(pythonModuleInside('src/index.ts', 'pool')).toBeUndefined();
});
