/** Brings together what `facts/schemaScripts.ts` needs: the file's way up, the server's own parser, the configuration. */
import { emptyCatalog } from '../catalog/catalog';
import type { Configuration } from '../engine/configuration';
import type { FileId } from '../engine/place';
import { type SchemaScript, schemaScriptOf } from '../facts/schemaScripts';
import { mayChangeSchema, type UpScript, upScriptInSql } from '../migrations/upScript';
import type { Dialect } from '../sql/dialect';
import { loadPostgresTrees, type PostgresTrees } from '../sql/postgresTree';
import type { AbsolutePath } from './fileAccess';
import { matcherOf } from './globs';

/** The PostgreSQL version where no configuration says it. */
const POSTGRES_VERSION = 14;

let trees: Promise<PostgresTrees> | undefined;

export interface Subject {
  readonly file: FileId;
  readonly path: AbsolutePath;
  readonly text: string;
  readonly dialect: Dialect;
  readonly migrations: Configuration<unknown>['migrations'];
}

/** What a SQL file does to a live server; nothing for one that is no step of a migration. */
export async function schemaScriptsIn(subject: Subject): Promise<readonly SchemaScript[]> {
  const { file, path, text, dialect, migrations } = subject;
  if (!mayChangeSchema(text)) return [];
  const named = migrations.folders !== undefined && matcherOf(migrations.folders)(path);
  const script = upScriptInSql(file, text, dialect, named);
  return script ? [await readScript(script, subject)] : [];
}

async function readScript(script: UpScript, { dialect, migrations }: Subject): Promise<SchemaScript> {
  trees ??= loadPostgresTrees();
  return schemaScriptOf({
    script: { ...script, ...assumed(script, migrations.assumeInTransaction) },
    trees: await trees,
    dialect,
    server: migrations.postgresVersion?.major ?? POSTGRES_VERSION,
    before: emptyCatalog({ complete: false }),
  });
}

/** What the configuration says of transactions holds; a tool's own word for one file holds above it. */
function assumed({ wraps }: UpScript, inTransaction: boolean | undefined): Pick<UpScript, 'wraps'> {
  if (inTransaction === undefined) return { wraps };
  return { wraps: inTransaction ? (wraps ?? 'several') : undefined };
}
