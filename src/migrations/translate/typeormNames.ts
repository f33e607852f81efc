/**
 * What TypeORM calls a constraint or an index that is given no name. Source: typeorm 0.3, src/naming-strategy/DefaultNamingStrategy.ts;
 * the strategies that people put in its place name tables and columns, and leave these alone.
 */

/** The columns of a key, in whatever order: `PK_` and 27 digits. */
export const keyName = (kind: 'PK' | 'UQ' | 'FK', table: string, columns: readonly string[]): string =>
  hashedName(kind, table, [...columns].sort().join('_'), 27);

export const indexName = (table: string, columns: readonly string[], where: string | undefined): string =>
  hashedName('IDX', table, `${[...columns].sort().join('_')}${where ? `_${where}` : ''}`, 26);

/** Of a check or an exclusion, by its expression as it is written. */
export const expressionName = (kind: 'CHK' | 'XCL', table: string, expression: string): string =>
  hashedName(kind, table, expression, 26);

/** The table is the last part of its name. */
const hashedName = (prefix: string, table: string, of: string, digits: number): string =>
  // it hashes the text as it would stand in an address, which is ASCII
  `${prefix}_${sha1(encodeURIComponent(`${table.slice(table.lastIndexOf('.') + 1)}_${of}`)).slice(0, digits)}`;

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/** FIPS 180-4, of a text in ASCII. */
function sha1(text: string): string {
  const length = (((text.length + 8) >> 6) + 1) * 16;
  const words = new Int32Array(length);
  const put = (at: number, byte: number): void => {
    words[at >> 2] = (words[at >> 2] ?? 0) | (byte << (24 - (at % 4) * 8));
  };
  for (let at = 0; at < text.length; at++) put(at, text.charCodeAt(at));
  put(text.length, 0x80);
  words[length - 1] = text.length * 8;
  let state: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let block = 0; block < length; block += 16)
    state = compressed(state, words.subarray(block, block + 16)).map((word, at) => (word + (state[at] ?? 0)) | 0);
  return state.map(word => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function compressed(state: readonly number[], block: Int32Array): readonly number[] {
  const schedule = [...block];
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let round = 0; round < 80; round++) {
    const back = (by: number): number => schedule[round - by] ?? 0;
    if (round >= 16) schedule.push(rotated(back(3) ^ back(8) ^ back(14) ^ back(16), 1));
    const [mixed, constant] =
      round < 20
        ? [(b & c) | (~b & d), 0x5a827999]
        : round < 40
          ? [b ^ c ^ d, 0x6ed9eba1]
          : round < 60
            ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
            : [b ^ c ^ d, 0xca62c1d6];
    const next = (rotated(a, 5) + mixed + e + constant + (schedule[round] ?? 0)) | 0;
    [a, b, c, d, e] = [next, a, rotated(b, 30), c, d];
  }
  return [a, b, c, d, e];
}
