/** What the reading of a migration is given. Nothing here reads files. */
import type { FileId } from '../engine/place';
import type { Module } from '../program/model';
import type { Dialect } from '../sql/dialect';

export interface MigrationSource {
  readonly file: FileId;
  readonly text: string;
  readonly dialect: Dialect;
  /** The lowered program, for files of a programming language. */
  readonly module?: Module;
  /** The text of the file that `companionOf` names; absent when there is no such file. An empty file is there. */
  readonly companion?: string;
}
