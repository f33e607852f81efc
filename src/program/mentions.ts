/** Which units of a file name something, kept up to date by an edit instead of made again. */
import type { FileId, UnitId } from '../engine/place';
import type { Function as FunctionNode, Module } from './model';

export interface Mentions {
  /**
   * Units of a module in whose text one of the names stands, in their order, behind the file's top level, which is the text
   * around them too.
   */
  unitsIn(module: Module, names: readonly string[]): readonly UnitId[];
}

/** The words of a file as of the module that was asked about last. */
interface FileWords {
  of: Module | undefined;
  /** The words of each unit, and the function that they stand in: it stays the same object where the text is the same. */
  readonly byUnit: Map<UnitId, { readonly in: FunctionNode; readonly words: ReadonlySet<string> }>;
  readonly byWord: Map<string, Set<UnitId>>;
  order: ReadonlyMap<UnitId, number>;
}

const WORD = /[\p{L}\p{N}_$]+/gu;
const isWord = (name: string): boolean => /^[\p{L}\p{N}_$]+$/u.test(name);

export function createMentions(): Mentions {
  const files = new Map<FileId, FileWords>();

  const drop = ({ byUnit, byWord }: FileWords, unit: UnitId): void => {
    for (const word of byUnit.get(unit)?.words ?? []) byWord.get(word)?.delete(unit);
    byUnit.delete(unit);
  };

  const wordsOf = (module: Module): FileWords => {
    const words: FileWords = files.get(module.file) ?? {
      of: undefined,
      byUnit: new Map(),
      byWord: new Map(),
      order: new Map(),
    };
    files.set(module.file, words);
    if (words.of === module) return words;
    const order = new Map<UnitId, number>();
    for (const { id, function: called, text } of module.units) {
      order.set(id, order.size);
      if (words.byUnit.get(id)?.in === called) continue;
      drop(words, id);
      const own = new Set(text.match(WORD));
      words.byUnit.set(id, { in: called, words: own });
      for (const word of own) {
        const units = words.byWord.get(word);
        if (units) units.add(id);
        else words.byWord.set(word, new Set([id]));
      }
    }
    if (words.byUnit.size > order.size) for (const id of [...words.byUnit.keys()]) if (!order.has(id)) drop(words, id);
    words.of = module;
    words.order = order;
    return words;
  };

  return {
    unitsIn(module, names) {
      const { byWord, order } = wordsOf(module);
      const found = new Set<UnitId>();
      for (const name of names) {
        if (isWord(name)) for (const unit of byWord.get(name) ?? []) found.add(unit);
        else for (const { id, text } of module.units) if (text.includes(name)) found.add(id);
      }
      const inOrder = [...found].sort((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0));
      return inOrder.length > 0 || names.some(name => module.top.text.includes(name))
        ? [module.top.id, ...inOrder]
        : inOrder;
    },
  };
}
