/** Comments, privileges and owners: shown, never deciding, but given back with what they belong to. */
import { isTable, isView } from './catalog';
import { roleText } from './definitionText';
import { GRANTS_OF_NEW, grantsBack, grantsByFormerNames } from './grantsBack';
import { fullName, quoted } from './naming';
import type { CatalogObject, Table, View } from './object';
import { commentText, namedText } from './print';
import type { Script } from './wayBack';

export function softBack(script: Script): void {
  for (const then of script.before.objects.values()) {
    if (then.kind === 'sequence' && then.identity) continue;
    const now = script.rebuilt.has(then.id) ? undefined : script.after.objects.get(then.id);
    if (now === then) continue;
    objectSoft(script, now, then);
    if (isTable(then) || isView(then)) partsSoft(script, isTable(now) || isView(now) ? now : undefined, then);
  }
}

function objectSoft({ before, statements, remade }: Script, now: CatalogObject | undefined, then: CatalogObject): void {
  const what = namedText(before, then);
  if (now?.comment !== then.comment) statements.push(commentText(what, then.comment));
  if ('owner' in then && then.owner !== undefined && (!now || !('owner' in now) || now.owner !== then.owner))
    statements.push(`ALTER ${what} OWNER TO ${roleText(then.owner)};`);
  if (!('grants' in then)) return;
  const isRelation = isTable(then) || isView(then);
  const is =
    isRelation && (isTable(now) || isView(now))
      ? grantsByFormerNames(now, then, remade)
      : now && 'grants' in now
        ? now.grants
        : then.kind === 'routine' && before.dialect === undefined
          ? GRANTS_OF_NEW
          : [];
  statements.push(...grantsBack(is, then.grants, isRelation ? fullName(then) : what));
}

function partsSoft(script: Script, now: Table | View | undefined, then: Table | View): void {
  const { statements, rebuilt, remade } = script;
  const on = fullName(then);
  type Part = { readonly id: number; readonly name: string; readonly comment?: string };
  const compare = (is: readonly Part[], was: readonly Part[], what: (part: Part) => string) => {
    for (const part of was) {
      const same = rebuilt.has(part.id) || remade.has(part.id) ? undefined : is.find(({ id }) => id === part.id);
      if (same?.comment !== part.comment) statements.push(commentText(what(part), part.comment));
    }
  };
  compare(now?.columns ?? [], then.columns, part => `COLUMN ${on}.${quoted(part.name)}`);
  compare(now?.indexes ?? [], then.indexes, part => `INDEX ${fullName({ schema: then.schema, name: part.name })}`);
  compare(now?.triggers ?? [], then.triggers, part => `TRIGGER ${quoted(part.name)} ON ${on}`);
  compare(now?.rules ?? [], then.rules, part => `RULE ${quoted(part.name)} ON ${on}`);
  if (!isTable(then)) return;
  const table = now && isTable(now) ? now : undefined;
  compare(table?.constraints ?? [], then.constraints, part => `CONSTRAINT ${quoted(part.name)} ON ${on}`);
  compare(table?.policies ?? [], then.policies, part => `POLICY ${quoted(part.name)} ON ${on}`);
}
