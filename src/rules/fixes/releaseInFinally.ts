/** Moves a release into a `finally`, so that it runs however the statements in between end. */
import { type Edit, type ProposedFix, safe, suggestion } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { Acquisition, ReleaseRewrite } from '../../facts/facts';
import type { CodeWriter } from '../../program/writer';

/** The fix, where the statements allow it. Safe where the code gives it back already, and only does not do so on every way. */
export function releaseInFinally(acquisition: Acquisition, writer: CodeWriter): readonly ProposedFix[] {
  const { rewrite, release } = acquisition;
  if (!rewrite) return [];
  const edits = rewrite.guarded ? clauseBehind(rewrite, rewrite.guarded, writer) : guardedBody(rewrite, writer);
  const title = `Call ${release} in finally`;
  return [rewrite.releases.length > 0 && rewrite.isProven ? safe(title, edits) : suggestion(title, edits)];
}

const releaseIn = ({ release, isInvented }: ReleaseRewrite, writer: CodeWriter): string =>
  isInvented ? writer.statement(release) : release;

function clauseBehind(rewrite: ReleaseRewrite, guarded: Place, writer: CodeWriter): readonly Edit<Place>[] {
  const { indentation, releases } = rewrite;
  const release = releaseIn(rewrite, writer);
  const clause = writer.finally(release, rewrite.step).join(`\n${indentation}`);
  return [
    ...releases.map(at => ({ at: withLine(rewrite, at), newText: '' })),
    { at: { ...guarded, start: guarded.end }, newText: clause },
  ];
}

function guardedBody(rewrite: ReleaseRewrite, writer: CodeWriter): readonly Edit<Place>[] {
  const { body, indentation, releases } = rewrite;
  const release = releaseIn(rewrite, writer);
  const step = rewrite.step;
  const inTexts = new Set(rewrite.textLines);
  const cut = releases.map(at => withLine(rewrite, at)).sort((left, right) => left.start - right.start);
  const lines: { text: string; moves: boolean }[] = [];
  let offset = 0;
  for (const line of body.source.split('\n')) {
    const from = body.at.start + offset;
    const to = from + line.length;
    let kept = '';
    let at = from;
    for (const { start, end } of cut) {
      if (end <= from || start >= to + 1) continue;
      kept += body.source.slice(at - body.at.start, Math.max(at, start) - body.at.start);
      at = Math.max(at, Math.min(end, to));
    }
    kept += body.source.slice(at - body.at.start, to - body.at.start);
    const gone = kept.trim() === '' && line.trim() !== '';
    if (!gone) lines.push({ text: kept, moves: !inTexts.has(offset) });
    offset += line.length + 1;
  }
  while (lines.at(-1)?.text.trim() === '') lines.pop();
  const inner = lines.map(({ text, moves }, index) => ({
    moves,
    text: index === 0 || !moves || !text.startsWith(indentation) ? text : text.slice(indentation.length),
  }));
  const written = writer.guarded(
    inner.map(({ text }) => text),
    release,
    step,
  );
  // what begins inside a text keeps the indentation of the text
  const newText = written
    .map((line, index) => {
      const own = inner[index - 1];
      if (index === 0 || line === '') return line;
      return own && !own.moves ? own.text : `${indentation}${line}`;
    })
    .join('\n');
  return [{ at: body.at, newText }];
}

/** A statement alone in its line goes with the line. */
function withLine({ body, indentation }: ReleaseRewrite, at: Place): Place {
  const { source } = body;
  const start = at.start - body.at.start;
  const end = at.end - body.at.start;
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = source.indexOf('\n', end);
  const alone =
    source.slice(lineStart, start).trim() === '' &&
    source.slice(end, lineEnd < 0 ? source.length : lineEnd).trim() === '';
  if (!alone) return at;
  if (lineStart > 0) return { ...at, start: body.at.start + lineStart - 1 };
  // the first line of the body: its indentation stands before the body
  return lineEnd < 0 ? at : { ...at, end: body.at.start + lineEnd + 1 + indentation.length };
}
