/**
 * The small programs of this folder: sections of Markdown files, each with a name, its source in one or more languages,
 * and the model that it is to print, without the `module` line.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Program {
  /** `loops: a query for every item` */
  readonly name: string;
  /** By the file ending that the block is marked with: `ts`, `tsx`, `js`, `python`. */
  readonly sources: ReadonlyMap<string, string>;
  readonly model: string;
}

/** @throws Error when a section has no model, or no source */
export function readPrograms(folder = import.meta.dirname): Program[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.md'))
    .sort()
    .flatMap(file => programsIn(readFileSync(join(folder, file), 'utf8'), file.replace(/\.md$/, '')));
}

function programsIn(markdown: string, topic: string): Program[] {
  const [, ...sections] = markdown.split(/^## /m);
  return sections.map(section => {
    const name = `${topic}: ${section.slice(0, section.indexOf('\n'))}`;
    const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
      ([, mark = '', text = '']) => [mark, text] as const,
    );
    const sources = new Map(blocks.filter(([mark]) => mark !== 'model'));
    const model = blocks.find(([mark]) => mark === 'model')?.[1];
    if (model === undefined || sources.size === 0 || sources.size !== blocks.length - 1)
      throw new Error(`The program “${name}” needs one model and one source for each language.`);
    return { name, sources, model };
  });
}

/** What a program is compared by: the printed module without its first line, which names file and language. */
export const withoutHead = (printed: string): string => printed.slice(printed.indexOf('\n') + 1);
