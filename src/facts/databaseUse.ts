/** What the texts of a project, whatever they are written in, say of materialized views and functions of the database. */

/** Of one file. */
export interface TextUse {
  /** Materialized views that it refreshes, by name. */
  readonly refreshes: readonly string[];
  /** It refreshes one whose name is put together. */
  readonly refreshesAny: boolean;
  /** Every word of a test; absent for other files. */
  readonly words?: ReadonlySet<string>;
}

/** Of all of them. */
export interface DatabaseUse {
  isRefreshed(view: string): boolean;
  /** Whether a test speaks of it. */
  isTested(name: string): boolean;
  /** Whether there is a test at all: what is published has none with it. */
  readonly hasTests: boolean;
}

const REFRESH =
  /\brefresh\s+materialized\s+view\s+(?:concurrently\s+)?(?:if\s+exists\s+)?([^\s;]+)|\brefresh_?materialized_?view(?:_?concurrently)?\s*\(\s*([^\s,)]+)/gi;

/** The name, behind what quotes it, and what stands behind it. */
const NAME = /^['"`\\]*((?:\w+"?\."?)?\w+)"?(.?)/;
/** A hole of a text, or its end, where the name would stand; of a call, what is no text. */
const PUT_TOGETHER = /^['"`\\]*(?:\w*\$?\{|\w*#\{|%|:|@|\$\w|\|\|)|^['"`]+$|^[\w.]+[,)]?$/;

export function useIn(text: string, isTest: boolean): TextUse {
  const refreshes: string[] = [];
  let refreshesAny = false;
  for (const [, inSql, inCall] of text.matchAll(REFRESH)) {
    const [, name, next = ''] = NAME.exec(inSql ?? inCall ?? '') ?? [];
    const isText = inSql !== undefined || /^['"`]/.test(inCall ?? '');
    if (name !== undefined && isText && !/[$%#{]/.test(next))
      refreshes.push(name.replaceAll('"', '').replace(/^.*\./, '').toLowerCase());
    else if (PUT_TOGETHER.test(inSql ?? inCall ?? '')) refreshesAny = true;
  }
  const words = isTest ? new Set(text.match(/\b[A-Za-z_]\w{2,}\b/g)?.map(word => word.toLowerCase())) : undefined;
  return { refreshes, refreshesAny, ...(words ? { words } : {}) };
}

export function databaseUseOf(uses: Iterable<TextUse>): DatabaseUse {
  const refreshed = new Set<string>();
  const tests: ReadonlySet<string>[] = [];
  let refreshesAny = false;
  for (const use of uses) {
    for (const name of use.refreshes) refreshed.add(name);
    refreshesAny ||= use.refreshesAny;
    if (use.words) tests.push(use.words);
  }
  return {
    isRefreshed: view => refreshesAny || refreshed.has(view.toLowerCase()),
    hasTests: tests.length > 0,
    isTested: name => tests.some(words => words.has(name.toLowerCase())),
  };
}
