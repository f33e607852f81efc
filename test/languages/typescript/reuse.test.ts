/** What an edit leaves alone keeps its identity, so that what was computed of it stays valid. */
import { describe, expect, test } from 'vitest';
import { printModule } from '../../../src/program/print';
import { lower } from './lower';

const before = `// head
export function first(id) {
  // inside first
  return pool.query('SELECT 1', [id]);
}

class Orders {
  @Get() list() { return 1; /* inside list */ }
  find(id) { return this.one(id); }
}

app.get('/x', (req, res) => res.end());
`;

const identities = (module: Awaited<ReturnType<typeof lower>>) =>
  new Map(module.units.map(unit => [unit.id.slice(unit.id.indexOf('#')), unit.function]));

async function edited(change: (text: string) => string) {
  const previous = await lower(before);
  const text = change(before);
  expect(text).not.toBe(before);
  const module = await lower(text, 'program.ts', previous);
  const kept = identities(previous);
  const again = [...identities(module)].flatMap(([id, lowered]) => (kept.get(id) === lowered ? [] : [id]));
  // However much was taken over, it is what a fresh lowering gives.
  const fresh = await lower(text);
  expect(module.comments).toEqual(fresh.comments);
  expect(module.units).toEqual(fresh.units);
  expect(printModule(module)).toBe(printModule(fresh));
  return { previous, module, again };
}

describe('lowered again', () => {
  test('the function that was typed in', async () => {
    const { again } = await edited(text => text.replace('SELECT 1', 'SELECT 2'));
    expect(again).toEqual(['#first']);
  });

  test('one method, and not its neighbour', async () => {
    const { again } = await edited(text => text.replace('return 1;', 'return 12;'));
    expect(again).toEqual(['#Orders.list']);
  });

  test('nothing, when a line is put before them all; only where they stand is new', async () => {
    const { again, previous, module } = await edited(text => `import x from 'x';\n${text}`);
    expect(again).toEqual([]);
    const moved = "import x from 'x';\n".length;
    expect(module.units.map(unit => unit.start)).toEqual(previous.units.map(unit => unit.start + moved));
  });

  test('nothing before a change, not even the unit around the function', async () => {
    const { previous, module } = await edited(text => `${text}\nconst last = 1;\n`);
    expect(module.units.every((unit, index) => unit === previous.units[index])).toBe(true);
  });

  test('a decorator belongs to its method', async () => {
    const { again } = await edited(text => text.replace('@Get()', "@Get('/all')"));
    expect(again).toEqual(['#Orders.list']);
  });

  test('a function under a new name is another unit', async () => {
    const { again } = await edited(text => text.replace('function first', 'function other'));
    expect(again).toEqual(['#other']);
  });
});

test('a broken function is read again, since its surroundings decide how', async () => {
  const broken = 'function f() { return a +; }\nfunction g() { return 1; }\n';
  const previous = await lower(broken);
  const module = await lower(`${broken}\n`, 'program.ts', previous);
  expect(module.units[0]?.function).not.toBe(previous.units[0]?.function);
  expect(module.units[1]).toBe(previous.units[1]);
});

test('units of one name are told apart, in order', async () => {
  const module = await lower("f('a', () => 1, () => 2);\nf('a', () => 3);\n");
  expect(module.units.map(unit => unit.id)).toEqual([
    "program.ts#f('a')",
    "program.ts#f('a')~2",
    "program.ts#f('a')~3",
  ]);
});
