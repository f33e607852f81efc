/** Writes to two tables that a foreign key of the schema ties together, by one value in both. */
import type { DependentWrites, WriteStep } from './dependentWrites';
import { isGone, type KnownSchema } from './knownSchema';
import type { KnownTable } from './knownTables';

export function tiedWrites(maybe: readonly DependentWrites[], known: KnownSchema): readonly DependentWrites[] {
  return maybe.filter(({ earlier, later: [later] }) => {
    const [one, other] = [tableOf(earlier, known), later && tableOf(later, known)];
    return one && other && later && (refersTo(earlier, one, later, other) || refersTo(later, other, earlier, one));
  });
}

function tableOf({ relation = '' }: WriteStep, known: KnownSchema): KnownTable | undefined {
  const [name = '', schema] = relation.replaceAll('"', '').split('.').reverse();
  const answer = known.relation({ name, ...(schema === undefined ? {} : { schema }) });
  return answer === 'open' || answer === 'absent' || isGone(answer) ? undefined : answer.table;
}

/** The row that the child writes refers to the one that the parent writes. */
function refersTo(child: WriteStep, table: KnownTable, parent: WriteStep, to: KnownTable): boolean {
  return table.references.some(({ columns, table: name, referenced, isDeclared }) => {
    const [column, more] = columns;
    if (!isDeclared || more !== undefined || name !== to.name) return false;
    const given = child.keys?.find(key => key.column === column)?.source;
    return (
      given !== undefined && parent.keys?.some(key => key.column === referenced[0] && key.source === given) === true
    );
  });
}
