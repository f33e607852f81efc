/** Tokens, counted without a tokenizer: an estimate that is rather too high, so that a budget is kept with every model. */

/** Tokenizers of today make a token of about four characters of English and of about three of code. */
const CHARACTERS_PER_TOKEN = 3;

/** What is not ASCII (Chinese, emoji, what a binary file looks like) may cost a token for every unit. */
const NOT_ASCII = /[^\0-\x7f]/g;

export const tokensIn = (text: string): number => {
  const dear = text.match(NOT_ASCII)?.length ?? 0;
  return Math.ceil((text.length - dear) / CHARACTERS_PER_TOKEN) + dear;
};

/** The beginning of a text that fits, cut at a line or else at a word; empty where not even that fits. */
export function withinTokens(text: string, tokens: number): string {
  if (tokensIn(text) <= tokens) return text;
  const room = roomFor(text, Math.max(0, tokens - 1));
  const line = text.lastIndexOf('\n', room);
  const end = line > 0 ? line : text.lastIndexOf(' ', room);
  return end <= 0 ? '' : `${text.slice(0, end)}\n…`;
}

/** How many units of the text these tokens pay for, with the mark of the cut. */
function roomFor(text: string, tokens: number): number {
  let thirds = tokens * CHARACTERS_PER_TOKEN - 2 * CHARACTERS_PER_TOKEN;
  let at = 0;
  while (at < text.length && thirds > 0) {
    thirds -= text.charCodeAt(at) > 0x7f ? CHARACTERS_PER_TOKEN : 1;
    at += 1;
  }
  return thirds < 0 ? at - 1 : at;
}
