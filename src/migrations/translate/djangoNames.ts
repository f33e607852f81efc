/** Names that Django makes up for indexes and constraints. Source: django/db/backends/base/schema.py and utils.py. */

/** The longest name that PostgreSQL keeps. */
const LONGEST = 63;

/** `orders_order_customer_id_1b5d3a5f`: the table, the columns, and a hash of both; each cut where it is too long. */
export function indexName(table: string, columns: readonly string[], suffix = ''): string {
  let end = `${digestOf(table, ...columns)}${suffix}`;
  const joined = columns.join('_');
  const name = `${table}_${joined}_${end}`;
  if (name.length <= LONGEST) return name;
  if (end.length > LONGEST / 3) end = end.slice(0, Math.floor(LONGEST / 3));
  const rest = Math.floor((LONGEST - end.length) / 2) - 1;
  const cut = `${table.slice(0, rest)}_${joined.slice(0, rest)}_${end}`;
  return /^[_\d]/.test(cut) ? `D${cut.slice(0, -1)}` : cut;
}

export const foreignKeyName = (table: string, column: string, toTable: string, toColumn: string): string =>
  indexName(table, [column], `_fk_${toTable}_${toColumn}`);

/** The table of a relation of many to many, cut as Django cuts it. */
export const tableName = (name: string): string =>
  name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 4)}${md5(name).slice(0, 4)}`;

/** What PostgreSQL calls a constraint that is declared with its column: `orders_order_code_key`. */
export function columnConstraint(table: string, column: string, kind: 'key' | 'check'): string {
  const room = LONGEST - kind.length - 2;
  let [one, other] = [table.length, column.length];
  // the longer of the two is cut first
  while (one + other > room) {
    if (one > other) one -= 1;
    else other -= 1;
  }
  return `${table.slice(0, one)}_${column.slice(0, other)}_${kind}`;
}

const digestOf = (...names: readonly string[]): string => md5(names.join('')).slice(0, 8);

/** RFC 1321. */
export function md5(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  const bits = bytes.length * 8;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (let at = 0; at < 8; at += 1) bytes.push(Math.floor(bits / 2 ** (8 * at)) & 0xff);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let from = 0; from < bytes.length; from += 64) {
    const words = Array.from({ length: 16 }, (_, at) =>
      [0, 1, 2, 3].reduce((sum, byte) => sum | ((bytes[from + at * 4 + byte] ?? 0) << (8 * byte)), 0),
    );
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let at = 0; at < 64; at += 1) {
      const round = at >> 4;
      const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round] ?? 0;
      const word = words[([at, 5 * at + 1, 3 * at + 5, 7 * at][round] ?? 0) % 16] ?? 0;
      const sum = (a + mixed + word + Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32)) | 0;
      const turn = SHIFTS[round]?.[at % 4] ?? 0;
      [a, d, c, b] = [d, c, b, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0];
    }
    [a, b, c, d].forEach((value, at) => {
      state[at] = ((state[at] ?? 0) + value) | 0;
    });
  }
  return state
    .flatMap(word => [0, 8, 16, 24].map(shift => ((word >>> shift) & 0xff).toString(16).padStart(2, '0')))
    .join('');
}

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
