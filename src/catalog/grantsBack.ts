/** Privileges given and taken until they are what they were. */
import { roleText } from './definitionText';
import { quoted } from './naming';
import type { Grants, ObjectId, Table, View } from './object';

/** Whom PostgreSQL lets call a function that is made. */
export const GRANTS_OF_NEW: Grants = [['public', ['execute']]];

export function grantsBack(now: Grants, then: Grants, on: string): readonly string[] {
  const statements: string[] = [];
  const was = new Map(now);
  const is = new Map(then);
  for (const [grantee, privileges] of now) {
    const lost = privileges.filter(privilege => !(is.get(grantee) ?? []).includes(privilege)).map(plain);
    if (lost.length > 0) statements.push(`REVOKE ${lost.join(', ')} ON ${on} FROM ${roleText(grantee)};`);
  }
  for (const [grantee, privileges] of then) {
    const had = was.get(grantee) ?? [];
    // what is taken of the whole relation is taken of each column too
    const taken = had.filter(privilege => !privileges.includes(privilege)).map(plain);
    const isTaken = (privilege: string): boolean =>
      columnOfPrivilege(privilege) !== undefined && taken.includes(plain(privilege).replace(/ \(.*/, ''));
    const fresh = privileges.filter(privilege => !had.includes(privilege) || isTaken(privilege));
    for (const option of [false, true]) {
      const those = fresh.filter(privilege => privilege.endsWith(OPTION) === option).map(plain);
      if (those.length > 0)
        statements.push(
          `GRANT ${those.join(', ')} ON ${on} TO ${roleText(grantee)}${option ? ' WITH GRANT OPTION' : ''};`,
        );
    }
  }
  return statements;
}

const OPTION = ' with grant option';

/** `update (total)` keeps its column's case. */
const plain = (privilege: string): string =>
  privilege.replace(OPTION, '').replace(/^[a-z ]+/, word => word.toUpperCase());

/** The column that a privilege is on, quoted where it must be; undefined for one on all of the relation. */
export const columnOfPrivilege = (privilege: string): string | undefined => /\((.*)\)/.exec(privilege)?.[1];

/** As they are when a column is called otherwise. */
export const grantsRenamed = (grants: Grants, from: string, to: string): Grants =>
  grants.map(([grantee, privileges]) => [
    grantee,
    privileges.map(privilege => privilege.replace(`(${quoted(from)})`, () => `(${quoted(to)})`)).sort(),
  ]);

/** The privileges of a relation when its columns are called as they were; those of a column that is gone are gone with it. */
export function grantsByFormerNames(now: Table | View, then: Table | View, remade: ReadonlySet<ObjectId>): Grants {
  let grants = now.grants;
  for (const { id, name } of now.columns) {
    const was = then.columns.find(column => column.id === id);
    if (!was || remade.has(id))
      grants = grants.map(([grantee, privileges]) => [
        grantee,
        privileges.filter(privilege => !privilege.includes(`(${quoted(name)})`)),
      ]);
    else if (was.name !== name) grants = grantsRenamed(grants, name, was.name);
  }
  return grants;
}
