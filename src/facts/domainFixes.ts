/** How a constraint of a domain is added while the tables that use the domain are read and written. */
import type { OperationOf } from '../catalog/operation';
import { type ProposedFix, previewed } from '../engine/finding';
import { afterCommit } from './behindCommit';
import { behind, runsAlone } from './lockFixes';
import { insertion, rewriteIn } from './schemaChanges';
import type { SchemaChange } from './schemaScripts';

/**
 * NOT VALID, and validated where that shares no transaction and so no lock: right after, behind the COMMIT, or in a new migration. A
 * constraint without a name stays to be validated, by the name that the server gives it.
 * @param notValidAt where NOT VALID is written
 */
export function domainNotValid(
  change: SchemaChange<OperationOf<'createDomain' | 'alterDomain'>>,
  notValidAt: number,
): readonly ProposedFix[] {
  const { statement, operation } = change;
  if (operation.kind !== 'alterDomain' || operation.change.kind !== 'addConstraint') return [];
  const edit = insertion(notValidAt, ' NOT VALID');
  const { name, span } = operation.change.constraint;
  const later = rewriteIn(change, 'Add it NOT VALID (validate it in a later migration)', [edit]);
  if (!name) return later;
  const of = `ALTER DOMAIN ${statement.textOf(operation.domain.span)}`;
  const constraint = statement.textOf(name.span);
  const validate = `${of} VALIDATE CONSTRAINT ${constraint}`;
  const title = 'Add it NOT VALID, and validate it after';
  if (runsAlone(change)) {
    const { end } = operation.statement;
    const text = `;${statement.lineBreak}${validate}`;
    return rewriteIn(
      change,
      title,
      end === notValidAt ? [insertion(end, ` NOT VALID${text}`)] : [edit, insertion(end, text)],
    );
  }
  const behindIt = afterCommit(change, [validate]);
  if (behindIt) return rewriteIn(change, `${title} COMMIT`, [edit], [behindIt]);
  const inNew = 'Add it NOT VALID, and validate it in a new migration';
  const [first] = rewriteIn(change, inNew, [edit]);
  const added =
    first &&
    behind(change, [
      {
        does: `validate ${name.name}`,
        comments: ['Reads the rows while they are written to: what is written is checked already.'],
        up: [`${validate};`],
        down: [
          `${of} DROP CONSTRAINT ${constraint};`,
          `${of} ADD ${statement.textOf({ start: span.start, end: notValidAt })} NOT VALID;`,
        ],
        atOnce: true,
        isApart: true,
      },
    ]);
  return first && added ? [...later, previewed(inNew, [...first.edits, ...added])] : later;
}
