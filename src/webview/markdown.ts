/** An answer's Markdown as HTML. It may quote a file or a model: no markup of theirs, no picture, no link but to a file or the web. */
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: false }).disable('image');
// what does not pass stays text
markdown.validateLink = isFollowed;
// a page has its own headings above those of an answer
markdown.core.ruler.push('headings-below-the-question', ({ tokens }) => {
  for (const token of tokens)
    if (token.type === 'heading_open' || token.type === 'heading_close')
      token.tag = `h${Math.min(6, Math.max(3, Number(token.tag.slice(1)) + 1))}`;
});

export const htmlOf = (text: string): string => markdown.render(text);

/** A page of the web, or a file of the workspace by its path below the folder: `src/orders.ts#L12`. */
export function isFollowed(target: string): boolean {
  if (/^https?:\/\/[^\s]+$/i.test(target)) return true;
  return fileIn(target) !== undefined;
}

export function fileIn(target: string): { readonly file: string; readonly line?: number } | undefined {
  const [, path = '', line] = /^([^#?]+)(?:#L(\d{1,7})(?:-L?\d+)?)?$/.exec(target) ?? [];
  const file = decoded(path)?.replaceAll('\\', '/');
  if (!file || /^[/]|^[a-z][a-z0-9+.-]*:/i.test(file) || file.split('/').includes('..')) return undefined;
  return { file, ...(line === undefined ? {} : { line: Number(line) }) };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // a half-typed escape names no file
    return undefined;
  }
}
