/** Tokens, counted without a tokenizer: an estimate that is rather too high, so that a budget is kept with every model. */

/** Tokenizers of today make a token of about four characters of English and of about three of code. */
const CHARACTERS_PER_TOKEN = 3;

export const tokensIn = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

/** The beginning of a text that fits, cut at a line or else at a word; empty where not even that fits. */
export function withinTokens(text: string, tokens: number): string {
  const room = Math.max(0, tokens) * CHARACTERS_PER_TOKEN;
  if (text.length <= room) return text;
  const line = text.lastIndexOf('\n', room - 2);
  const end = line > 0 ? line : text.lastIndexOf(' ', room - 2);
  return end <= 0 ? '' : `${text.slice(0, end)}\n…`;
}
