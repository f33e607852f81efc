/** A playbook: what a senior engineer answers to one kind of question, as a Markdown file with a head. */

export interface Playbook {
  readonly id: string;
  readonly title: string;
  /** Words and phrases that people ask with. */
  readonly asks: readonly string[];
  /** Rules whose findings belong to it. */
  readonly rules: readonly string[];
  /** Playbooks that are read next. */
  readonly next: readonly string[];
  /** Markdown by section, in the file's order. */
  readonly sections: ReadonlyMap<Section, string>;
}

/** Every playbook has all of them, in this order. */
export const SECTIONS = [
  'When it matters',
  'Ask first',
  'Recommendation',
  'What it costs',
  'Sketch',
  'How to verify',
  'Rollback',
  'Pitfalls',
] as const;
export type Section = (typeof SECTIONS)[number];

/** @throws Error that names the file and what is wrong with it: a playbook ships with the product */
export function readPlaybook(id: string, text: string): Playbook {
  const head = /^---\n([\s\S]*?)\n---\n/.exec(text);
  if (!head) throw new Error(`${id}: a playbook begins with a head between ---`);
  const fields = new Map<string, string>();
  for (const line of (head[1] ?? '').split('\n')) {
    const field = /^(title|asks|rules|next): (.+)$/.exec(line);
    if (!field) throw new Error(`${id}: not a line of a playbook's head: ${line}`);
    fields.set(field[1] ?? '', field[2] ?? '');
  }
  const title = fields.get('title');
  if (title === undefined) throw new Error(`${id}: it has no title`);
  return {
    id,
    title,
    asks: listIn(fields.get('asks')),
    rules: listIn(fields.get('rules')),
    next: listIn(fields.get('next')),
    sections: sectionsIn(id, text.slice(head[0].length)),
  };
}

const listIn = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map(each => each.trim())
    .filter(each => each !== '');

function sectionsIn(id: string, body: string): ReadonlyMap<Section, string> {
  const sections = new Map<Section, string>();
  for (const part of body.split(/^## /m).slice(1)) {
    const [heading = '', ...lines] = part.split('\n');
    const name = SECTIONS.find(each => each === heading.trim());
    if (!name) throw new Error(`${id}: there is no section "${heading}"`);
    sections.set(name, lines.join('\n').trim());
  }
  const missing = SECTIONS.find(each => !sections.get(each));
  if (missing) throw new Error(`${id}: the section "${missing}" is missing`);
  return sections;
}

export const sectionOf = (playbook: Playbook, section: Section): string => playbook.sections.get(section) ?? '';
