/** What a review says, in plain values: no editor's, no terminal's and no protocol's types. */
import type { Level } from './level';
import type { FileRange, Place } from './place';

export type Safety = 'safe' | 'suggestion';

/** One replacement. An insertion has `at.start === at.end`. */
export interface Edit<At = FileRange> {
  readonly at: At;
  readonly newText: string;
  /** There is no such file yet: it is made, with this text. */
  readonly creates?: true;
}

/** Text edits with a stated safety; `safe` only as `docs/architecture.md` defines it. Edits never overlap. */
export interface Fix<At = FileRange> {
  readonly title: string;
  readonly safety: Safety;
  readonly edits: readonly Edit<At>[];
  /** So much is written that an editor shows it beside what is there before it makes it. */
  readonly previewed?: true;
}

/** A fix as a rule writes it, in places. */
export type ProposedFix = Fix<Place>;

export const safe = (title: string, edits: readonly Edit<Place>[]): ProposedFix => ({ title, safety: 'safe', edits });

export const suggestion = (title: string, edits: readonly Edit<Place>[]): ProposedFix => ({
  title,
  safety: 'suggestion',
  edits,
});

/** A suggestion that an editor shows before it makes it. */
export const previewed = (title: string, edits: readonly Edit<Place>[]): ProposedFix => ({
  ...suggestion(title, edits),
  previewed: true,
});

/** What a rule says of its evidence. Sentences, in the code's own names. */
export interface Explanation {
  /** What happens: `linesOf() runs once for every order.` */
  readonly what: string;
  /** What production will feel. */
  readonly why: string;
  /** What to do instead. */
  readonly remedy: string;
  readonly related: readonly { readonly at: Place; readonly says: string }[];
  /** Markdown with a sketch of the remedy in code, for the hover, where no fix can be offered. */
  readonly sketch?: string;
  /** What must not be shown where the code is: a password. */
  readonly conceal?: Place;
}

export interface Related {
  readonly at: FileRange;
  readonly message: string;
}

export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly at: FileRange;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  readonly sketch?: string;
  readonly related: readonly Related[];
  readonly conceal?: FileRange;
  readonly fixes: readonly Fix[];
  /** Survives moved lines; equal ones in a file end in `:2`, `:3`. */
  readonly fingerprint: string;
}

/** Something the person should know about the run itself: a file that was skipped, a rule that failed, a wrong setting. */
export interface Notification {
  readonly file?: string;
  readonly message: string;
}

/** The finding in one line of text, as every surface shows it. */
export const messageOf = (finding: Pick<Finding, 'what' | 'why' | 'remedy'>): string =>
  [finding.what, finding.why, finding.remedy].filter(Boolean).join(' ');
