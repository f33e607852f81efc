// A believable tree of SQL files, the same in every run: services of one repository with the migrations of several tools, a
// schema in parts, and queries that code takes from files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NOUNS =
  'order user invoice payment product shipment address coupon review basket refund supplier stock price label ticket session audit event report'.split(
    ' ',
  );
const COLUMNS = [
  ['name', 'text NOT NULL'],
  ['status', "text NOT NULL DEFAULT 'new'"],
  ['total_cents', 'bigint NOT NULL DEFAULT 0 CHECK (total_cents >= 0)'],
  ['note', 'text'],
  ['settings', "jsonb NOT NULL DEFAULT '{}'"],
  ['created_at', 'timestamptz NOT NULL DEFAULT now()'],
  ['updated_at', 'timestamptz'],
  ['is_active', 'boolean NOT NULL DEFAULT true'],
  ['rate', 'numeric(12, 4)'],
  ['code', 'varchar(40)'],
];

/** Chance with a seed: mulberry32. */
function randomOf(seed) {
  let state = seed;
  return limit => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  };
}

/** The steps of one service: each an up and a down. */
function stepsOf(random, count) {
  const tables = [];
  const pick = list => list[random(list.length)];
  const make = number => {
    const table = `${pick(NOUNS)}_${number}s`;
    const columns = COLUMNS.filter(() => random(3) > 0).slice(0, 3 + random(6));
    const owner = tables.length > 0 && random(2) ? pick(tables) : undefined;
    tables.push({ name: table, columns: columns.map(([name]) => name) });
    const lines = [
      '  id bigserial PRIMARY KEY',
      ...(owner ? [`  ${owner.name}_id bigint NOT NULL REFERENCES ${owner.name} (id) ON DELETE CASCADE`] : []),
      ...columns.map(([name, type]) => `  ${name} ${type}`),
    ];
    const index = owner ? `\nCREATE INDEX ${table}_owner_idx ON ${table} (${owner.name}_id);` : '';
    return [
      `create ${table}`,
      `-- what is kept of each ${table.slice(0, -1)}\nCREATE TABLE ${table} (\n${lines.join(',\n')}\n);${index}\nCOMMENT ON TABLE ${table} IS 'Filled by the service, read by reports.';\n`,
      `DROP TABLE ${table};\n`,
    ];
  };
  const changes = [
    (table, number) => [
      `add to ${table.name}`,
      `ALTER TABLE ${table.name} ADD COLUMN extra_${number} text, ADD COLUMN seen_${number} timestamptz;\nUPDATE ${table.name} SET seen_${number} = now() WHERE id < 1000;\n`,
      `ALTER TABLE ${table.name} DROP COLUMN extra_${number}, DROP COLUMN seen_${number};\n`,
    ],
    (table, number) => [
      `index ${table.name}`,
      `SET lock_timeout = '2s';\nCREATE INDEX ${table.name}_${number}_idx ON ${table.name} (id, ${table.columns[0] ?? 'id'}) WHERE id > ${number};\n`,
      `DROP INDEX ${table.name}_${number}_idx;\n`,
    ],
    (table, number) => [
      `view of ${table.name}`,
      `CREATE VIEW ${table.name}_recent_${number} AS\nSELECT t.id, ${table.columns.map(column => `t.${column}`).join(', ') || 't.id AS other'}\nFROM ${table.name} t\nWHERE t.id > (SELECT max(id) - 100 FROM ${table.name})\nORDER BY t.id DESC;\n`,
      `DROP VIEW ${table.name}_recent_${number};\n`,
    ],
    (table, number) => [
      `touch ${table.name}`,
      `CREATE FUNCTION touch_${number}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  NEW.id := OLD.id;\n  IF NEW.id IS NULL THEN\n    RAISE EXCEPTION 'no id; nothing to keep';\n  END IF;\n  RETURN NEW;\nEND;\n$$;\nCREATE TRIGGER touched_${number} BEFORE UPDATE ON ${table.name} FOR EACH ROW EXECUTE FUNCTION touch_${number}();\n`,
      `DROP TRIGGER touched_${number} ON ${table.name};\nDROP FUNCTION touch_${number}();\n`,
    ],
    (table, number) => [
      `check ${table.name}`,
      `ALTER TABLE ${table.name} ADD CONSTRAINT ${table.name}_${number}_check CHECK (id > 0) NOT VALID;\nALTER TABLE ${table.name} VALIDATE CONSTRAINT ${table.name}_${number}_check;\n`,
      `ALTER TABLE ${table.name} DROP CONSTRAINT ${table.name}_${number}_check;\n`,
    ],
    (table, number) => [
      `fill ${table.name}`,
      `INSERT INTO ${table.name} (id${table.columns.includes('name') ? ', name' : ''})\nVALUES ${Array.from({ length: 3 + random(20) }, (_, at) => `(${number * 100 + at}${table.columns.includes('name') ? `, 'it''s number ${at}'` : ''})`).join(',\n  ')}\nON CONFLICT (id) DO NOTHING;\n`,
      `DELETE FROM ${table.name} WHERE id BETWEEN ${number * 100} AND ${number * 100 + 99};\n`,
    ],
  ];
  return Array.from({ length: count }, (_, at) =>
    at < 3 || random(4) === 0 ? make(at) : pick(changes)(pick(tables), at),
  );
}

const QUERIES = table =>
  `-- name: Find${table} :one\nSELECT * FROM ${table} WHERE id = $1;\n\n-- name: List${table} :many\nSELECT t.id, count(*) OVER () AS total FROM ${table} t WHERE t.id > $1 ORDER BY t.id LIMIT 50;\n\n-- name: Remove${table} :exec\nDELETE FROM ${table} WHERE id = $1 RETURNING id;\n`;

/** Writes the tree below a folder. @returns the paths of its SQL files, from the folder on */
export function writeSqlTree(folder, count) {
  const files = [];
  const write = (path, text) => {
    if (files.length >= count) return;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    files.push(path);
  };
  mkdirSync(join(folder, '.git'), { recursive: true });
  for (let service = 0; files.length < count; service += 1) {
    const random = randomOf(7_000 + service);
    const base = `services/service${service}`;
    const tools = [
      (name, number, up, down) => {
        write(`${base}/migrations/${number}_${name}.up.sql`, up);
        write(`${base}/migrations/${number}_${name}.down.sql`, down);
      },
      (name, number, up, down) =>
        write(`${base}/db/migrations/2026${number}_${name}.sql`, `-- migrate:up\n${up}\n-- migrate:down\n${down}`),
      (name, number, up) => write(`${base}/src/main/resources/db/migration/V${Number(number)}__${name}.sql`, up),
      (name, number, up, down) =>
        write(
          `${base}/goose/${number}_${name}.sql`,
          `-- +goose Up\n${up.replace(/CREATE FUNCTION[\s\S]*?\$\$;\n/, found => `-- +goose StatementBegin\n${found}-- +goose StatementEnd\n`)}\n-- +goose Down\n${down}`,
        ),
      (name, number, up) => write(`${base}/sql/schema/${number}_${name}.sql`, up),
    ];
    const tool = tools[service % tools.length];
    for (const [at, [name, up, down]] of stepsOf(random, 40).entries())
      tool(name.replaceAll(' ', '_'), String(at + 1).padStart(6, '0'), up, down);
    for (let query = 0; query < 10; query += 1)
      write(`${base}/queries/query${query}.sql`, QUERIES(`${NOUNS[random(NOUNS.length)]}_0s`));
  }
  return files;
}
