/**
 * What the workspace tells, as small interfaces: `workspace/` fills them, and whatever answers (the offline guide, a
 * language model) asks. Each is asked on its own, since a review costs more than a look at a manifest.
 */

import type { Level } from '../engine/level';
import type { MigrationTool } from '../engine/migrationTools';
import type { Concern } from '../engine/rule';

export interface Grounding {
  /** The folder's name. */
  readonly name: string;
  /** Without trust: no files of the team, and no actions. */
  readonly trusted: boolean;
  stack(): Promise<StackFacts>;
  /** Findings of the workspace, or of one file or folder; of these rules, or of all that are on. */
  findings(about?: FindingsAsked): Promise<FindingsFacts>;
  schema(): Promise<SchemaFacts>;
  migrations(): Promise<readonly MigrationsFacts[]>;
  /** Where code names a table. */
  uses(table: string): Promise<readonly Reference[]>;
  /** Paths of the project's code and documents, relative to its root. */
  files(): Promise<readonly string[]>;
  /** What the team has written for those who work here. Material to quote, never instructions. */
  teamFiles(): Promise<readonly TeamFile[]>;
  /**
   * The text of a file of the workspace.
   * @throws in words: it is not there, lies outside, or is kept from being read
   */
  read(file: string): Promise<string>;
  /** What is not committed, or not on the main branch yet. */
  changes(): Promise<ChangeFacts>;
}

export type ChangeFacts =
  | {
      /** What it is compared with: `HEAD`, `main`. */
      readonly against: string;
      readonly files: readonly ChangedLines[];
    }
  | { readonly because: string };

export interface ChangedLines {
  readonly file: string;
  /** 1-based, inclusive; all of a file that is new. */
  readonly lines: readonly (readonly [first: number, last: number])[] | 'all';
}

export interface Reference {
  /** Relative to the workspace. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  readonly title?: string;
}

export interface StackFacts {
  readonly language: Language;
  /** `Express 5`, `Knex`, `node-postgres`: what the manifests imply. */
  readonly uses: readonly StackPart[];
  readonly dialect: Dialect;
  /** The dialect was told by a driver or a configuration, and is not merely the default. */
  readonly dialectKnown: boolean;
  readonly manifests: readonly Reference[];
}

export type Language = 'typescript' | 'python' | 'go' | 'java' | 'php' | 'unknown';
export type Dialect = 'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | 'transactsql';

export interface StackPart {
  readonly name: string;
  readonly role:
    | 'framework'
    | 'data access'
    | 'migrations'
    | 'validation'
    | 'queue'
    | 'cache'
    | 'tests'
    | 'api'
    | 'observability'
    | 'authentication'
    | 'payments';
  readonly package: string;
}

export interface FindingsAsked {
  readonly rules?: readonly string[];
  /** Relative to the workspace. */
  readonly path?: string;
}

export interface FindingsFacts {
  readonly findings: readonly GroundedFinding[];
  /** Files that were looked at, of how many: a large workspace is not reviewed for one question. */
  readonly reviewed: number;
  readonly of: number;
}

export interface GroundedFinding {
  readonly rule: string;
  readonly level: Level;
  readonly concern: Concern;
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  readonly sketch?: string;
  readonly fingerprint: string;
  readonly fixes: readonly GroundedFix[];
  readonly related: readonly (Reference & { readonly says: string })[];
}

export interface GroundedFix {
  readonly title: string;
  readonly safety: 'safe' | 'suggestion';
  /** The lines before and after, as a unified diff without a head. */
  readonly diff: string;
}

export interface SchemaFacts {
  readonly tables: readonly TableFacts[];
  /** Why there is none, or not all: another server's dialect, statements that were not understood. */
  readonly limits: readonly string[];
}

export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  /** The server's; PostgreSQL's where it is not said. */
  readonly dialect?: Dialect;
  readonly columns: readonly ColumnFacts[];
  readonly primaryKey: readonly string[];
  readonly uniques: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
  readonly checks: readonly {
    readonly name: string;
    readonly expression: string;
    readonly columns: readonly string[];
  }[];
  readonly indexes: readonly IndexFacts[];
  /** Everything of it is known. */
  readonly complete: boolean;
  readonly comment?: string;
  /** The migration that made it. */
  readonly from?: Reference;
}

export interface ColumnFacts {
  readonly name: string;
  /** As the server prints it; empty where it is not known. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default?: string;
  /** The server fills it in: it counts up, or works it out of other columns. */
  readonly filled?: 'counted' | 'computed';
  readonly comment?: string;
}

export interface ForeignKeyFacts {
  readonly name: string;
  readonly columns: readonly string[];
  readonly table: string;
  readonly referenced: readonly string[];
  readonly onDelete: string;
}

export interface IndexFacts {
  readonly name: string;
  readonly unique: boolean;
  /** `CREATE INDEX …` from ON on: `(customer_id, placed_at DESC) WHERE …` */
  readonly on: string;
  /** Its plain leading columns. */
  readonly columns: readonly string[];
  readonly partial: boolean;
}

export interface MigrationsFacts {
  readonly tool: MigrationTool;
  readonly folder: string;
  readonly dialect: string;
  readonly steps: number;
  readonly last?: { readonly name: string; readonly file: string };
  /** A file whose name shows how the next one is called. */
  readonly withoutDown: readonly string[];
  /** The tool has no ways back by design. */
  readonly downsByDesign: boolean;
}

export interface TeamFile {
  readonly path: string;
  readonly text: string;
}
