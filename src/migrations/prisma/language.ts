/**
 * Prisma's schema language: the blocks of a file with their fields and attributes. What is not known is passed over, so that a
 * file in the middle of an edit still gives its other blocks.
 *
 * Source: prisma.io/docs/orm/reference/prisma-schema-reference.
 */

/** Offsets in the file. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export interface PrismaSchema {
  /** `postgresql` of the datasource; absent where another file has it. */
  readonly provider?: string;
  /** Foreign keys are the client's own matter: `relationMode = "prisma"`. */
  readonly withoutForeignKeys: boolean;
  readonly models: readonly PrismaModel[];
  readonly enums: readonly PrismaEnum[];
}

export interface PrismaModel extends Named {
  readonly kind: 'model' | 'view';
  readonly fields: readonly PrismaField[];
}

export interface PrismaEnum extends Named {
  readonly labels: readonly { readonly name: string; readonly label: string; readonly at: Span }[];
}

interface Named {
  readonly name: string;
  /** As the database calls it. */
  readonly mapped: string;
  readonly isMapped: boolean;
  readonly schema?: string;
  /** Its name. */
  readonly at: Span;
  /** The attributes of the block: `@@index([email])`. */
  readonly attributes: readonly PrismaAttribute[];
}

export interface PrismaField {
  readonly name: string;
  readonly mapped: string;
  readonly isMapped: boolean;
  readonly type: string;
  /** Of `Unsupported("tsvector")`. */
  readonly unsupported?: string;
  readonly isList: boolean;
  readonly isOptional: boolean;
  readonly attributes: readonly PrismaAttribute[];
  readonly at: Span;
}

export interface PrismaAttribute {
  /** `id`, `db.VarChar`, `index`. */
  readonly name: string;
  readonly arguments: readonly PrismaArgument[];
  readonly at: Span;
}

export interface PrismaArgument {
  readonly name?: string;
  readonly value: PrismaValue;
}

export type PrismaValue =
  | { readonly kind: 'text' | 'number' | 'name'; readonly value: string }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly PrismaArgument[] }
  | { readonly kind: 'list'; readonly items: readonly PrismaValue[] };

/** The argument of a name, or the one of no name at this place. */
export const argumentOf = (
  { arguments: given }: Pick<PrismaAttribute, 'arguments'>,
  name: string,
  index?: number,
): PrismaValue | undefined =>
  given.find(each => each.name === name)?.value ??
  (index === undefined ? undefined : given.filter(each => each.name === undefined)[index]?.value);

export const textOf = (value: PrismaValue | undefined): string | undefined =>
  value?.kind === 'text' ? value.value : undefined;

export const attributeOf = (
  { attributes }: { readonly attributes: readonly PrismaAttribute[] },
  name: string,
): PrismaAttribute | undefined => attributes.find(each => each.name === name);

const BLOCK = /^[ \t]*(model|view|enum|datasource|type|generator)[ \t]+(\w+)[ \t]*\{/gm;

export function parsePrisma(written: string): PrismaSchema {
  const text = withoutComments(written);
  const models: PrismaModel[] = [];
  const enums: PrismaEnum[] = [];
  let provider: string | undefined;
  let withoutForeignKeys = false;
  for (const head of text.matchAll(BLOCK)) {
    const [whole, kind = '', name = ''] = head;
    const body = head.index + whole.length;
    const close = /^[ \t]*\}/m.exec(text.slice(body));
    const next = text.slice(body).search(BLOCK_BEGIN);
    const end = body + Math.min(close?.index ?? Number.POSITIVE_INFINITY, next < 0 ? text.length : next);
    const start = head.index + whole.lastIndexOf(name);
    const at = { start, end: start + name.length };
    if (kind === 'datasource') {
      provider = /^\s*provider\s*=\s*"(\w+)"/m.exec(text.slice(body, end))?.[1];
      withoutForeignKeys = /^\s*relationMode\s*=\s*"prisma"/m.test(text.slice(body, end));
    } else if (kind === 'enum') enums.push(enumIn(text, { start: body, end }, name, at));
    else if (kind === 'model' || kind === 'view') models.push(modelIn(text, { start: body, end }, name, at, kind));
  }
  return { ...(provider === undefined ? {} : { provider }), withoutForeignKeys, models, enums };
}

const BLOCK_BEGIN = /^[ \t]*(?:model|view|enum|datasource|type|generator)[ \t]+\w+[ \t]*\{/m;

/** With blanks in their place. */
const withoutComments = (text: string): string =>
  text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*/g, found => (found.startsWith('"') ? found : ' '.repeat(found.length)));

const nameMapped = (name: string, attributes: readonly PrismaAttribute[]): Pick<Named, 'mapped' | 'isMapped'> => {
  const map = attributes.find(each => each.name === 'map');
  const mapped = map && textOf(argumentOf(map, 'name', 0));
  return { mapped: mapped ?? name, isMapped: mapped !== undefined };
};

function modelIn(text: string, body: Span, name: string, at: Span, kind: PrismaModel['kind']): PrismaModel {
  const fields: PrismaField[] = [];
  const attributes: PrismaAttribute[] = [];
  const reader = new Reader(text, body.start, body.end);
  while (reader.nextLine()) {
    if (reader.take('@@')) {
      const attribute = reader.attribute();
      if (attribute) attributes.push(attribute);
      continue;
    }
    const field = fieldIn(reader);
    if (field) fields.push(field);
  }
  const schema = attributes.find(each => each.name === 'schema');
  const inSchema = schema && textOf(argumentOf(schema, 'map', 0));
  return {
    kind,
    name,
    ...nameMapped(name, attributes),
    ...(inSchema === undefined ? {} : { schema: inSchema }),
    at,
    fields,
    attributes,
  };
}

function fieldIn(reader: Reader): PrismaField | undefined {
  const name = reader.word();
  const type = name && reader.word();
  if (!name || !type) return undefined;
  const given = type.text === 'Unsupported' ? reader.argumentList() : [];
  const isList = reader.take('[]');
  const isOptional = reader.take('?');
  const attributes: PrismaAttribute[] = [];
  while (reader.take('@')) {
    const attribute = reader.attribute();
    if (attribute) attributes.push(attribute);
  }
  const unsupported = textOf(given[0]?.value);
  return {
    name: name.text,
    ...nameMapped(name.text, attributes),
    type: type.text,
    ...(unsupported === undefined ? {} : { unsupported }),
    isList,
    isOptional,
    attributes,
    at: name.at,
  };
}

function enumIn(text: string, body: Span, name: string, at: Span): PrismaEnum {
  const labels: { name: string; label: string; at: Span }[] = [];
  const attributes: PrismaAttribute[] = [];
  const reader = new Reader(text, body.start, body.end);
  while (reader.nextLine()) {
    if (reader.take('@@')) {
      const attribute = reader.attribute();
      if (attribute) attributes.push(attribute);
      continue;
    }
    const label = reader.word();
    if (!label) continue;
    const own: PrismaAttribute[] = [];
    while (reader.take('@')) {
      const attribute = reader.attribute();
      if (attribute) own.push(attribute);
    }
    labels.push({ name: label.text, label: nameMapped(label.text, own).mapped, at: label.at });
  }
  return { name, ...nameMapped(name, attributes), at, attributes, labels };
}

/** Goes through a block; comments are gone from its text. */
class Reader {
  constructor(
    private readonly text: string,
    private at: number,
    private readonly end: number,
  ) {}

  /** To the first thing of the next line that has one; what is left of this one is passed over. */
  nextLine(): boolean {
    while (this.at < this.end) {
      const line = this.text.slice(0, this.end).indexOf('\n', this.at);
      if (line < 0) return false;
      this.at = line + 1;
      this.blank(false);
      if (this.at < this.end && this.text[this.at] !== '\n') return true;
    }
    return false;
  }

  take(word: string): boolean {
    this.blank(false);
    if (!this.text.startsWith(word, this.at) || this.at >= this.end) return false;
    this.at += word.length;
    return true;
  }

  word(form = /[A-Za-z_][\w.]*/y): { readonly text: string; readonly at: Span } | undefined {
    this.blank(false);
    form.lastIndex = this.at;
    const found = form.exec(this.text)?.[0];
    if (found === undefined || this.at >= this.end) return undefined;
    this.at += found.length;
    return { text: found, at: { start: this.at - found.length, end: this.at } };
  }

  attribute(): PrismaAttribute | undefined {
    const name = this.word();
    if (!name) return undefined;
    const given = this.text[this.at] === '(' ? this.argumentList() : [];
    return { name: name.text, arguments: given, at: { start: name.at.start - 1, end: this.at } };
  }

  argumentList(): readonly PrismaArgument[] {
    const given: PrismaArgument[] = [];
    if (!this.take('(')) return given;
    while (this.at < this.end && !this.taken(')')) {
      const before = this.at;
      const label = /\s*([A-Za-z_]\w*)\s*:\s*/y;
      label.lastIndex = this.at;
      const name = label.exec(this.text)?.[1];
      if (name !== undefined) this.at = label.lastIndex;
      const value = this.value();
      if (value) given.push(name === undefined ? { value } : { name, value });
      this.taken(',');
      if (this.at === before) break;
    }
    return given;
  }

  private value(): PrismaValue | undefined {
    this.blank(true);
    if (this.text[this.at] === '"') {
      const found = /"((?:[^"\\\n]|\\.)*)"/y;
      found.lastIndex = this.at;
      const written = found.exec(this.text);
      if (!written) return undefined;
      this.at = found.lastIndex;
      return { kind: 'text', value: (written[1] ?? '').replace(/\\(.)/g, '$1') };
    }
    if (this.taken('[')) {
      const items: PrismaValue[] = [];
      while (this.at < this.end && !this.taken(']')) {
        const before = this.at;
        const item = this.value();
        if (item) items.push(item);
        this.taken(',');
        if (this.at === before) break;
      }
      return { kind: 'list', items };
    }
    const number = this.word(/-?\d[\d.]*/y);
    if (number) return { kind: 'number', value: number.text };
    const name = this.word();
    if (!name) return undefined;
    return this.text[this.at] === '('
      ? { kind: 'call', name: name.text, arguments: this.argumentList() }
      : { kind: 'name', value: name.text };
  }

  private taken(character: string): boolean {
    this.blank(true);
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private blank(overLines: boolean): void {
    const blank = overLines ? /\s*/y : /[ \t\r]*/y;
    blank.lastIndex = this.at;
    this.at += blank.exec(this.text)?.[0].length ?? 0;
  }
}
