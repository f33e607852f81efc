/** What a finding is known by from run to run, so that a baseline outlives moved lines. */
import type { FileId } from './place';

/** How much of a long line counts as context, on either side of what is flagged. */
const CONTEXT = 120;
/** How much of a long flagged stretch counts: what comes after it rarely tells two findings apart, and often changes. */
const FLAGGED = 400;

export interface Fingerprinted {
  readonly rule: string;
  readonly file: FileId;
  /** The unit it stands in: `src/orders.ts#OrderService.list`. */
  readonly unit: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * 16 hexadecimal digits over the rule, the file, the function's name, the flagged code and the rest of the line where
 * it begins. White space does not count, nor do line numbers or offsets: code that moves, or is indented anew, keeps
 * its fingerprint.
 */
export function fingerprintOf({ rule, file, unit, text, start, end }: Fingerprinted): string {
  const before = lineStart(text, start);
  const after = Math.min(lineEnd(text, start), start + CONTEXT);
  return hash64(
    [
      rule,
      file,
      // anonymous callbacks are numbered in source order, which a new one above would change
      unit.slice(file.length).replace(/~\d+/g, ''),
      withoutWhiteSpace(text.slice(start, Math.min(end, start + FLAGGED))),
      withoutWhiteSpace(text.slice(before, Math.max(after, before))),
    ].join('\0'),
  );
}

/** Marks the second and later of equal fingerprints `:2`, `:3`, in the order given. */
export function toldApart(fingerprints: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return fingerprints.map(fingerprint => {
    const count = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, count);
    return count === 1 ? fingerprint : `${fingerprint}:${count}`;
  });
}

/**
 * FNV-1a over UTF-16 units, 64 bits. Not cryptographic, and need not be: it has to spread, and to be the same in Node
 * and in a browser without waiting for a digest.
 *
 * @see Fowler, Noll, Vo, Eastlake: The FNV Non-Cryptographic Hash Algorithm (draft-eastlake-fnv)
 */
export function hash64(text: string): string {
  const prime = 0x100000001b3n;
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    hash = BigInt.asUintN(64, (hash ^ BigInt(unit & 0xff)) * prime);
    hash = BigInt.asUintN(64, (hash ^ BigInt(unit >> 8)) * prime);
  }
  return hash.toString(16).padStart(16, '0');
}

const withoutWhiteSpace = (text: string): string => text.replace(/\s+/g, '');

/** Where the line begins, or as much of it as counts: not searched further, since a file may hold no `\r` at all. */
function lineStart(text: string, offset: number): number {
  const base = Math.max(0, offset - CONTEXT);
  const before = text.slice(base, offset);
  return base + Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
}

const lineEnd = (text: string, offset: number): number => {
  const found = text.slice(offset, offset + CONTEXT + 1).search(/[\r\n]/);
  return found < 0 ? text.length : offset + found;
};
