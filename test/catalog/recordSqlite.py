"""Writes `sqliteRecorded.ndjson`: random histories with what a real SQLite (3.40) says of its tables after each.

    python3 test/catalog/recordSqlite.py > test/catalog/sqliteRecorded.ndjson
"""
import json
import random
import sqlite3

SEED = 20240607
HISTORIES = 80
STEPS = 12
TYPES = ["INTEGER", "TEXT", "VARCHAR(20)", "numeric(10, 2)", "", "UNSIGNED BIG INT", "REAL DEFAULT 1.5", "TEXT NOT NULL DEFAULT 'a;b'"]


def spelled(name: str) -> str:
    """The name as people write it: bare, quoted in one of SQLite's ways, or in another case."""
    return random.choice([name, name.upper(), f'"{name}"', f"`{name}`", f"[{name}]"])


def state(db: sqlite3.Connection) -> dict:
    found = {}
    for name, kind in db.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'").fetchall():
        try:
            columns = db.execute(f'PRAGMA table_info("{name}")').fetchall()
        except sqlite3.Error:
            continue  # a view on what is gone
        if kind == "view":
            found[name] = {"view": [each[1].lower() for each in columns]}
            continue
        keys = {}
        for number, _, table, own, other, _, delete, _ in db.execute(f'PRAGMA foreign_key_list("{name}")').fetchall():
            keys.setdefault(number, [table.lower(), [], delete.lower()])[1].append(own.lower())
        indexes = []
        for _, index, unique, origin, _ in db.execute(f'PRAGMA index_list("{name}")').fetchall():
            if origin == "c":
                indexes.append([index, unique == 1, [each[2] for each in db.execute(f'PRAGMA index_info("{index}")').fetchall()]])
        found[name] = {
            "columns": [[each[1], each[3] == 1, each[4]] for each in columns],
            "key": [each[1] for each in sorted((c for c in columns if c[5] > 0), key=lambda c: c[5])],
            "keys": sorted(keys.values()),
            "indexes": sorted(indexes),
        }
    return found


def step(db: sqlite3.Connection, number: int) -> str:
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    choice = random.randrange(12)
    if not tables or choice == 0:
        name = f"t{number}"
        columns = [f"{spelled(f'c{index}')} {random.choice(TYPES)}" for index in range(random.randint(1, 4))]
        if tables and random.random() < 0.6:
            columns.append(f"ref INTEGER REFERENCES {spelled(random.choice(tables))} (id) ON DELETE CASCADE")
        head = "id INTEGER PRIMARY KEY AUTOINCREMENT" if random.random() < 0.5 else "id INTEGER"
        tail = [] if "PRIMARY" in head else [random.choice(["PRIMARY KEY (id, c0)", "PRIMARY KEY (id)", "UNIQUE (c0)", "CHECK (id > 0)"])]
        return f"CREATE TABLE IF NOT EXISTS {spelled(name)} ({', '.join([head, *columns, *tail])})"
    table = random.choice(tables)
    columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
    column = random.choice(columns)
    name = spelled(table)
    if choice in (1, 2):
        return f"ALTER TABLE {name} ADD {random.choice(['', 'COLUMN '])}{spelled(f'n{number}')} {random.choice(TYPES)}"
    if choice in (3, 4):
        return f"ALTER TABLE {name} DROP COLUMN {spelled(column)}"
    if choice == 5:
        return f"ALTER TABLE {name} RENAME COLUMN {spelled(column)} TO {spelled(f'r{number}')}"
    if choice == 6:
        return f"ALTER TABLE {name} RENAME TO {spelled(f'm{number}')}"
    if choice in (7, 8):
        return f"CREATE {random.choice(['', 'UNIQUE '])}INDEX i{number} ON {name} ({spelled(column)} {random.choice(['', 'DESC', 'COLLATE NOCASE'])})"
    if choice == 9:
        return f"CREATE VIEW v{number} AS SELECT {spelled(column)} FROM {name}"
    if choice == 10:
        return f"DROP TABLE IF EXISTS {name}"
    kept = ", ".join(f'"{each}"' for each in columns)
    return (
        f'CREATE TABLE "new_{table}" ({", ".join(f"{chr(34)}{each}{chr(34)} TEXT" for each in columns)}, fresh INT); '
        f'INSERT INTO "new_{table}" ({kept}) SELECT {kept} FROM "{table}"; DROP TABLE "{table}"; ALTER TABLE "new_{table}" RENAME TO "{table}"'
    )


random.seed(SEED)
for _ in range(HISTORIES):
    db = sqlite3.connect(":memory:", isolation_level=None)
    done = []
    for number in range(STEPS):
        sql = step(db, number)
        db.execute("SAVEPOINT s")
        try:
            for one in sql.split("; "):
                db.execute(one)
            db.execute("RELEASE s")
            done.append(sql)
        except sqlite3.Error:
            db.execute("ROLLBACK TO s")
            db.execute("RELEASE s")
    print(json.dumps({"sql": ";\n".join(done) + ";\n", "tables": state(db)}))
