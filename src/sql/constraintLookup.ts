/**
 * What T-SQL does about a constraint that was given no name: asks the server's own lists what it is called, and drops it under
 * that name. EF Core writes it so, and many people by hand.
 */

/** The list that is asked. */
export type LookedUp = 'default' | 'check' | 'primaryKey' | 'unique' | 'foreignKey';

export interface ConstraintLookup {
  readonly kind: LookedUp;
  /** As it is written in the ALTER TABLE that is put together. */
  readonly table: string;
  /** None of a primary key. */
  readonly column?: string;
  /** The offset behind all of it. */
  readonly end: number;
}

const NAME = String.raw`(?:\[[^\]]+\]|[\w#]+)`;
const TYPE = String.raw`(?:AS\s+)?\[?\w+\]?(?:\s*\(\s*\w+\s*\))?`;
/** What the search itself may hold: no other statement. */
const SEARCH = String.raw`((?:(?!\b(?:EXEC|EXECUTE|DROP|CREATE|ALTER|INSERT|UPDATE|DELETE|DECLARE|BEGIN|IF|SET|GO)\b)[^;])*?)`;
const ALTER = String.raw`N?'\s*ALTER\s+TABLE\s+((?:${NAME}\s*\.\s*)*${NAME})\s+DROP\s+CONSTRAINT\s*\[?\s*'`;
const CLOSING = String.raw`(?:\s*\+\s*N?'\]?\s*;?')?`;

/** `SELECT @name = name FROM sys.…; IF @name IS NOT NULL EXEC('ALTER TABLE … DROP CONSTRAINT [' + @name + ']')` */
const BY_NAME = new RegExp(
  String.raw`DECLARE\s+(@\w+)\s+${TYPE}\s*;?\s*(?:SELECT\s+(?:TOP\s*\(?\s*1\s*\)?\s*)?\1\s*=|SET\s+\1\s*=\s*\(?)\s*${SEARCH}\s*;?\s*(?:IF\s+\(?\s*\1\s+IS\s+NOT\s+NULL\s*\)?\s*(?:(BEGIN)\s+)?)?EXEC(?:UTE)?\s*\(\s*${ALTER}\s*\+\s*\1${CLOSING}\s*\)\s*;?(?:\s*(END)\b\s*;?)?`,
  'iy',
);

/** `SELECT @sql = 'ALTER TABLE … DROP CONSTRAINT ' + name FROM sys.…; EXEC sp_executesql @sql` */
const BY_STATEMENT = new RegExp(
  String.raw`DECLARE\s+(@\w+)\s+${TYPE}\s*(?:=\s*N?'')?\s*;?\s*SELECT\s+(?:TOP\s*\(?\s*1\s*\)?\s*)?\1\s*\+?=\s*${ALTER}\s*\+\s*(?:QUOTENAME\s*\(\s*)?(?:${NAME}\s*\.\s*)?\[?name\]?\s*\)?${CLOSING}\s*${SEARCH}\s*;?\s*EXEC(?:UTE)?\s*(?:\(\s*\1\s*\)|sp_executesql\s+\1)\s*;?`,
  'iy',
);

/** The lookup that begins here; nothing where it asks for anything else than the constraint of one column. */
export function lookupAt(text: string, at: number): ConstraintLookup | undefined {
  BY_NAME.lastIndex = at;
  const named = BY_NAME.exec(text);
  if (named) {
    const [whole, , search = '', begin, table = '', end] = named;
    // an END that closes nothing here is another's
    if ((begin === undefined) === (end === undefined)) return lookup(search, table, at + whole.length);
    return undefined;
  }
  BY_STATEMENT.lastIndex = at;
  const found = BY_STATEMENT.exec(text);
  if (!found) return undefined;
  const [whole, , table = '', search = ''] = found;
  return lookup(search, table, at + whole.length);
}

function lookup(search: string, table: string, end: number): ConstraintLookup | undefined {
  const kind = kindOf(search);
  const [first, ...others] = [...search.matchAll(/OBJECT_ID\s*\(\s*N?'([^']+)'(?:\s*,\s*N?'\w*')?\s*\)/gi)]
    .map(([, name = '']) => plain(name))
    .filter((name, at, all) => all.indexOf(name) === at);
  // of a foreign key the other table is asked for as well
  if (!kind || first === undefined || (others.length > 0 && kind !== 'foreignKey') || plain(table) !== first)
    return undefined;
  const literals = [...search.replace(/OBJECT_ID\s*\([^)]*\)/gi, '').matchAll(/N?'((?:[^']|'')*)'/gi)]
    .map(([, value = '']) => value.replaceAll("''", "'"))
    .filter((value, at, all) => !/^(?:D|C|F|PK|UQ|ColumnId)$/.test(value) && all.indexOf(value) === at);
  const [column, more] = literals;
  if (more !== undefined || (column === undefined) !== (kind === 'primaryKey')) return undefined;
  return { kind, table, ...(column === undefined ? {} : { column }), end };
}

function kindOf(search: string): LookedUp | undefined {
  const lists = [
    ...search.matchAll(/\bsys\]?\s*\.\s*\[?(default_constraints|check_constraints|key_constraints|foreign_keys)\b/gi),
  ];
  const [list, more] = lists.map(([, name = '']) => name.toLowerCase());
  if (more !== undefined) return undefined;
  switch (list) {
    case 'default_constraints':
      return 'default';
    case 'check_constraints':
      return 'check';
    case 'foreign_keys':
      return 'foreignKey';
    case 'key_constraints':
      return /'PK'/.test(search) ? 'primaryKey' : /'UQ'/.test(search) ? 'unique' : undefined;
    default:
      return undefined;
  }
}

/** A name as it is compared: without brackets, and without the schema that is there anyway. */
const plain = (name: string): string =>
  name
    .replace(/[[\]"\s]/g, '')
    .replace(/^(?:\w+\.(?=\w*\.))?(?:dbo\.|\.)/i, '')
    .toLowerCase();

/** How each list is searched. A name of the server's own is looked for where the column is no proof that there is but one. */
const SEARCHES: Readonly<Record<LookedUp, { readonly from: readonly string[]; readonly where: string }>> = {
  default: {
    from: [
      'FROM [sys].[default_constraints] [d]',
      'INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]',
    ],
    where: '',
  },
  check: {
    from: [
      'FROM [sys].[check_constraints] [d]',
      'INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]',
    ],
    where: ' AND [d].[is_system_named] = 1',
  },
  primaryKey: { from: ['FROM [sys].[key_constraints] [d]'], where: " AND [d].[type] = 'PK'" },
  unique: {
    from: [
      'FROM [sys].[key_constraints] [d]',
      'INNER JOIN [sys].[index_columns] [i] ON [d].[parent_object_id] = [i].[object_id] AND [d].[unique_index_id] = [i].[index_id]',
      'INNER JOIN [sys].[columns] [c] ON [i].[object_id] = [c].[object_id] AND [i].[column_id] = [c].[column_id]',
    ],
    where: " AND [d].[type] = 'UQ' AND [d].[is_system_named] = 1",
  },
  foreignKey: {
    from: [
      'FROM [sys].[foreign_keys] [d]',
      'INNER JOIN [sys].[foreign_key_columns] [k] ON [d].[object_id] = [k].[constraint_object_id]',
      'INNER JOIN [sys].[columns] [c] ON [k].[parent_object_id] = [c].[object_id] AND [k].[parent_column_id] = [c].[column_id]',
    ],
    where: ' AND [d].[is_system_named] = 1',
  },
};

/**
 * A statement that drops a constraint by the name that the server has given it.
 * @param table     as it is written
 * @param variable  without its `@`; two of one batch must differ
 */
export function lookupText(kind: LookedUp, table: string, column: string | undefined, variable: string): string {
  const { from, where } = SEARCHES[kind];
  const name = `@${variable}`;
  const literal = (text: string): string => `N'${text.replaceAll("'", "''")}'`;
  const isColumns = column === undefined ? '' : ` AND [c].[name] = ${literal(column)}`;
  return [
    `DECLARE ${name} sysname;`,
    `SELECT ${name} = [d].[name]`,
    ...from,
    `WHERE [d].[parent_object_id] = OBJECT_ID(${literal(table)})${isColumns}${where};`,
    `IF ${name} IS NOT NULL EXEC(N'ALTER TABLE ${table.replaceAll("'", "''")} DROP CONSTRAINT [' + ${name} + N'];');`,
  ].join('\n');
}
