/** What a handler does about an error, by its statements, and the reason that a comment gives for doing nothing. */
import type { Block, Expression, Pattern, RecordEntry, Span, Unit } from '../program/model';
import { visitNodes } from '../program/traverse';
import { isCleanUp } from './work';

/** What a handler does about the error. */
export type Treatment =
  /** Logs it, throws it, hands it on, answers with it, keeps it, decides by it. */
  | 'handled'
  /** No statement at all. */
  | 'empty'
  /** Only leaves: `return;`, `continue`. */
  | 'leaves'
  /** Gives a constant in the place of a result. */
  | 'default'
  /** Takes back or gives back what there was, and goes on as if nothing had happened. */
  | 'cleans-up';

/** What says or hands on that something has failed, by its name. */
const TELLS =
  /(?:^|[._])(?:log\w*|warn\w*|error\w*|debug|info|trace|fatal|report\w*|capture\w*|track\w*|emit\w*|notify\w*|alert\w*|print\w*|write\w*|send\w*|status|json|end|reply|respond\w*|fail\w*|reject\w*|next|done|cb|callback|exit|abort\w*|throw\w*|raise\w*|panic|push|add|set\w*|inc\w*|record\w*|mark\w*|retry\w*|schedule\w*|enqueue\w*|setFailed|assert\w*)$/i;

/** What the statements of a handler do about the error of this name. */
export function treatmentOf(unit: Unit, body: Block, errorNames: readonly string[]): Treatment {
  if (body.length === 0) return 'empty';
  if (mentions(body, errorNames)) return 'handled';
  const seen = { tells: false, cleans: false, gives: false };
  visitNodes(body, node => {
    switch (node.kind) {
      case 'throw':
      case 'assign':
      case 'branch':
      case 'switch':
      case 'loop':
      case 'try':
      case 'yield':
      case 'opaque':
      case 'opaque-statement':
        seen.tells = true;
        break;
      case 'call': {
        const callee = unit.text.slice(node.callee.start, node.callee.end);
        const constant = node.arguments[0]?.value;
        const statement = constant?.kind === 'text' ? constant.parts[0] : undefined;
        const undoes = statement?.kind === 'part' && /^\s*ROLLBACK\b/i.test(statement.value);
        if ((isCleanUp(callee) || undoes) && !TELLS.test(callee)) seen.cleans = true;
        else seen.tells = true;
        break;
      }
      case 'return':
        if (node.value) seen.gives = true;
        if (node.value && !isPlain(node.value)) seen.tells = true;
        break;
    }
    return node.kind !== 'lambda';
  });
  if (seen.tells) return 'handled';
  if (seen.cleans) return seen.gives ? 'default' : 'cleans-up';
  return seen.gives ? 'default' : 'leaves';
}

/** Nothing that could tell of the failure: `null`, `[]`, `undefined`; what says `false` or holds something does. */
function isPlain(value: Expression): boolean {
  switch (value.kind) {
    case 'constant':
      return value.value !== false;
    case 'name':
      return value.name === 'undefined';
    case 'list':
      return value.items.length === 0;
    case 'record':
      return value.entries.length === 0 || (value.entries.every(isConstantEntry) && value.entries.some(saysWell));
    case 'text':
      return value.parts.length === 0;
    case 'call':
    case 'await':
      // judged where it is met as a call
      return true;
    default:
      return false;
  }
}

/** The handler gives the same answer as the block: who asked cannot tell the two apart. */
export function answersAlike({ text }: Unit, block: Block, handler: Block, errorNames: readonly string[]): boolean {
  const [answer, ...more] = handler;
  const last = block.at(-1);
  if (!answer || !last || more.length > 0 || answer.kind !== last.kind || mentions(handler, errorNames)) return false;
  const written = ({ start, end }: Span): string => text.slice(start, end).replace(/;$/, '');
  const isAnswer =
    answer.kind === 'return' ? answer.value !== undefined : answer.kind === 'evaluate' && ANSWERS.test(written(answer));
  return isAnswer && written(answer) === written(last);
}

/** `res.json(…)`, `reply.send(…)` */
const ANSWERS = /^(?:await\s+)?(?:res|response|reply|ctx|c)\.\w/;

const isConstantEntry = ({ key, value }: RecordEntry): boolean =>
  typeof key === 'string' &&
  (value.kind === 'constant' || (value.kind === 'text' && value.parts.every(({ kind }) => kind === 'part')));

/** `success: true`, `status: 'ok'`: it says that all went well. */
function saysWell({ key, value }: RecordEntry): boolean {
  if (value.kind === 'constant')
    return value.value === true && /^(?:ok|success|succeeded|successful|done)$/i.test(String(key));
  const part = value.kind === 'text' ? value.parts[0] : undefined;
  return part?.kind === 'part' && /^(?:ok|success|succeeded)$/i.test(part.value);
}

/** Whether one of the names is read or written in the statements. */
export function mentions(body: Block, names: readonly string[]): boolean {
  if (names.length === 0) return false;
  let found = false;
  visitNodes(body, node => {
    if (node.kind === 'name' && names.includes(node.name)) found = true;
    return !found;
  });
  return found;
}

/** `if (rows && …)`, `rows?.length`: whether what the callback is given beside the error is looked at before it is read. */
export function asksFor(body: Block, names: readonly string[]): boolean {
  const [name] = names;
  if (name === undefined) return false;
  let asks = false;
  const isIt = (value: Expression | undefined): boolean => value?.kind === 'name' && value.name === name;
  visitNodes(body, node => {
    if (node.kind === 'branch' && isIt(node.test)) asks = true;
    if (node.kind === 'operation' && (node.operator === '!' || node.operator === 'not') && isIt(node.operands[0]))
      asks = true;
    if (node.kind === 'choice' && isIt('test' in node ? node.test : undefined)) asks = true;
    return !asks;
  });
  return asks;
}

/** The variables that a pattern binds or sets; `this` for a member of it. */
export function namesIn(pattern: Pattern): readonly string[] {
  switch (pattern.kind) {
    case 'variable':
      return [pattern.name];
    case 'entries':
      return [
        ...pattern.entries.flatMap(({ target }) => namesIn(target)),
        ...(pattern.rest ? namesIn(pattern.rest) : []),
      ];
    case 'items':
      return [
        ...pattern.items.flatMap(({ target }) => (target ? namesIn(target) : [])),
        ...(pattern.rest ? namesIn(pattern.rest) : []),
      ];
    case 'place':
      return pattern.expression.kind === 'name' ? [pattern.expression.name] : ['this'];
  }
}

/** Comments that say nothing of why: `ignore`, `noop`, `empty`, what a linter is told. */
const NO_REASON =
  /^(?:ignored?|ignore (?:the )?errors?|noop|no-?op|empty|nothing|do nothing|swallow(?:ed)?|pass|silent(?:ly)?(?: ignored?| fail)?|skip|todo\b.*|fixme\b.*|xxx\b.*|(?:eslint|tslint|biome|oxlint|prettier|istanbul|c8|v8|@ts|deno|sonar|noinspection|no inspection|backend-reviewer)\b.*|e|err|error|catch|just ignore(?: it)?|ignore it|intentionally (?:left )?(?:blank|empty|ignored))\W*$/i;

/** A comment in the handler, behind it in its line, or above the statement. */
export function reasonAround(
  unit: Unit,
  handler: Span,
  body: Block,
  statement: Span | undefined,
): { readonly reason?: string } {
  const { text } = unit;
  let inside = text.slice(handler.start, handler.end);
  for (const { start, end } of [...body].reverse())
    inside = inside.slice(0, start - handler.start) + inside.slice(end - handler.start);
  const behind = [handler.end, statement?.end ?? handler.end]
    .map(end => /^[ \t;,)]*((?:\/\/|\/\*|#)[^\n]*)/.exec(text.slice(end))?.[1] ?? '')
    .join('\n');
  const above = statement ? commentsAbove(text, statement.start) : '';
  const reason = commentsOf(`${inside}\n${behind}\n${above}`).find(isReason);
  return reason === undefined ? {} : { reason };
}

const commentsOf = (text: string): readonly string[] =>
  [...text.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<=^|[\s;{])#[^\n]*/g)].map(([comment]) =>
    comment.replace(/^[/*#\s-]+|[*/\s]+$|\n\s*\*+/g, '').trim(),
  );

const isReason = (comment: string): boolean => /\p{L}{2,}\W+\p{L}{2,}/u.test(comment) && !NO_REASON.test(comment);

/** Comment lines directly above a statement; they count only where they speak of failing. */
function commentsAbove(text: string, start: number): string {
  const lines = text.slice(0, start).split('\n').slice(0, -1);
  const comments: string[] = [];
  for (let line = lines.pop(); line !== undefined && /^\s*(?:\/\/|\/?\*|#)/.test(line); line = lines.pop())
    comments.unshift(line);
  const joined = comments.join('\n');
  return SPEAKS_OF_FAILURE.test(joined) ? joined : '';
}

const SPEAKS_OF_FAILURE =
  /\bfail|\berror|\bignor|best[- ]effort|fire[- ]and[- ]forget|background|non-?(?:blocking|critical|fatal)|optional|don'?t (?:wait|block|care|await)|do not (?:wait|block|await)|without (?:waiting|blocking|awaiting)|no need to (?:wait|await)|not (?:awaited|critical|fatal)|async(?:hronously)?\b|may (?:not exist|already)|might (?:not exist|already)|already exist|swallow|safe to/i;
