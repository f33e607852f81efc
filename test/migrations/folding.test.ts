import { beforeAll, expect, test } from 'vitest';
import { emptyCatalog } from '../../src/catalog/catalog';
import { schemaScriptOf } from '../../src/facts/schemaScripts';
import { NO_DOUBT } from '../../src/migrations/doubt';
import { foldStep } from '../../src/migrations/folding';
import { readScript } from '../../src/migrations/sqlScript';
import { readSqlStep } from '../../src/migrations/sqlStep';
import { upScriptInSql } from '../../src/migrations/upScript';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';
import { splitStatements } from '../../src/sql/statements';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

const FILE = 'migrations/000001_orders.up.sql';
const UP = `-- what was ordered
CREATE TABLE orders (id bigserial PRIMARY KEY, total bigint NOT NULL CHECK (total >= 0), note text);
CREATE INDEX orders_note_idx ON orders (note);
ALTER TABLE orders ADD COLUMN paid boolean, ALTER COLUMN note SET NOT NULL;
CREATE VIEW paid AS SELECT id FROM orders WHERE paid;
`;

function judged(text: string, sharing: boolean) {
  const before = emptyCatalog({ complete: true });
  const history = readScript(FILE, text, { start: 0, end: text.length }, 'postgresql');
  const step = foldStep({ before, doubt: NO_DOUBT }, history, trees);
  const script = upScriptInSql(FILE, text, 'postgresql');
  if (!script) throw new Error('it is a step');
  const folded = sharing ? { folded: step.up.statements } : {};
  return { step, made: schemaScriptOf({ script, trees, dialect: 'postgresql', server: 14, before, ...folded }) };
}

test('what a step was folded to for its history is what its rules look at, and is not folded again', () => {
  const { step, made } = judged(UP, true);
  const steps = step.up.statements.flatMap(each => each.steps);
  expect(made.changes).toHaveLength(5);
  expect(made.changes.map(({ before }) => before)).toEqual(steps.map(({ before }) => before));
  for (const [at, { before, after }] of made.changes.entries()) {
    expect(before).toBe(steps[at]?.before);
    expect(after).toBe(steps[at]?.after);
  }
});

test('it is what folding the text where it stands comes to', () => {
  const alone = judged(UP, false).made;
  const shared = judged(UP, true).made;
  expect(shared.changes.map(({ before, after, operation }) => ({ before, after, operation }))).toEqual(
    alone.changes.map(({ before, after, operation }) => ({ before, after, operation })),
  );
  expect(shared.after).toEqual(alone.after);
});

test('a text of several statements that its history has otherwise is folded for itself', () => {
  const inTransaction = `BEGIN;\n${UP}COMMIT;\n`;
  const { made } = judged(inTransaction, true);
  expect(made.changes.map(({ operation }) => operation.kind)).toEqual(
    judged(inTransaction, false).made.changes.map(({ operation }) => operation.kind),
  );
});

test('a text is cut into statements and read as a step once for all who ask', () => {
  expect(splitStatements(UP, 'postgresql')).toBe(splitStatements(UP.slice(0), 'postgresql'));
  expect(readSqlStep(UP, 'postgresql')).toBe(readSqlStep(UP, 'postgresql'));
  expect(splitStatements(UP, 'mysql')).not.toBe(splitStatements(UP, 'postgresql'));
});
