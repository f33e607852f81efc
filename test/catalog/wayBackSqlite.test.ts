/** The way back of steps on SQLite, as people read it. Each was run on SQLite 3.40 with rows in the tables. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, emptyCatalog, inNewSession } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import { readDialect } from '../../src/catalog/readDialect';
import { wayBackDialect } from '../../src/catalog/wayBackDialect';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

function run(catalog: Catalog, text: string): Catalog {
  let now = catalog;
  for (const { operations } of readDialect(trees, text, 'sqlite')) {
    const folded = fold(now, operations);
    expect(folded.failures.map(({ says }) => says)).toEqual([]);
    now = folded.catalog;
  }
  return inNewSession(now);
}

const SHOP = `
  CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE, email TEXT UNIQUE);
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
    total REAL NOT NULL DEFAULT 0 CHECK (total >= 0),
    "order" INTEGER,
    net REAL GENERATED ALWAYS AS (total / 1.2) VIRTUAL
  );
  CREATE INDEX by_total ON orders (total DESC) WHERE total > 100;
  CREATE VIEW paid AS SELECT id, total FROM orders WHERE total > 0;
  CREATE TRIGGER counted AFTER INSERT ON orders BEGIN UPDATE users SET name = name WHERE id = new.user_id; END;`;

function back(up: string, ahead = '') {
  const before = run(emptyCatalog({ complete: true, dialect: 'sqlite' }), `${SHOP}${ahead}`);
  return wayBackDialect(run(before, up), before, 'sqlite', trees);
}

describe('the way back of a step on SQLite', () => {
  test.each([
    ['CREATE TABLE tag (id INTEGER PRIMARY KEY); CREATE INDEX i ON tag (id)', ['DROP TABLE tag;']],
    ['ALTER TABLE users ADD COLUMN age INT', ['ALTER TABLE users DROP COLUMN age;']],
    [
      'ALTER TABLE users ADD COLUMN team INT; CREATE INDEX by_team ON users (team)',
      ['DROP INDEX by_team;', 'ALTER TABLE users DROP COLUMN team;'],
    ],
    ['ALTER TABLE orders DROP COLUMN "order"', ['ALTER TABLE orders ADD COLUMN "order" INTEGER;']],
    [
      'ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME COLUMN name TO label',
      ['ALTER TABLE people RENAME TO users;', 'ALTER TABLE users RENAME COLUMN label TO name;'],
    ],
    [
      'DROP INDEX by_total; DROP VIEW paid; DROP TRIGGER counted',
      [
        'CREATE INDEX by_total ON orders (total DESC) WHERE total > 100;',
        'CREATE VIEW paid AS SELECT id, total FROM orders WHERE total > 0;',
        'CREATE TRIGGER counted AFTER INSERT ON orders BEGIN UPDATE users SET name = name WHERE id = new.user_id; END;',
      ],
    ],
    ['CREATE UNIQUE INDEX by_name ON users (lower(name) COLLATE NOCASE, email || name DESC)', ['DROP INDEX by_name;']],
    [
      'DROP INDEX by_name',
      ['CREATE UNIQUE INDEX by_name ON users (lower(name) COLLATE NOCASE, email || name DESC);'],
      'CREATE UNIQUE INDEX by_name ON users (lower(name) COLLATE NOCASE, email || name DESC);',
    ],
    [
      'DROP TABLE log',
      [
        `CREATE TABLE log (
  a TEXT NOT NULL,
  b ANY,
  at TEXT DEFAULT (datetime('now')),
  PRIMARY KEY (a COLLATE NOCASE, b DESC) ON CONFLICT REPLACE,
  CONSTRAINT parent FOREIGN KEY (b) REFERENCES log (a) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID, STRICT;`,
      ],
      `CREATE TABLE log (a TEXT NOT NULL, b ANY, at TEXT DEFAULT (datetime('now')),
        PRIMARY KEY (a COLLATE NOCASE, b DESC) ON CONFLICT REPLACE,
        CONSTRAINT parent FOREIGN KEY (b) REFERENCES log (a) DEFERRABLE INITIALLY DEFERRED) WITHOUT ROWID, STRICT;`,
    ],
    // views and triggers that name the table would keep it from being renamed
    [
      `DROP VIEW paid;
       CREATE TABLE o (id INTEGER PRIMARY KEY, user_id INTEGER, total TEXT);
       INSERT INTO o SELECT id, user_id, total FROM orders; DROP TABLE orders; ALTER TABLE o RENAME TO orders;
       CREATE VIEW paid AS SELECT id, total FROM orders`,
      [
        'DROP VIEW paid;',
        `CREATE TABLE new_orders (
  id INTEGER PRIMARY KEY,
  user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
  total REAL NOT NULL DEFAULT 0 CHECK (total >= 0),
  "order" INTEGER,
  net REAL GENERATED ALWAYS AS (total / 1.2) VIRTUAL
);`,
        'INSERT INTO new_orders (id, user_id, total) SELECT id, user_id, total FROM orders;',
        'DROP TABLE orders;',
        'ALTER TABLE new_orders RENAME TO orders;',
        'CREATE INDEX by_total ON orders (total DESC) WHERE total > 100;',
        'CREATE VIEW paid AS SELECT id, total FROM orders WHERE total > 0;',
        'CREATE TRIGGER counted AFTER INSERT ON orders BEGIN UPDATE users SET name = name WHERE id = new.user_id; END;',
      ],
    ],
    // orders would be deleted with the users: it proves that they are not
    [
      `CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, email TEXT);
       INSERT INTO u SELECT * FROM users; DROP TABLE users; ALTER TABLE u RENAME TO users`,
      [
        'PRAGMA foreign_keys = OFF;',
        'CREATE TEMP TABLE foreign_keys_must_be_off (enforced INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (enforced = 0));',
        'INSERT INTO foreign_keys_must_be_off SELECT foreign_keys FROM pragma_foreign_keys;',
        'DROP TABLE foreign_keys_must_be_off;',
        'DROP TRIGGER counted;',
        `CREATE TABLE new_users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT COLLATE NOCASE NOT NULL,
  email TEXT UNIQUE
);`,
        'INSERT INTO new_users (id, name, email) SELECT id, name, email FROM users;',
        "DELETE FROM sqlite_sequence WHERE name = 'new_users';",
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'new_users', seq FROM sqlite_sequence WHERE name = 'users';",
        'DROP TABLE users;',
        'ALTER TABLE new_users RENAME TO users;',
        'CREATE TRIGGER counted AFTER INSERT ON orders BEGIN UPDATE users SET name = name WHERE id = new.user_id; END;',
        'PRAGMA foreign_keys = ON;',
      ],
    ],
    // its own rows refer to the new table while it is filled
    [
      'ALTER TABLE node DROP COLUMN level',
      [
        `CREATE TABLE new_node (
  id INTEGER PRIMARY KEY,
  parent INTEGER REFERENCES new_node ON DELETE CASCADE,
  level INTEGER NOT NULL
);`,
        'INSERT INTO new_node (id, parent) SELECT id, parent FROM node;',
        'DROP TABLE node;',
        'ALTER TABLE new_node RENAME TO node;',
      ],
      'CREATE TABLE node (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES node ON DELETE CASCADE, level INTEGER NOT NULL);',
    ],
    // what is written is in the words of before an earlier rename
    [
      'DROP TABLE item',
      [
        `CREATE TABLE item (
  amount INTEGER CHECK (amount > 0),
  CONSTRAINT once UNIQUE (amount DESC)
);`,
      ],
      `CREATE TABLE item (price INTEGER CHECK (price > 0), CONSTRAINT once UNIQUE (price DESC));
       ALTER TABLE item RENAME COLUMN price TO amount;`,
    ],
    [
      'ALTER TABLE p RENAME COLUMN a TO x; ALTER TABLE p RENAME COLUMN b TO a; ALTER TABLE p RENAME COLUMN x TO b',
      [
        'ALTER TABLE p RENAME COLUMN b TO a_again;',
        'ALTER TABLE p RENAME COLUMN a TO b;',
        'ALTER TABLE p RENAME COLUMN a_again TO a;',
      ],
      'CREATE TABLE p (a INT, b TEXT);',
    ],
    // a parent goes after the column that refers to it
    [
      'CREATE TABLE tag (id INTEGER PRIMARY KEY); ALTER TABLE orders ADD COLUMN tag INTEGER REFERENCES tag (id)',
      ['ALTER TABLE orders DROP COLUMN tag;', 'DROP TABLE tag;'],
    ],
  ])('%s', (up, statements, ahead?: string) => {
    expect(back(up, ahead)).toMatchObject({ statements, obstacles: [] });
  });

  test.each([
    ['CREATE TABLE tag (id INTEGER)', '', ['the rows of tag are lost']],
    ['DROP TABLE tag', 'CREATE TABLE tag (id INTEGER);', ['tag comes back empty: its rows are lost']],
    [
      `CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, email TEXT, age INT);
       INSERT INTO u SELECT *, 0 FROM users; DROP TABLE users; ALTER TABLE u RENAME TO users`,
      '',
      [
        'the values of users.age are lost',
        'orders refers to users with ON DELETE CASCADE: where foreign keys stay enforced, as in a transaction that is open already, it stops before a row of orders is touched',
        'NULLs that users.name has got meanwhile make it fail',
        'rows of users that are alike in a key make it fail',
      ],
    ],
  ])('says what is lost and what may fail: %s', (up, ahead, says) => {
    expect(back(up, ahead).notes.map(note => note.says)).toEqual(says);
  });

  test.each([
    [
      'CREATE TABLE copy AS SELECT * FROM users; DROP TABLE copy2',
      'CREATE TABLE copy2 AS SELECT 1 AS one;',
      'not all of the former definition of table copy2 is known',
    ],
    [
      'DROP TRIGGER t',
      `CREATE TABLE tag (label TEXT);
       CREATE TRIGGER t AFTER INSERT ON tag BEGIN DELETE FROM tag WHERE label = ''; END;
       ALTER TABLE tag RENAME COLUMN label TO word;`,
      'the text of trigger t is older than the names in it',
    ],
  ])('is none where it is not known: %s', (up, ahead, because) => {
    expect(back(up, ahead).obstacles).toContain(because);
  });
});
