/** What is done alike in this workspace already, so that a proposal does it too. Counted, never guessed from one case. */
import type { MigrationsFacts, SchemaFacts, StackFacts } from './grounding';

export function conventionsOf({
  stack,
  schema: { tables },
  migrations,
  files,
}: {
  readonly stack: StackFacts;
  readonly schema: SchemaFacts;
  readonly migrations: readonly MigrationsFacts[];
  readonly files: readonly string[];
}): readonly string[] {
  const found: string[] = [];
  const keys = tables.flatMap(table => {
    const type =
      table.primaryKey.length === 1 ? table.columns.find(({ name }) => name === table.primaryKey[0])?.type : undefined;
    return type ? [type] : [];
  });
  const key = mostOf(keys);
  if (key) found.push(`primary keys are \`${key.value}\` (${key.count} of ${keys.length} tables)`);
  const plural = tables.filter(({ name }) => name.endsWith('s')).length;
  if (tables.length > 2)
    found.push(
      `tables are named in the ${plural * 2 >= tables.length ? 'plural' : 'singular'}, in snake_case${tables.every(({ name }) => name === name.toLowerCase()) ? '' : ' mostly'}`,
    );
  const times = mostOf(
    tables.flatMap(({ columns }) => columns.filter(({ name }) => /_at$/.test(name)).map(({ type }) => type)),
  );
  if (times) found.push(`times are \`${times.value}\`, named \`…_at\``);
  const money = tables.flatMap(({ columns }) => columns.filter(({ name }) => name.endsWith('_cents'))).length;
  if (money > 1) found.push('money is integer cents, named `…_cents`');
  const last = migrations[0]?.last;
  if (last) found.push(`a migration is called like \`${last.file.split('/').at(-1)}\``);
  const tests = stack.uses.find(({ role }) => role === 'tests');
  if (tests)
    found.push(
      `tests run with ${tests.name}${files.some(file => /\.test\.\w+$/.test(file)) ? ', in files called `*.test.*`' : ''}`,
    );
  return found;
}

function mostOf(values: readonly string[]): { value: string; count: number } | undefined {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  const [most] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return most && most[1] > 1 ? { value: most[0], count: most[1] } : undefined;
}
