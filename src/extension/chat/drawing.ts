/**
 * An answer's parts as the chat shows them. The chat folds what stands before the last run of Markdown of a finished answer:
 * so progress is shown only until the first word, and actions are links between the paragraphs that they belong to.
 */
import type { Action, AnswerPart, FollowUp } from '../../persona/answer';
import type { Reference } from '../../persona/grounding';

/** What is drawn on; VS Code's response stream, or a test's list. */
export interface Surface {
  /** Text that may quote files or a model: no link in it runs a command. */
  text(markdown: string): void;
  /** Links that run commands of ours, and nothing else. */
  links(links: readonly CommandLink[]): void;
  reference(reference: Reference): void;
  progress(says: string): void;
}

export interface CommandLink {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** All that a link of an answer may run. Each asks before it changes something. */
export const LINKED = {
  applyFinding: 'backendReviewer.applyFinding',
  showRule: 'backendReviewer.showRule',
  verifyMigration: 'backendReviewer.verifyFinding',
} as const;

export interface Drawn {
  readonly followUps: readonly FollowUp[];
  /** Something was said. */
  readonly hasText: boolean;
}

export interface Drawing {
  add(part: AnswerPart): void;
  end(): Drawn;
}

/** @param folder  the URI that the answer's files are below; without one nothing can be done to them */
export function drawingOn(surface: Surface, folder: string | undefined): Drawing {
  const followUps = new Map<string, FollowUp>();
  const shown = new Set<string>();
  let actions: Action[] = [];
  let hasText = false;
  const drawActions = (): void => {
    if (actions.length > 0 && folder !== undefined) surface.links(actions.map(action => linkFor(action, folder)));
    actions = [];
  };
  return {
    add(part) {
      switch (part.kind) {
        case 'text':
          drawActions();
          hasText ||= part.markdown.trim() !== '';
          surface.text(part.markdown);
          break;
        case 'action':
          actions.push(part.action);
          break;
        case 'reference': {
          const place = `${part.reference.file}:${part.reference.line ?? ''}`;
          if (!shown.has(place)) surface.reference(part.reference);
          shown.add(place);
          break;
        }
        case 'progress':
          if (!hasText) surface.progress(part.says);
          break;
        case 'follow-up':
          followUps.set(part.ask, { ask: part.ask, ...(part.title === undefined ? {} : { title: part.title }) });
          break;
      }
    },
    end() {
      drawActions();
      return { followUps: [...followUps.values()], hasText };
    },
  };
}

function linkFor(action: Action, folder: string): CommandLink {
  switch (action.kind) {
    case 'apply-fix': {
      const { file, fingerprint, fix } = action;
      return {
        title: action.title,
        command: LINKED.applyFinding,
        arguments: [{ folder, file, fingerprint, fix }],
      };
    }
    case 'show-rule':
      return { title: action.title, command: LINKED.showRule, arguments: [action.rule] };
    case 'verify-migration':
      return {
        title: action.title,
        command: LINKED.verifyMigration,
        arguments: [{ folder, file: action.file }],
      };
  }
}

/** Paragraphs in one line each: a chat shows every line break, and pages are written in lines of bounded length. */
export function unwrapped(markdown: string): string {
  const out: string[] = [];
  let isCode = false;
  let mayGoOn = false;
  for (const line of markdown.split('\n')) {
    const isFence = /^\s*```/.test(line);
    const isText = !isCode && !isFence && /^[^\s#>|\-*+]/.test(line) && !/^(?:\d+[.)]\s|---|\*\*\*)/.test(line);
    const isEmphasis = !isCode && /^\*{1,2}\w/.test(line);
    if (mayGoOn && isText) out[out.length - 1] += ` ${line}`;
    else out.push(line);
    if (isFence) isCode = !isCode;
    mayGoOn =
      !isCode && !isFence && (isText || isEmphasis || /^(?:[-*+]|\d+[.)])\s/.test(line)) && !line.endsWith('  ');
  }
  return out.join('\n');
}

/** Links as Markdown. Titles may hold names from the code: nothing in them is markup. */
export const linksAsMarkdown = (links: readonly CommandLink[]): string =>
  `${links.map(link => `[${plain(link.title)}](command:${link.command}?${encoded(link.arguments)})`).join(' · ')}\n\n`;

/** Also round brackets, which would end the link. */
const encoded = (value: unknown): string =>
  encodeURIComponent(JSON.stringify(value)).replace(
    /[()']/g,
    sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const plain = (title: string): string => title.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!|<>~&$@:]/g, '\\$&');

export interface FollowUpMessage {
  readonly prompt: string;
  readonly label: string;
  readonly command?: string;
}

/** `/fix abc123` is a command with its words. */
export function followUpOf({ ask, title }: FollowUp, commands: readonly string[]): FollowUpMessage {
  const [, command = '', rest = ''] = /^\/([a-z]+)\s*([\s\S]*)$/.exec(ask) ?? [];
  const label = title ?? ask;
  return commands.includes(command) ? { prompt: rest, label, command } : { prompt: ask, label };
}
