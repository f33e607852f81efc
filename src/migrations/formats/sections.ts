/**
 * Up and down as sections of one file.
 *
 * Sources: github.com/amacneil/dbmate (`transaction:false`), pressly.github.io/goose/documentation/annotations,
 * node-pg-migrate's src/sqlMigration.ts.
 */

import type { MigrationTool } from '../../engine/migrationTools';
import type { FileId } from '../../engine/place';
import { type Dialect, dialectOf } from '../../sql/dialect';
import { baseName, type Direction, type Format, folderOf } from '../contribution';
import type { Script } from '../script';
import { type Section, sectionsOf } from '../sqlFiles';
import { asOneQuery, readScript, withPlaceholders } from '../sqlScript';

export const sections: Format = ({ file, text }, projects) => {
  const found = sectionsOf(text);
  if (!found) return [];
  const { tool, up, down } = found;
  const direction = (section: Section): Direction => ({
    file,
    script: scriptOf(tool, file, text, section, projects),
    at: { unit: file, start: section.markerAt, end: section.markerAt + section.marker.length },
  });
  return [
    {
      kind: 'migration',
      tool,
      folder: folderOf(file),
      key: file,
      name: baseName(file).replace(/\.sql$/i, ''),
      dialect: dialectOf(text, projects),
      up: direction(up),
      ...(down ? { down: direction(down) } : {}),
    },
  ];
};

function scriptOf(tool: MigrationTool, file: FileId, text: string, section: Section, projects: Dialect): Script {
  const script = readScript(file, text, section, projects);
  if (tool === 'dbmate')
    return /\btransaction\s*:\s*false\b/i.test(section.marker)
      ? asOneQuery(script)
      : { ...script, inTransaction: true };
  if (tool !== 'goose') return { ...script, inTransaction: true };
  const inTransaction = !/^[ \t]*--[ \t]*\+goose[ \t]+no[ \t]+transaction\b/im.test(text);
  const substitutes = /^[ \t]*--[ \t]*\+goose[ \t]+envsub[ \t]+on\b/im.test(text);
  const read = { ...script, inTransaction };
  return substitutes ? withPlaceholders(read, /\$\{?[A-Za-z_]/, 'a variable of the environment') : read;
}
