/** An index that is taken out of a migration that the tool runs in one transaction, and built by a new one that it runs outside of any. */
import { tableNamed } from '../catalog/catalog';
import { quoted } from '../catalog/naming';
import type { OperationOf } from '../catalog/operation';
import { type Edit, type ProposedFix, previewed } from '../engine/finding';
import type { Place } from '../engine/place';
import { mayStandOn, withoutStatement } from './behindCommit';
import { behind } from './lockFixes';
import type { SchemaChange } from './schemaScripts';
import { upWith } from './stepParts';

/**
 * The fix of an index in the middle of a migration; none where the rest of the migration may stand on it, it has run somewhere, or its
 * tool's way is not certain.
 */
export function indexOfItsOwn(change: SchemaChange<OperationOf<'createIndex'>>): readonly ProposedFix[] {
  const { statement, operation, script } = change;
  const { name, table, concurrently, concurrentlyAt } = operation;
  if (!name || statement.transaction?.by !== 'tool' || script.statements.length < 2) return [];
  if (statement.operations.length !== 1 || statement.guards) return [];
  const later = script.statements.filter(({ index }) => index > statement.index);
  if (later.some(each => mayStandOn(each, name.name))) return [];
  const [now, then] = [tableNamed(change.after, table), tableNamed(script.after, table)];
  // under another name by then, or gone
  if (!now || then?.id !== now.id) return [];
  const { start, end } = operation.statement;
  const [head, tail] = [
    statement.textOf({ start, end: concurrentlyAt }),
    statement.textOf({ start: concurrentlyAt, end }),
  ];
  const up = concurrently ? `${head}${tail}` : `${head} CONCURRENTLY${tail}`;
  const schema = table.schema === undefined ? '' : `${quoted(table.schema)}.`;
  const added = behind(change, [
    {
      does: `add ${name.name}`,
      comments: [
        'Built while the table is written to, outside of a transaction. If it fails, drop the invalid index and run it again.',
      ],
      // an index that is left invalid would be taken for built
      up: [`${up.replace(/\s+IF\s+NOT\s+EXISTS\b/i, '')};`],
      down: [`DROP INDEX CONCURRENTLY ${schema}${quoted(name.name)};`],
      alone: true,
    },
  ]);
  const rest = added && withoutIt(change, name.name);
  return rest ? [previewed('Build the index CONCURRENTLY in a new migration', [...rest, ...added])] : [];
}

/** The migration without the index, and its way back. */
function withoutIt(change: SchemaChange, name: string): readonly Edit<Place>[] | undefined {
  const { statement, script } = change;
  const isCode = statement.inCode || statement.builder !== undefined;
  const taken = isCode ? statement.without?.('Built in a migration of its own.') : withoutStatement(statement);
  const down = script.others?.wayBackOf(upWith(change, []), [], {
    isOf: each => each.kind === 'drop' && each.objects.length === 1 && each.objects[0]?.name.name === name,
    by: [],
  });
  const back = down && script.downAs?.(down);
  return taken && back && [...taken, ...back];
}
