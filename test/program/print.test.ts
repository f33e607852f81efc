import { describe, expect, test } from 'vitest';
import type { Expression } from '../../src/program/model';
import { printExpression, printModule } from '../../src/program/print';
import { readExpression, readModel } from './readModel';

const program = `module "src/orders.ts" typescript
comment "// shop"
comment trailing "/* \\"x\\" */"
problem
@Injectable()
@Controller({path: "orders"})
class OrderService extends Base implements Service, Disposable<Order[]> {
  @Inject("POOL")
  static field pool: pg.Pool = new Pool({max: 10})
  field lines: Map<string, (Line | null)[]>
  field \`odd key\`
  method list -> unit "#OrderService.list"
  method constructor -> unit "#OrderService.constructor"
}
class Mixed extends (mixin(Base) || Base) {
}
interface Service {
  field mode: "a" | "b" | 3 | null
  field shape: {a: number, "b-c": opaque "Partial<T>"}
}
export list = list
export * from "./a"
export b from "./b"
export b from "./b" as c
export ns from "./n" as *
export default = class OrderService
export = = {a: a}
top {
  const {Pool, max: limit = 10, nested: {deep}, "a-b": c, ...rest} = (import "pg").Pool
  const [first, _, third = 2, ...others] = rows
  let later: Order[]
  const list = unit "#list"
  [this.a, rows[1]] = pair
  {a: this.a, b} = record
  this.total += 1
  name ??= a ? b : c
}
unit "#OrderService.list" of OrderService
@Get("/orders")
async generator function list(@Query("id") field id: string, {a = 1}, ...rest: string[]): Promise<Order[]> {
  if (a && b) === c {
    return
  } else if ! a {
    throw new Error("no \${a} and \\\${b} \\"q\\" \\\\ \\n é 𝒳")
  } else {
    throw
  }
  switch kind {
    case 1, "two" {
      break
    }
    default {}
  }
  outer: for order of orders {
    for await line of lines(order) {
      continue outer
    }
    for key in order {}
    for of stream {}
    for (let i = 0, let n = 9; i < n; i += 1) {
      break
    }
    for (;;) {}
    while more {
      this.x = -1
    }
    do while true {}
  }
  try {
    await Promise.all(orders.map(async lambda (order) => await load(order, retry: true, ...rest)))
  } catch error: TypeA, pg.TypeB {
    yield
  } catch {
    yield all inner()
  } finally {
    client.release()
  }
  scope (connection = open(), lock(), (a.b = c)) {
    scope {}
    work: scope {
      break work
    }
  }
  const text = sql<User>"SELECT \${id} \${ratio as ".2f"} \${fn("\${deep}")}"
  const values = [a + b + c, (a + b) * c, (a || b) ?? c, typeof a, a instanceof B, (1).toFixed(2)]
  const tuples = [(), (a,), (a, b), #{}, #{a}]
  const record = {a: 1, "odd key": 2, [k + 1]: 3, ...others}
  const made = new a.b[0]<User>(1)
  const odd = new (factory().Type)().x((await a).b, lambda () => {})
  const f = async lambda helper(a: T, b = 1): R {
    let x = a
    return x
  }
  const g = lambda () {
    return
  }
  const all = [list: x.id for x in xs if (x > 1) if ok for y in x.ys]
  const map = [record: {[k]: v} for [k, v] in pairs]
  const where = a in b
  opaque "regex" ("^a+$")
  opaque-statement "debugger" () {}
  opaque-statement "with" (a, b) {
    return \`await\`
  }
  f(\`_\`, \`this\`, \`odd name\`).#private
}
unit "#app.get('/x')"
function (request: Request) {}
`;

test('the printed form reads back as itself', () => {
  expect(printModule(readModel(program))).toBe(program);
});

describe('nodes that are read have their span in the text', () => {
  test('an expression', () => {
    const text = 'f(a.b, g("x ${y} z"))';
    const seen: string[] = [];
    const walk = (each: Expression): void => {
      seen.push(text.slice(each.start, each.end));
      if (each.kind === 'call') for (const argument of each.arguments) walk(argument.value);
      if (each.kind === 'text') for (const part of each.parts) seen.push(text.slice(part.start, part.end));
      if (each.kind === 'member') walk(each.object);
    };
    walk(readExpression(text));
    expect(seen).toEqual([text, 'a.b', 'a', 'g("x ${y} z")', '"x ${y} z"', 'x ', '${y}', ' z']);
  });

  test('a unit counts from its own start, and its text is what stands there', () => {
    const text = 'const a = 1\nfunction f(x) {\n  return x\n}\nexport class C {\n  field n = 2\n  g() {}\n}\n';
    const module = readModel(text);
    expect(module.units.map(unit => [unit.id, unit.start, unit.text])).toEqual([
      ['program.ts#f', 12, 'function f(x) {\n  return x\n}'],
      ['program.ts#C.g', text.indexOf('g() {}'), 'g() {}'],
    ]);
    const [returned] = module.units[0]?.function.body ?? [];
    expect(returned).toMatchObject({ kind: 'return', start: 18, end: 26, value: { start: 25, end: 26 } });
    expect(module.exports.map(each => each.name)).toEqual(['C']);
    expect(module.classes[0]?.methods.get('g')).toBe('program.ts#C.g');
    expect(module.top.function.body.map(each => each.kind)).toEqual(['declare', 'declare', 'declare']);
  });

  test('an escape in a text maps the value back to the source', () => {
    const read = readExpression('"a\\nb\\"c"');
    expect(read).toMatchObject({
      parts: [
        {
          value: 'a\nb"c',
          start: 1,
          end: 8,
          escapes: [
            [2, 3],
            [4, 6],
          ],
        },
      ],
    });
  });
});

test('what is written by hand may be shorter than the printed form', () => {
  const written = `
    // a comment
    export async function load(id) { return await db
      .query("SELECT 1"); }
    for order of orders { load(order) }
  `;
  expect(printModule(readModel(written, 'a.ts'))).toBe(`module "a.ts" text
export load = load
top {
  const load = unit "#load"
  for order of orders {
    load(order)
  }
}
unit "#load"
async function load(id) {
  return await db.query("SELECT 1")
}
`);
});

test.each([
  ['a + b * c', '1:6: expected parentheses before *'],
  ['f(a', '1:4: expected )'],
  ['"open', '1:6: expected "'],
])('%s is refused with its place', (text, message) => {
  expect(() => readExpression(text)).toThrow(message);
});

test('neighbouring constant parts of a text print as one', () => {
  const part = (value: string) => ({ kind: 'part', value, start: 0, end: 0 }) as const;
  const text = { kind: 'text', parts: [part('a$'), part('{b}')], open: '"', close: '"', start: 0, end: 0 } as const;
  expect(printExpression(text)).toBe('"a\\${b}"');
});
