/** What a history comes to: the schema that is there when all of its steps have run. */
import type { Catalog } from '../catalog/catalog';
import type { Operation } from '../catalog/operation';
import { isMadeFrom, wordsOf } from './doubt';

export interface SchemaHead {
  readonly catalog: Catalog;
  /**
   * Whether all that the history does to a table is understood: nothing that was not speaks of it, or of the server's own
   * lists of tables.
   */
  readonly isSettled: (table: string) => boolean;
  /** Whether nothing that was not understood can have given a table a column of this name. */
  readonly isWithout: (table: string, column: string) => boolean;
  /**
   * Whether all that comes behind a step, and what is in it, leaves alone what the step has taken away: nothing of it that was
   * not understood speaks of all these names.
   */
  readonly isSettledSince: (step: number, names: readonly string[]) => boolean;
  /** All of it is understood. */
  readonly isUnderstood: boolean;
}

/** What was not understood, or would fail. */
export interface Unread {
  /** Which step it is of, or is. */
  readonly step: number;
  readonly text: string;
  /** It was understood, and would fail: it is not what the schema was taken for, but does nothing else than it says. */
  readonly fails?: boolean;
  /** One statement of SQL; else a program. */
  readonly isStatement?: boolean;
  /** Of a statement: it runs others, which do not stand in it. */
  readonly runsOthers?: boolean;
}

/** Whether a statement that is not followed runs others, which nobody shows. */
export const runsOthers = (operation: Operation): boolean =>
  operation.kind === 'unread' && (operation.why === 'call' || operation.why === 'dynamic');

export function schemaHeadOf(catalog: Catalog, unread: readonly Unread[]): SchemaHead {
  const all = unread.map(each => new UnreadText(each));
  const doesAnything = all.some(each => each.doesAnything);
  const known = new Map<string, boolean>();
  return {
    catalog,
    isUnderstood: unread.length === 0,
    isSettled(table) {
      const before = known.get(table);
      if (before !== undefined) return before;
      const settled = !doesAnything && !all.some(each => each.speaksOf(table));
      known.set(table, settled);
      return settled;
    },
    isWithout: (table, column) => !doesAnything && !all.some(each => each.mayGive(table, column)),
    isSettledSince: (step, names) =>
      !all.some(
        ({ of, doesAnything, speaksOf }) =>
          (of.step > step || (of.step === step && !of.fails)) && (doesAnything || names.every(speaksOf)),
      ),
  };
}

/** Code that goes through the tables of a database by the server's own lists may do anything to any of them. */
const LISTS_TABLES = /\b(?:information_schema|pg_class|pg_tables|pg_indexes|pg_constraint)\b/i;

/** A question about one table, or one thing of it, by its name. */
const ASKS_FOR_ONE =
  /\b(?:information_schema|pg_class|pg_tables|pg_indexes|pg_constraint)\b(?:(?!\b(?:information_schema|pg_class|pg_tables|pg_indexes|pg_constraint)\b)[^;]){0,400}?\b(?:table_name|tablename|relname|indexname|constraint_name|conname)\s*=\s*(?:N|E)?'\w+'/gi;

/** In SQL: what is put together is executed, and functions are called for what they do. */
const RUNS_OTHERS = /\b(?:execute|exec|sp_executesql|prepare|format|perform|call)\b|(?:\bselect|=)\s+[\w.]+\s*\(/i;

/** Gives a table the columns of another one, or another one's name. */
const COPIES =
  /\brename_?(?:table|model)\b|\brename\s+(?:to|table)\b|\b(?:like|inherits|attach|exchange)\b|\bcreate\s+(?:\w+\s+)*(?:table|view)\b/i;

class UnreadText {
  readonly doesAnything: boolean;
  private readonly words: ReadonlySet<string>;
  /** Beginnings and ends of names that are put together: `orders_` of `orders_${year}`. */
  private readonly endings: readonly string[];
  /** All names that it may give anything stand in it. */
  private readonly isWhole: boolean;

  constructor(readonly of: Unread) {
    const { text, isStatement, runsOthers, fails } = of;
    const lists = LISTS_TABLES.test(text.replaceAll(ASKS_FOR_ONE, ' '));
    const isAlone = isStatement === true && runsOthers !== true && !RUNS_OTHERS.test(text);
    this.doesAnything = lists && !isAlone;
    const words = wordsOf(isStatement ? text : withoutNotes(text));
    this.words = new Set(words);
    this.endings = [...this.words].filter(word => word.length > 1 && word.startsWith('_'));
    this.isWhole = !COPIES.test(text) && (isAlone || fails === true);
  }

  readonly speaksOf = (name: string): boolean => {
    const own = wordsOf(name);
    return (
      own.length > 0 &&
      own.every(
        word =>
          this.words.has(word) ||
          isMadeFrom(word, this.words) ||
          this.endings.some(ending => word.length > ending.length && word.endsWith(ending)),
      )
    );
  };

  mayGive(table: string, column: string): boolean {
    return this.speaksOf(table) && (!this.isWhole || this.speaksOf(column));
  }
}

/** A program's text without the comments that stand on lines of their own, which speak of anything: of permissions, say. */
const withoutNotes = (text: string): string => text.replaceAll(/^[ \t]*\/\*[\s\S]*?\*\/|^[ \t]*(?:\/\/|#).*$/gm, ' ');
