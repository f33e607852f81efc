/** The documents of the schema that a project has in DBML, read once until one of them changes. */
import type { FileId } from '../engine/place';
import type { DocumentOfSchema } from '../facts/schemaDrift';
import { parseDbml } from '../migrations/dbml/language';
import type { SourceText } from './sources';

export interface DbmlDocuments {
  all(): Promise<readonly DocumentOfSchema[]>;
  changed(file: FileId): void;
}

export interface DbmlDocumentsOptions {
  /** The `.dbml` files of the project. */
  select(): Promise<readonly FileId[]>;
  textOf(file: FileId): Promise<SourceText>;
}

export const isDbml = (file: FileId): boolean => /\.dbml$/i.test(file);

export function dbmlDocumentsOf({ select, textOf }: DbmlDocumentsOptions): DbmlDocuments {
  let found: Promise<readonly DocumentOfSchema[]> | undefined;

  async function read(): Promise<readonly DocumentOfSchema[]> {
    const documents: DocumentOfSchema[] = [];
    for (const file of await select()) {
      const source = await textOf(file);
      if ('text' in source) documents.push({ file, text: source.text, document: parseDbml(source.text) });
    }
    return documents;
  }

  return {
    all() {
      found ??= read();
      return found;
    },
    changed(file) {
      if (isDbml(file)) found = undefined;
    },
  };
}
