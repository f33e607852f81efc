/** Reads `git diff --unified=0`: which lines of which files are new, and where some were taken out. */

export interface FileChange {
  /** Below the working tree's top, with `/`. */
  readonly path: string;
  /** What it was called before, where it was called something else. */
  readonly from?: string;
  readonly isDeleted?: true;
  /** Was not there before. */
  readonly isAdded?: true;
  readonly lines: readonly { readonly first: number; readonly last: number }[];
  /** Lines behind which lines were taken out; 0 before the first. */
  readonly cuts: readonly number[];
}

interface Reading {
  from?: string | null;
  to?: string | null;
  lines: { first: number; last: number }[];
  cuts: number[];
}

export function fileChangesIn(diff: string): readonly FileChange[] {
  const changes: FileChange[] = [];
  let file: Reading | undefined;
  const finish = (): void => {
    const change = file && changeOf(file);
    if (change) changes.push(change);
    file = undefined;
  };
  const lines = diff.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.startsWith('diff --git ')) {
      finish();
      file = { lines: [], cuts: [] };
      continue;
    }
    if (!file) continue;
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk) {
      const removed = Number(hunk[1] ?? 1);
      const first = Number(hunk[2]);
      const added = Number(hunk[3] ?? 1);
      if (added > 0) file.lines.push({ first, last: first + added - 1 });
      else file.cuts.push(first);
      // what a hunk holds may look like a head; that a file ends without a newline is said beside its lines
      for (let left = removed + added; left > 0 && at + 1 < lines.length; at++)
        if (!lines[at + 1]?.startsWith('\\')) left -= 1;
      continue;
    }
    const [, key, written = ''] = /^(---|\+\+\+|rename from|rename to) (.*)$/.exec(line) ?? [];
    if (key === '---') file.from = named(written, 'a/');
    else if (key === '+++') file.to = named(written, 'b/');
    else if (key === 'rename from') file.from = unquoted(written);
    else if (key === 'rename to') file.to = unquoted(written);
  }
  finish();
  return changes;
}

function changeOf({ from, to, lines, cuts }: Reading): FileChange | undefined {
  if (typeof to === 'string')
    return {
      path: to,
      ...(from === null ? { isAdded: true } : typeof from === 'string' && from !== to ? { from } : {}),
      lines,
      cuts,
    };
  return typeof from === 'string' ? { path: from, isDeleted: true, lines: [], cuts: [] } : undefined;
}

/** Nothing for `/dev/null`. Git ends a name that holds a space with a tab. */
function named(written: string, prefix: string): string | null {
  const name = unquoted(written.replace(/\t$/, ''));
  return name === '/dev/null' ? null : name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A name as git quotes it where it holds quotes, backslashes or controls: as in C, octal numbers for bytes. */
function unquoted(written: string): string {
  if (!written.startsWith('"') || !written.endsWith('"')) return written;
  const bytes: number[] = [];
  for (const [part, octal, letter] of written.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/g)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (letter !== undefined) bytes.push(ESCAPES[letter] ?? letter.charCodeAt(0));
    else bytes.push(...Buffer.from(part, 'utf8'));
  }
  return Buffer.from(bytes).toString('utf8');
}
