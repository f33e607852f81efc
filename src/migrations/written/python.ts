/** Puts the way back into a revision of Alembic: as the body of its `downgrade`. */
import type { Filled } from './javascript';
import { type DownText, linesOfPython, styleOf } from './statements';

const HEAD = /^def downgrade\s*\([^)]*\)[^:\n]*:[^\n]*\n?/m;

/** A file with the way back as its downgrade, in place of one that stands there. */
export function inPython(down: DownText, text: string): Filled {
  const hasSqlalchemy = /^import sqlalchemy as sa\b/m.test(text);
  const lines = linesOfPython(down, styleOf(text), hasSqlalchemy);
  const unit = /^([ \t]+)\S/m.exec(text)?.[1] ?? '    ';
  const body = lines.map(line => `${unit}${line}\n`).join('');
  const head = HEAD.exec(text);
  if (!head) return { text: `${text.trimEnd()}\n\n\ndef downgrade() -> None:\n${body}` };
  const start = head.index;
  const after = start + head[0].length;
  // what is indented, and the blank lines between
  const standing = /^(?:(?:[ \t]+[^\n]*|[ \t]*)(?:\n|$))*/.exec(text.slice(after))?.[0] ?? '';
  const blank = /\n*$/.exec(standing.replace(/[ \t]+$/gm, ''))?.[0].slice(1) ?? '';
  const rest = text.slice(after + standing.length);
  const line = head[0].replace(/:[^:\n]*\n?$/, ':\n');
  return { text: `${text.slice(0, start)}${line}${body}${rest === '' ? '' : blank}${rest}` };
}
