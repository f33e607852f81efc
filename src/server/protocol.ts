/** What server and client say to each other beyond the Language Server Protocol, and the names of the client's commands. */

import type { Level } from '../engine/level';
import type { AnswerPart, Question } from '../persona/answer';
import type { ChatModel, ChatPart, ChatRequest } from '../persona/chatModel';
import type { LensId } from '../persona/lenses';
import type { DraftsPolicy } from '../persona/role';
import type { ToolResult } from '../persona/tools/tool';
import type { Coverage } from '../workspace/reviewer';

export const SOURCE = 'Backend Reviewer';

export const FIX_ALL = 'source.fixAll.backendReviewer';

/** Commands that a client may bring. The server names them in code actions only if the client says that it has them. */
export const COMMANDS = {
  /** Asks for a reason, then asks the server for the edit. Arguments: one `IgnoreTarget`. */
  ignore: 'backendReviewer.ignore',
  /** Opens the rule's page. Arguments: the rule's id. */
  showRule: 'backendReviewer.showRule',
  /** Asks the server to verify a migration, and shows the verdict. Arguments: its URI. */
  verifyMigration: 'backendReviewer.verifyMigration',
  /** Asks the server for a change, shows it beside what is there, and makes it when the person wants it. Arguments: one `ChangeTarget`. */
  previewChange: 'backendReviewer.previewChange',
} as const;

/** `initializationOptions`: what the client brings. */
export interface ClientOptions {
  readonly commands?: readonly string[];
  /** Shows what was covered. */
  readonly showsCoverage?: boolean;
  /** Shows what it pulled for a file in place of what was published for it, so that an open file may have both. */
  readonly layersDiagnostics?: boolean;
}

export interface ReviewParams {
  /** Folders to review; all of the workspace's when absent. */
  readonly folders?: readonly string[];
  readonly workDoneToken?: string | number;
}

export type FindingCounts = Readonly<Record<Level, number>>;

export interface ReviewSummary {
  readonly files: number;
  readonly reviewed: number;
  readonly skipped: number;
  readonly findings: FindingCounts;
  readonly cancelled: boolean;
}

export interface CoverageParams {
  readonly uri: string;
  readonly coverage: Coverage;
  readonly findings: FindingCounts;
  /** What went wrong around this file: a rule that failed, a wrong setting. */
  readonly notifications: readonly string[];
}

export interface IgnoreTarget {
  readonly uri: string;
  readonly rule: string;
  /** 0-based line of the finding for a comment above it; absent for the whole file. */
  readonly line?: number;
}

export interface IgnoreParams extends IgnoreTarget {
  readonly reason: string;
}

/** What is asked for: a fix of a finding, or the way back of the migration that a file holds. */
export type ChangeTarget =
  | { readonly uri: string; readonly fingerprint: string; readonly fix: number }
  | { readonly uri: string; readonly write: 'down' };

/** A file as it is and as it would be. */
export interface ProposedFile {
  readonly uri: string;
  /** `null`: there is no such file yet. */
  readonly before: string | null;
  readonly after: string;
}

export type ProposedChange =
  | { readonly title: string; readonly files: readonly ProposedFile[] }
  /** There is none, for a reason that a person is told. */
  | { readonly because: string };

export interface VerifyMigrationParams {
  readonly uri: string;
  readonly workDoneToken?: string | number;
}

export interface VerifiedStep {
  /** The migration, as its tool names it. */
  readonly name: string;
  readonly verdict: 'proven' | 'data-only' | 'structure-proven-data-lost' | 'not-reversible' | 'not-verifiable';
  /** `reversible: proven` */
  readonly headline: string;
  /** One sentence each. */
  readonly details: readonly string[];
}

export interface VerifyMigrationResult {
  readonly steps: readonly VerifiedStep[];
  readonly cancelled: boolean;
}

/** A place that a question is about: a file or folder, or lines of one (1-based, inclusive), with their text. */
export interface AskedPlace {
  readonly uri: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly text?: string;
}

export interface AskParams {
  /** The client's own, for the parts of the answer. */
  readonly id: string;
  /** The folder that the question is about, where one is open. */
  readonly folder?: string;
  /** Without trust: no context files, no actions, no model. */
  readonly trusted: boolean;
  readonly question: {
    readonly text: string;
    readonly thread?: Question['thread'];
    readonly focus?: AskedPlace;
    readonly attached?: readonly AskedPlace[];
  };
  readonly lens?: LensId;
  readonly drafts?: DraftsPolicy;
  /** A model that the client speaks to, which the person has chosen. Absent: the offline guide answers. */
  readonly model?: Pick<ChatModel, 'name' | 'host' | 'maxInputTokens' | 'callsTools'>;
}

export interface AskResult {
  readonly offline: boolean;
  /** Why the answer ended before its time. */
  readonly failure?: string;
}

export interface AnswerPartParams {
  readonly id: string;
  readonly part: AnswerPart;
}

export interface ChatParams {
  /** Of the question that is being answered. */
  readonly id: string;
  /** For the parts of this one request. */
  readonly chat: string;
  /** To be sent as it is: what must not leave is covered already. */
  readonly request: ChatRequest;
}

export interface ChatPartParams {
  readonly chat: string;
  readonly part: ChatPart;
}

export interface ChatResult {
  readonly failure?: string;
}

export interface CallToolParams {
  readonly name: string;
  /** As the model sent them, with or without a `workspace`. */
  readonly arguments: unknown;
  /** URIs of the folders that may be looked into. */
  readonly folders: readonly string[];
  /** Without trust nothing is run and nothing is written. */
  readonly trusted: boolean;
}

export interface CalledTool {
  readonly result: ToolResult;
  /** URIs of the files that were changed, in the editor's texts. */
  readonly changed: readonly string[];
}

/** Messages of our own. Plain names: server and client each bring their own copy of the protocol's classes. */
export const MESSAGES = {
  /** Request, `ReviewParams` → `ReviewSummary`. Reviews whole folders; findings in files that no editor holds are published. Reports `$/progress`; may be cancelled, and then says how far it came. */
  review: 'backendReviewer/review',
  /** Request, `IgnoreParams` → `WorkspaceEdit | null`: the edit that writes a suppression comment. */
  ignore: 'backendReviewer/ignore',
  /** Request, `VerifyMigrationParams` → `VerifyMigrationResult | null`. Runs the migration's SQL on an embedded PostgreSQL. Reports `$/progress`; may be cancelled. */
  verifyMigration: 'backendReviewer/verifyMigration',
  /** Request, `ChangeTarget` → `ProposedChange | null`: what a fix would make of its files. Nothing where it is not offered any more. */
  proposedChange: 'backendReviewer/proposedChange',
  /** Request, `AskParams` → `AskResult`: a question is answered by `answerPart`s. May be cancelled. */
  ask: 'backendReviewer/ask',
  /** Notification, `AnswerPartParams`: a part of the answer, in order. */
  answerPart: 'backendReviewer/answerPart',
  /** Request to the client, `ChatParams` → `ChatResult`: to be said to the model of the question; it answers by `chatPart`s. May be cancelled. */
  chat: 'backendReviewer/chat',
  /** Notification to the server, `ChatPartParams`: what the model says, in order. */
  chatPart: 'backendReviewer/chatPart',
  /** Request, `CallToolParams` → `CalledTool`: one of the tools of agents. The client has asked the person, where there is something to ask. May be cancelled. */
  callTool: 'backendReviewer/callTool',
  /** Notification, `CoverageParams`: sent after every review of an open file, for a status bar. */
  coverage: 'backendReviewer/coverage',
} as const;
