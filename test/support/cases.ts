/**
 * Test cases in Markdown: programs that hold quotes, backticks and `${` are read and written there as they are.
 *
 * A case is a heading of the second level with the code blocks below it. What stands in a block `ts prelude` or `python
 * prelude` before the first case is put in front of every program of the file in that language.
 */
import { readFileSync } from 'node:fs';

export interface Case {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Block {
  /** What stands behind the opening fence: `ts before`. */
  readonly info: string;
  readonly text: string;
}

/** @throws when the file has no case, or two of one title: then some would not be seen */
export function casesIn(path: string): readonly Case[] {
  const [head = '', ...sections] = readFileSync(path, 'utf8').split(/^## /m);
  const preludes = blocksIn(head).filter(({ info }) => info.endsWith(' prelude'));
  const preludeOf = (info: string) => preludes.find(each => info.startsWith(each.info.replace(' prelude', '')))?.text;
  const cases = sections.map(section => {
    const [title = '', ...body] = section.split('\n');
    const blocks = blocksIn(body.join('\n'));
    return {
      title: title.trim(),
      blocks: blocks.map(({ info, text }) => ({
        info,
        text: preludeOf(info) === undefined ? text : `${preludeOf(info)}\n${text}`,
      })),
    };
  });
  if (cases.length === 0) throw new Error(`${path} holds no case.`);
  const titles = new Set<string>();
  for (const { title, blocks } of cases) {
    if (titles.has(title)) throw new Error(`${path} holds two cases “${title}”.`);
    if (blocks.length === 0) throw new Error(`${path}: the case “${title}” holds no code.`);
    titles.add(title);
  }
  return cases;
}

/** The text of the case's block. @throws when it has none */
export function blockOf({ title, blocks }: Case, info: string): string {
  const block = blocks.find(each => each.info === info);
  if (!block) throw new Error(`The case “${title}” has no block \`${info}\`.`);
  return block.text;
}

export const blocksIn = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({
    info: info.trim(),
    text,
  }));
