/** What one file tells of a history. Read from that file and what it calls in others, so that an edit costs one reading. */

import type { MigrationTool } from '../engine/migrationTools';
import type { FileId, Place } from '../engine/place';
import type { Module } from '../program/model';
import type { Dialect } from '../sql/dialect';
import type { Imported } from './code/evaluation';
import type { DjangoNode } from './formats/djangoNode';
import type { Script } from './script';
import type { Irreversible } from './translate/django';

export interface MigrationFile {
  readonly file: FileId;
  readonly text: string;
  /** The lowered program, for files of a programming language. */
  readonly module?: Module;
  /** The project's own files that it and they import. */
  readonly imported?: Imported;
}

/** One direction of a migration where it stands. */
export interface Direction {
  readonly file: FileId;
  readonly script: Script;
  /** Its function's name, its section's marker, its file's first line. */
  readonly at: Place;
  /** The tool has made it up from the other direction. */
  readonly inferred?: boolean;
  /** Calls of the up for which people have written a way back, where the tool makes up the others. */
  readonly reversed?: readonly Irreversible[];
}

/** What a migration goes after, by names of its own: Alembic's `revision` and `down_revision`. */
export interface Revision {
  readonly id: string;
  readonly after: readonly string[];
  /** Goes in no order of these, but is needed before: `depends_on`. */
  readonly needs: readonly string[];
}

interface Told {
  readonly tool: MigrationTool;
  /** The folder that the tool is pointed at; empty for the project's own. */
  readonly folder: string;
}

export type Contribution = Told &
  (
    | {
        readonly kind: 'migration';
        /** The halves of one migration have one key. */
        readonly key: string;
        readonly name: string;
        readonly up?: Direction;
        readonly down?: Direction;
        readonly dialect: Dialect;
        readonly revision?: Revision;
        /** Of Django, whose SQL depends on what was before. */
        readonly django?: DjangoNode;
        /** By what the tool orders it, where that is not its name. */
        readonly stamp?: number;
        /** Run whenever it changes, behind all others. */
        readonly repeatable?: boolean;
        /** It is one only where another file lists it. */
        readonly listed?: boolean;
      }
    /** The order of a tool that keeps a list. */
    | { readonly kind: 'order'; readonly keys: readonly { readonly key: string; readonly name: string }[] }
    /** A setting beside a migration: the tool runs it outside of a transaction. */
    | { readonly kind: 'outside-transaction'; readonly key: string }
  );

/**
 * Reads what a file tells; nothing for a file that is not this format's.
 * @param named the tool that the configuration names, where it does
 */
export type Format = (file: MigrationFile, projects: Dialect, named?: MigrationTool) => readonly Contribution[];

export const folderOf = (file: FileId): string => file.slice(0, Math.max(0, file.lastIndexOf('/')));
export const baseName = (file: FileId): string => file.slice(file.lastIndexOf('/') + 1);
