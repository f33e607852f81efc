/** Runs the rules over the facts of one file: levels, suppressions, fingerprints, and a rule's exception kept to itself. */
import type { Edit, Finding, Fix, Notification, ProposedFix } from './finding';
import { fingerprintOf, toldApart } from './fingerprint';
import { mayFind } from './idle';
import { type Level, lowered } from './level';
import { type Lines, linesOf } from './lines';
import { didYouMean, nearest } from './nearest';
import { type FileId, type FileRange, fileOf, type Locate } from './place';
import type { AnyRule, Evidence } from './rule';
import { explained, fixesFor } from './said';
import {
  type CommentSpan,
  rangeInSuppression,
  SUPPRESSION_RULES,
  type Suppression,
  silencedBy,
  suppressionsIn,
} from './suppression';

/** What kind of code a file holds, told by its path below the project's root. */
export type PathKind = 'production' | 'test' | 'seed' | 'fixture' | 'script';

/** `rules` of the configuration: a level replaces the rule's own, `off` turns it off. */
export type RuleSettings = Readonly<Record<string, Level | 'off'>>;

export interface RulesRun<Facts> {
  readonly file: FileId;
  readonly text: string;
  readonly facts: Facts;
  /** Facts of a file in which there is nothing: rules for which these facts hold no more are not run. */
  readonly nothing?: Facts;
  readonly locate: Locate;
  /** Every rule there is; which of them run is decided here. */
  readonly rules: readonly AnyRule<Facts>[];
  readonly settings?: RuleSettings;
  /** Exactly these run, opt-in ones and those turned `off` too. */
  readonly only?: ReadonlySet<string>;
  readonly pathKind?: PathKind;
  /** In source order; for suppressions. */
  readonly comments?: readonly CommentSpan[];
  /**
   * File offset where the innermost statement around a file offset begins, so that a comment above a statement of
   * several lines also covers what is found in its later ones.
   */
  readonly statementStart?: (offset: number) => number | undefined;
  readonly signal?: AbortSignal;
}

export interface RulesReview {
  /** Ordered by place; suppressed ones are gone. */
  readonly findings: readonly Finding[];
  readonly notifications: readonly Notification[];
  /** The rules that ran to their end. */
  readonly ran: ReadonlySet<string>;
}

/**
 * Reviews one file's facts.
 *
 * @throws the signal's reason when it is raised; never for what a rule does
 */
export function runRules<Facts extends object>(run: RulesRun<Facts>): RulesReview {
  const notifications: Notification[] = [];
  const ran = new Set<string>();
  const drafts: Draft[] = [];
  const finding = run.nothing && mayFind(run.rules, run.facts, run.nothing);
  for (const rule of run.rules) {
    run.signal?.throwIfAborted();
    if (isSuppressionRule(rule.id) || !runs(rule, run)) continue;
    if (finding?.has(rule) === false) {
      ran.add(rule.id);
      continue;
    }
    const failure = collect(rule, run, drafts);
    if (failure === undefined) ran.add(rule.id);
    else
      notifications.push({
        file: run.file,
        message: `The rule ${rule.id} failed on this file and is left out where it did: ${failure}`,
      });
  }

  const { suppressions, problems } = suppressionsIn(run.text, run.comments ?? []);
  const lines = linesOf(run.text);
  const lineAt = (offset: number) => lines.positionAt(offset).line;
  for (const { start, message } of problems)
    notifications.push({ file: run.file, message: `line ${lineAt(start)}: ${message}.` });
  notifications.push(...unknownRules(run, suppressions, lineAt));

  const numbered = withFingerprints(run, drafts);
  const used = new Set<string>();
  const findings = numbered.filter(finding => {
    const own = [finding.at.start, run.statementStart?.(finding.at.start)];
    const silencing = silencedBy(
      suppressions,
      finding.rule,
      own.flatMap(offset => (offset === undefined ? [] : [lineAt(offset)])),
      lineAt,
    );
    for (const suppression of silencing) used.add(useOf(suppression, finding.rule));
    return silencing.length === 0;
  });
  const about = aboutSuppressions(run, suppressions, { ran, used, lines });
  return { findings: [...findings, ...withFingerprints(run, about)].sort(byPlace), notifications, ran };
}

/** Whether a rule runs at all. */
function runs<Facts>(rule: Pick<AnyRule<Facts>, 'id' | 'optIn'>, { only, settings }: RulesRun<Facts>): boolean {
  if (only) return only.has(rule.id);
  const setting = settings?.[rule.id];
  return setting === undefined ? !rule.optIn : setting !== 'off';
}

/** A finding that has no fingerprint yet, and the unit that it is told by. */
interface Draft {
  readonly finding: Omit<Finding, 'fingerprint'>;
  readonly unit: string;
}

/** Adds what the rule finds; returns what went wrong, in one line. What it found before stays. */
function collect<Facts>(rule: AnyRule<Facts>, run: RulesRun<Facts>, drafts: Draft[]): string | undefined {
  const seen = new Set<string>();
  const own: Draft[] = [];
  let failure: string | undefined;
  try {
    for (const evidence of rule.check(run.facts)) {
      try {
        const { finding, failure: withoutFixes } = findingOf(rule, evidence, run);
        failure ??= withoutFixes;
        const identity = `${finding.at.start}:${finding.at.end}:${finding.what}`;
        if (!seen.has(identity)) own.push({ finding, unit: evidence.at.unit });
        seen.add(identity);
      } catch (error) {
        failure ??= inOneLine(error);
      }
    }
  } catch (error) {
    failure ??= inOneLine(error);
  }
  drafts.push(...oncePerPlace(own));
  return failure;
}

/** So many findings of one rule at one place are as many remarks; more are one line that makes them in a loop. */
const MOST_AT_A_PLACE = 3;
/** So many of the others are told. */
const MOST_RELATED = 20;

/** What one line makes over and over is said once, with the others beside it. */
function oncePerPlace(drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length <= MOST_AT_A_PLACE) return drafts;
  const byPlace = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const { at, level } = draft.finding;
    const key = `${at.start}:${at.end}:${level}`;
    const same = byPlace.get(key);
    if (same) same.push(draft);
    else byPlace.set(key, [draft]);
  }
  return [...byPlace.values()].flatMap(same => {
    const [first, ...others] = same;
    if (!first || same.length <= MOST_AT_A_PLACE) return same;
    const { finding } = first;
    const related = others.slice(0, MOST_RELATED).map(other => ({ at: finding.at, message: other.finding.what }));
    return [
      {
        ...first,
        finding: {
          ...finding,
          why: `${finding.why} This line does the like ${others.length} times more.`,
          related: [...finding.related, ...related],
        },
      },
    ];
  });
}

/** A fix that fails costs the fixes, not the finding. */
function findingOf<Facts>(
  rule: AnyRule<Facts>,
  evidence: Evidence,
  run: RulesRun<Facts>,
): { finding: Draft['finding']; failure?: string } {
  const at = run.locate(evidence.at);
  if (at.file !== run.file) throw new Error(`it reports a place in ${at.file}`);
  const { what, why, remedy, sketch, related, conceal } = explained(rule, evidence);
  const finding: Draft['finding'] = {
    rule: rule.id,
    level: levelOf(rule, evidence, run),
    at,
    what,
    why,
    remedy,
    sketch,
    related: related.map(place => ({ at: run.locate(place.at), message: place.says })),
    ...(conceal ? { conceal: run.locate(conceal) } : {}),
    fixes: [],
  };
  try {
    const fixes = fixesFor(rule, evidence);
    return { finding: fixes.length === 0 ? finding : { ...finding, fixes: fixes.map(fix => located(fix, run)) } };
  } catch (error) {
    return { finding, failure: inOneLine(error) };
  }
}

/** A level set in the configuration replaces the base; lowerings add up all the same, and stop at `info`. */
function levelOf<Facts>(rule: AnyRule<Facts>, evidence: Evidence, { settings, pathKind }: RulesRun<Facts>): Level {
  const setting = settings?.[rule.id];
  const base = setting === undefined || setting === 'off' ? (evidence.level ?? rule.level) : setting;
  const inTests = (pathKind ?? 'production') !== 'production' && !rule.sameLevelInTests && !evidence.sameLevelInTests;
  return lowered(base, (evidence.loweredBy ?? 0) + (inTests ? 1 : 0));
}

/** In ranges of the file, and with its line breaks. */
function located<Facts>(fix: ProposedFix, { locate, text }: RulesRun<Facts>): Fix {
  const breaks = (written: string): string =>
    written.includes('\n') && text.includes('\r\n') ? written.replace(/\r?\n/g, '\r\n') : written;
  const edits = fix.edits
    .map((edit): Edit => ({ ...edit, at: locate(edit.at), newText: breaks(edit.newText) }))
    .sort((a, b) => a.at.file.localeCompare(b.at.file) || a.at.start - b.at.start || a.at.end - b.at.end);
  const last = new Map<FileId, number>();
  for (const { at } of edits) {
    if (at.start < (last.get(at.file) ?? 0)) throw new Error(`the edits of its fix "${fix.title}" overlap`);
    last.set(at.file, at.end);
  }
  return { ...fix, edits };
}

const isSuppressionRule = (id: string): boolean =>
  id === SUPPRESSION_RULES.withoutReason || id === SUPPRESSION_RULES.unused;

const useOf = (suppression: Suppression, rule: string): string => `${suppression.start}:${rule}`;

/** A name that no rule has silences nothing and no rule judges it, so it is said. */
function unknownRules<Facts>(
  run: RulesRun<Facts>,
  suppressions: readonly Suppression[],
  lineAt: (offset: number) => number,
): Notification[] {
  if (suppressions.length === 0) return [];
  const known = [...new Set([...run.rules.map(rule => rule.id), ...Object.values(SUPPRESSION_RULES)])];
  return suppressions.flatMap(suppression =>
    suppression.rules
      .filter(({ id }) => !known.includes(id))
      .map(({ id, start }) => ({
        file: run.file,
        message: `line ${lineAt(start)}: no rule is called "${id}"${nearest(id, known) === undefined ? '' : `; ${didYouMean(id, known)}`}`,
      })),
  );
}

/** The findings about suppressions themselves. A comment may silence them by naming them, for itself or for the file. */
function aboutSuppressions<Facts>(
  run: RulesRun<Facts>,
  suppressions: readonly Suppression[],
  { ran, used, lines }: { ran: ReadonlySet<string>; used: Set<string>; lines: Lines },
): Draft[] {
  const silenced = (rule: string, own: Suppression) => {
    const silencing = suppressions.filter(
      other =>
        (other === own || (other.scope === 'file' && !other.misplaced)) && other.rules.some(({ id }) => id === rule),
    );
    for (const suppression of silencing) used.add(useOf(suppression, rule));
    return silencing.length > 0;
  };
  const level = (id: string): Level => {
    const setting = run.settings?.[id];
    return lowered(
      setting === undefined || setting === 'off' ? 'info' : setting,
      (run.pathKind ?? 'production') === 'production' ? 0 : 1,
    );
  };
  const drafts: Draft[] = [];
  const say = (rule: string, at: FileRange, said: Pick<Finding, 'what' | 'why' | 'remedy'>, fixes: readonly Fix[]) =>
    drafts.push({ finding: { rule, level: level(rule), at, ...said, related: [], fixes }, unit: run.file });

  const { withoutReason, unused } = SUPPRESSION_RULES;
  if (runs({ id: withoutReason }, run))
    for (const suppression of suppressions) {
      if (suppression.reason !== undefined || silenced(withoutReason, suppression)) continue;
      say(
        withoutReason,
        { file: run.file, start: suppression.start, end: suppression.end },
        {
          what: `${namesOf(suppression)} ignored ${suppression.scope === 'file' ? 'in this file' : 'here'} without a reason.`,
          why: 'Nobody can tell later whether this was looked at or only silenced.',
          remedy: 'Say why behind two dashes: `-- the table name comes from a constant list`.',
        },
        [],
      );
    }

  if (runs({ id: unused }, run))
    for (const suppression of suppressions) {
      const idle = suppression.rules.flatMap(({ id }, index) =>
        id !== unused &&
        (ran.has(id) || (id === withoutReason && runs({ id }, run))) &&
        !used.has(useOf(suppression, id))
          ? [index]
          : [],
      );
      const allIdle = idle.length === suppression.rules.length;
      if ((idle.length === 0 && suppression.rules.length > 0) || silenced(unused, suppression)) continue;
      if (allIdle)
        say(
          unused,
          { file: run.file, start: suppression.start, end: suppression.end },
          whyUnused(suppression, namesOf(suppression), lines),
          suppression.misplaced ? [] : removal(run.file, suppression),
        );
      else
        for (const index of idle)
          say(
            unused,
            rangeInSuppression(run.file, suppression, index),
            whyUnused(suppression, `\`${suppression.rules[index]?.id}\` is`, lines),
            suppression.misplaced ? [] : removalOfName(run.file, suppression, index),
          );
    }
  return drafts;
}

const namesOf = ({ rules }: Suppression): string => {
  const names = rules.map(({ id }) => `\`${id}\``);
  return names.length === 0 ? 'Nothing is' : `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'}`;
};

function whyUnused(suppression: Suppression, names: string, lines: Lines): Pick<Finding, 'what' | 'why' | 'remedy'> {
  const why = 'A comment that is left over hides the next real finding in its place.';
  if (suppression.rules.length === 0)
    return {
      what: 'This comment names no rule, so it ignores nothing.',
      why,
      remedy: 'Name the rule, and say why behind two dashes; or remove the comment.',
    };
  if (suppression.misplaced)
    return {
      what: `${names} not ignored in this file: this comment stands below the first code.`,
      why: 'Whether a whole file is exempt has to be seen at its top.',
      remedy: 'Move the comment above the first code, or use `backend-reviewer-ignore-next-line`.',
    };
  const where =
    suppression.scope === 'file'
      ? 'in this file'
      : suppression.target === undefined
        ? 'here, and no code follows'
        : `on line ${lines.positionAt(suppression.target).line}`;
  return { what: `${names} ignored, but nothing is found ${where}.`, why, remedy: 'Remove it.' };
}

const removal = (file: FileId, { removable }: Suppression): Fix[] =>
  removable
    ? [{ title: 'Remove this comment', safety: 'suggestion', edits: [{ at: { file, ...removable }, newText: '' }] }]
    : [];

/** Takes one name out of the list, with the comma that belongs to it. */
function removalOfName(file: FileId, { rules }: Suppression, index: number): Fix[] {
  const named = rules[index];
  const next = rules[index + 1];
  const previous = rules[index - 1];
  if (!named) return [];
  const at = next
    ? { file, start: named.start, end: next.start }
    : { file, start: previous?.end ?? named.start, end: named.end };
  return [{ title: `Remove ${named.id} from this comment`, safety: 'suggestion', edits: [{ at, newText: '' }] }];
}

/** Numbered before suppressions apply, so that silencing one finding renames no other. */
function withFingerprints<Facts>(run: RulesRun<Facts>, drafts: readonly Draft[]): Finding[] {
  const ordered = [...drafts].sort((left, right) => byPlace(left.finding, right.finding));
  const fingerprints = toldApart(
    ordered.map(({ finding: { rule, at }, unit }) =>
      fingerprintOf({
        rule,
        file: run.file,
        unit: fileOf(unit) === run.file ? unit : run.file,
        text: run.text,
        start: at.start,
        end: at.end,
      }),
    ),
  );
  return ordered.map(({ finding }, index) => ({ ...finding, fingerprint: fingerprints[index] ?? '' }));
}

const byPlace = (a: Pick<Finding, 'at' | 'rule'>, b: Pick<Finding, 'at' | 'rule'>): number =>
  a.at.start - b.at.start || a.at.end - b.at.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);

const inOneLine = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split('\n')[0] ?? '';
