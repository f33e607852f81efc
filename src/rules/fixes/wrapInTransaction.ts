/**
 * Makes one transaction of the statements from a write to those that need what it gave.
 *
 * Always a suggestion: the server gets other statements, on another connection, and what fails takes back what was kept
 * before.
 */
import { type Edit, type ProposedFix, suggestion } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { DependentWrites, TransactionRewrite } from '../../facts/dependentWrites';
import type { CodeWriter } from '../../program/writer';

export function wrapInTransaction({ rewrite }: DependentWrites, writer: CodeWriter): readonly ProposedFix[] {
  const way = rewrite?.way;
  if (!rewrite || !way) return [];
  const name = freeName(way.name, rewrite.names);
  const lines = way.call === undefined ? writtenOut(rewrite, name, writer) : handedOver(rewrite, name, writer);
  if (!lines) return [];
  const { body, tail, indentation } = rewrite;
  // what begins inside a text keeps the indentation of the text
  const newText = lines
    .map(({ text, fixed }, index) => (index === 0 || fixed || text.trim() === '' ? text : `${indentation}${text}`))
    .join('\n');
  const at = { ...body.at, end: tail?.at.end ?? body.at.end };
  return [suggestion(`Run them in one transaction of ${rewrite.receiver}`, [{ at, newText }])];
}

interface Line {
  readonly text: string;
  /** It begins inside a text. */
  readonly fixed: boolean;
}

const plain = (text: string): Line => ({ text, fixed: false });

/** `await db.transaction(async tx => { … });` */
function handedOver(rewrite: TransactionRewrite, name: string, writer: CodeWriter): readonly Line[] | undefined {
  const { way, receiver, needed, returns, inTry } = rewrite;
  const [only, ...more] = needed;
  const given =
    only === undefined
      ? undefined
      : more.length === 0
        ? only
        : writer.record(needed.map(each => ({ name: each, value: each })));
  const enclosed = writer.enclosed?.(`${receiver}.${way.call}`, name);
  if (!enclosed) return undefined;
  const { open, close } = enclosed;
  const head =
    given !== undefined
      ? writer.declare(given, writer.awaited(open)).replace(/;$/, '')
      : returns
        ? writer.returned(inTry ? writer.awaited(open) : open).replace(/;$/, '')
        : writer.awaited(open);
  const body = linesOf(rewrite, rewrite.body, receiversAs(rewrite, name));
  const last = given === undefined ? [] : [plain(writer.returned(given))];
  return [plain(head), ...deeper([...body, ...last], rewrite.step), plain(close)];
}

/** A connection of their own, `BEGIN` and `COMMIT` around them, `ROLLBACK` where one fails. */
function writtenOut(rewrite: TransactionRewrite, name: string, writer: CodeWriter): readonly Line[] | undefined {
  const { way, receiver, returns, tail, step } = rewrite;
  const { takes, releasedBy, sends } = way;
  if (takes === undefined || releasedBy === undefined) return undefined;
  const control = (method: string | undefined, words: string): string => {
    const call = sends === undefined ? `${name}.${method}()` : `${name}.${sends}(${writer.text(words)})`;
    return writer.statement(writer.awaited(call));
  };
  const result = freeName('result', rewrite.names);
  const { end: valueEnd = 0 } = returns?.value ?? {};
  const edits = receiversAs(rewrite, name);
  const kept: readonly Edit<Place>[] = returns
    ? [
        {
          at: { ...returns.at, end: returns.value.start },
          newText: writer.declare(result, returns.awaited ? '' : writer.awaited('')).replace(/;$/, ''),
        },
        ...edits.filter(({ at }) => at.end <= valueEnd),
      ]
    : edits;
  const body = linesOf(rewrite, rewrite.body, kept);
  const behind = tail ? linesOf(rewrite, tail, []) : [];
  const tailLines = behind[0]?.text.trim() === '' ? behind.slice(1) : behind;
  const inside = [
    plain(control(way.begin, 'BEGIN')),
    ...body,
    plain(control(way.commit, 'COMMIT')),
    ...(returns ? [plain(writer.returned(result))] : tailLines),
  ];
  const { open, failed, finallyOpen, close } = writer.attempted;
  return [
    plain(writer.declare(name, writer.awaited(`${receiver}.${takes}()`))),
    plain(open),
    ...deeper(inside, step),
    plain(failed('error')),
    ...deeper([plain(control(way.rollback, 'ROLLBACK')), plain(writer.thrown('error'))], step),
    plain(finallyOpen),
    ...deeper([plain(writer.statement(`${name}.${releasedBy}()`))], step),
    ...(close === '' ? [] : [plain(close)]),
  ];
}

const deeper = (lines: readonly Line[], step: string): readonly Line[] =>
  lines.map(line => (line.fixed || line.text.trim() === '' ? line : { ...line, text: `${step}${line.text}` }));

const receiversAs = ({ receivers }: TransactionRewrite, name: string): readonly Edit<Place>[] =>
  receivers.map(at => ({ at, newText: name }));

/** The lines of a part, with edits that stay in their lines, without the indentation that they all have. */
function linesOf(
  { indentation, textLines }: TransactionRewrite,
  part: { readonly at: Place; readonly source: string },
  edits: readonly Edit<Place>[],
): readonly Line[] {
  const inTexts = new Set(textLines);
  const ordered = [...edits].sort((left, right) => right.at.start - left.at.start);
  const lines: Line[] = [];
  let start = part.at.start;
  for (const line of part.source.split('\n')) {
    const end = start + line.length;
    let text = line;
    for (const { at, newText } of ordered)
      if (start <= at.start && at.end <= end)
        text = text.slice(0, at.start - start) + newText + text.slice(at.end - start);
    const fixed = inTexts.has(start);
    const isFirst = start === part.at.start;
    lines.push({
      fixed,
      text: !isFirst && !fixed && text.startsWith(indentation) ? text.slice(indentation.length) : text,
    });
    start = end + 1;
  }
  return lines;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let count = 2; ; count++) if (!taken.has(`${name}${count}`)) return `${name}${count}`;
}
