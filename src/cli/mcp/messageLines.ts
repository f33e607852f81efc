/**
 * Messages as they come in, one to a line, each handed on in one piece. One that is too long is answered and forgotten, where the
 * protocol's own reader would end the conversation, and copy what it has with every chunk.
 */
import { Transform } from 'node:stream';
import { failure } from '../../persona/tools/tool';

/** Of a message that is too long, enough is kept of its beginning and its end to tell whom it is from. */
const KEPT = 1_000;
const NEWLINE = 0x0a;

export interface MessageLinesOptions {
  readonly longest: number;
  /** Takes the answer to a message that was too long. */
  answer(message: string): void;
}

export function messageLines({ longest, answer }: MessageLinesOptions): Transform {
  let chunks: Buffer[] = [];
  let length = 0;
  let beginning = '';
  let end = '';

  const take = (part: Buffer): void => {
    length += part.length;
    if (length <= longest) {
      chunks.push(part);
      return;
    }
    if (chunks.length > 0) {
      const before = Buffer.concat(chunks);
      beginning = before.subarray(0, KEPT).toString();
      end = before.subarray(-KEPT).toString();
      chunks = [];
    } else if (beginning === '') beginning = part.subarray(0, KEPT).toString();
    end = (end + part.subarray(-KEPT).toString()).slice(-KEPT);
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        take(chunk.subarray(from, at + 1));
        if (length <= longest) this.push(Buffer.concat(chunks));
        else answer(answerTo(beginning, end, longest));
        chunks = [];
        length = 0;
        beginning = '';
        end = '';
        from = at + 1;
      }
      if (from < chunk.length) take(chunk.subarray(from));
      done();
    },
  });
}

/** Nothing of its middle is known; clients write the number of a request first or last. */
function answerTo(beginning: string, end: string, longest: number): string {
  const id =
    /^\s*\{[^{}]*?"id"\s*:\s*(\d+|"[^"\\]*")/.exec(beginning)?.[1] ??
    /"id"\s*:\s*(\d+|"[^"\\]*")[^{}]*\}\s*$/.exec(end)?.[1];
  const error = failure(
    'invalid-arguments',
    `The message is longer than ${longest / 1024 / 1024} MB, and was not read.`,
    'Files of up to 2 MB are reviewed: name the file with review_file, or send a part of it.',
  );
  const isCall = /"method"\s*:\s*"tools\/call"/.test(beginning) || /"method"\s*:\s*"tools\/call"/.test(end);
  return JSON.stringify({
    jsonrpc: '2.0',
    id: id === undefined ? null : JSON.parse(id),
    ...(isCall && id !== undefined
      ? {
          result: {
            content: [{ type: 'text', text: JSON.stringify({ error }) }],
            structuredContent: { error },
            isError: true,
          },
        }
      : { error: { code: -32600, message: `${error.message} ${error.next}` } }),
  });
}
