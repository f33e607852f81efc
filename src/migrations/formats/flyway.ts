/**
 * Flyway: `V2_1__orders.sql`, its undo `U2_1__orders.sql`, repeatables `R__views.sql`.
 *
 * Source: documentation.red-gate.com/fd (SQL-based migrations, script configuration files).
 */
import { dialectOf } from '../../sql/dialect';
import { baseName, type Direction, type Format, folderOf } from '../contribution';
import { wholeFile, withPlaceholders } from '../sqlScript';

const FORM = /^([VU])(\d+(?:[._]\d+)*)__(.+)\.sql$/;
const REPEATABLE = /^R__(.+)\.sql$/;
/** What Flyway does not run in a transaction, whatever its settings. */
const ALONE =
  /^(?:create\s+(?:unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|reindex\b[\s\S]*\bconcurrently|vacuum|create\s+database|drop\s+database|create\s+tablespace|drop\s+tablespace|create\s+subscription|drop\s+subscription|alter\s+system|alter\s+type\b[\s\S]*\badd\s+value)\b/i;

export const flyway: Format = ({ file, text }, projects) => {
  const name = baseName(file);
  if (name.endsWith('.sql.conf'))
    return /^\s*executeInTransaction\s*=\s*false/im.test(text)
      ? [{ kind: 'outside-transaction', tool: 'flyway', folder: folderOf(file), key: file.replace(/\.conf$/, '') }]
      : [];
  const [, letter, version] = FORM.exec(name) ?? [];
  const isRepeatable = REPEATABLE.test(name);
  if (letter === undefined && !isRepeatable) return [];
  const direction: Direction = wholeFile(file, text, projects, script => ({
    ...withPlaceholders(script, /\$\{[\w.:]+\}/, 'a placeholder of Flyway'),
    inTransaction: script.inTransaction || !script.statements.some(({ sql }) => ALONE.test(sql)),
  }));
  const told = {
    kind: 'migration',
    tool: 'flyway',
    folder: folderOf(file),
    dialect: dialectOf(text, projects),
  } as const;
  if (isRepeatable) return [{ ...told, key: file, name: name.slice(0, -4), up: direction, repeatable: true }];
  return [
    {
      ...told,
      key: versionOfFlyway(version ?? ''),
      // the undo of a migration may describe itself otherwise
      name: name.slice(0, -4),
      ...(letter === 'V' ? { up: direction } : { down: direction }),
    },
  ];
};

/** `2_1` and `2.1` are one version, and so are `01` and `1`. */
const versionOfFlyway = (version: string): string =>
  version
    .split(/[._]/)
    .map(part => part.replace(/^0+(?=\d)/, ''))
    .join('.');
