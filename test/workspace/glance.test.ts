/** What is not analysed at all: code that nothing of the back end reaches. What it says no to can hold no finding. */
import { describe, expect, it } from 'vitest';
import { libraries } from '../../src/libraries/all';
import { glanceFor } from '../../src/workspace/glance';

const { mayHoldFindings } = glanceFor(libraries);
const NO_MANIFEST: ReadonlySet<string> = new Set();
const holds = (text: string, manifest = NO_MANIFEST): boolean => mayHoldFindings(text, () => false, manifest);

describe('code that is analysed', () => {
  it.each([
    ['a statement', `db.query('SELECT id FROM orders')`],
    ['a statement in title case', `db.query('Select id From orders')`],
    ['a statement whose clause comes later', `let q = 'Select id, total'; q += ' From orders'; db.query(q)`],
    ['a statement that a name is put into', `db.query('Delete ' + what)`],
    ['a statement after a verb alone', `db.query(['Insert ', into].join(''))`],
    ['a table that is created like a sentence', `db.query('Create table orders')`],
    ['a common table expression', 'db.query(`with recent as (select 1) select * from recent`)'],
    ['a common table expression over lines', 'db.query(`\n  WITH RECURSIVE\n  up AS (SELECT 1) SELECT * FROM up`)'],
    ['a common table expression whose name is put in', `db.query('with ' + name + rest)`],
    ['a procedure', `db.query('CALL refresh_totals()')`],
    ['a driver by import', `import { Pool } from 'pg'; new Pool().connect()`],
    ['a driver by require', `const { Pool } = require('pg'); new Pool().connect()`],
    ['a driver by a computed name', `const driver = require(name); driver.query(text)`],
    ['a package without a table', `import { pool } from '@acme/database'; pool.query(text)`],
    [
      'a built-in module with a table',
      `import { DatabaseSync } from 'node:sqlite'; new DatabaseSync(path).prepare(text)`,
    ],
    [
      'a class that gets its client',
      `class Orders { constructor(pool) { this.pool = pool } find() { return this.pool.query(text) } }`,
    ],
    ['a module that gets its client', `module.exports = pool => pool.query(text)`],
    ['a function that gets a model', `exports.list = async ({ models }) => models.Order.findAll()`],
    ['a service by its name', `for (const id of ids) scope.resolve('orders').find(id)`],
    ['a failure of a call to another server', `import axios from 'axios'; axios.get(url).catch(() => {})`],
  ])('%s', (_, text) => {
    expect(holds(text)).toBe(true);
  });

  it('a telling method where the manifest has its library', () => {
    const text = `orders.findAll({ where })`;
    expect(holds(text, new Set(['npm:sequelize']))).toBe(true);
    expect(holds(text)).toBe(false);
  });
});

describe('code of the browser, bundled or not', () => {
  it.each([
    ['what buttons say', `add({ text: 'Insert link', tooltip: "Delete row", title: 'Drop an image here' })`],
    ['a comment that quotes code', '// a `constructor` with the name of its class\n'],
    ['a sentence that begins with a procedural word', `throw new Error("call stack size exceeded")`],
    [
      'a name that a bundle asks its own registry for',
      `each(list, x => x); var m = tinymce.util.Tools.resolve('tinymce.PluginManager')`,
    ],
    ['a promise that is resolved', `list.map(x => Promise.resolve('done'))`],
    ['a constructor that is called by its name', `var next = this.constructor(context).find(selector)`],
    ['what a bundle brings of its own', `require('timers').setImmediate(run); rows.select(all)`],
    [
      'an import that a comment speaks of',
      `// how to import it: var jQuery = require("jquery")(window)\nrows.select(all)`,
    ],
    ['a protocol', `try { open('http') } catch (e) { report(e) }`],
  ])('is left alone: %s', (_, text) => {
    expect(holds(text)).toBe(false);
  });
});
