/** Reads one direction of a migration that is written in SQL. */
import { type Dialect, dialectOf } from '../sql/dialect';
import { effectOf, namesIn } from '../sql/effect';
import { rememberedByDialect } from '../sql/remembered';
import type { ObjectChange, StatementEffect } from '../sql/schemaChange';
import { splitStatements } from '../sql/statements';
import { sourceOf, tokensOf } from '../sql/tokens';
import type { MigrationStep } from './migration';

export interface SqlStep {
  readonly step: MigrationStep;
  /** It raises an error whatever happens. */
  readonly fails: boolean;
  /** The head of the first statement that changes the schema, else of the first statement, in offsets of the text. */
  readonly first?: { readonly start: number; readonly end: number };
  /** Every word outside comments, in lower case. */
  readonly names: ReadonlySet<string>;
}

/** What several statements or calls do together: the strongest of their effects. */
export function stepOf(effects: readonly StatementEffect[]): MigrationStep {
  const changes = effects.flatMap(effect => effect.changes);
  const has = (wanted: StatementEffect['effect']): boolean => effects.some(({ effect }) => effect === wanted);
  const complete = effects.every(effect => effect.complete);
  if (has('structure')) return { effect: 'structure', changes, complete };
  if (has('unknown')) return { effect: 'unknown', changes, complete: false };
  if (has('data')) return { effect: 'data', changes, complete };
  return { effect: has('soft') ? 'soft' : 'none', changes, complete };
}

/**
 * Reads the SQL of one direction. Total: what it does not know makes the step incomplete.
 * @param projects the dialect of the project, which the text may belie
 */
export const readSqlStep: (text: string, projects: Dialect) => SqlStep = rememberedByDialect(read);

function read(text: string, projects: Dialect): SqlStep {
  const dialect = dialectOf(text, projects);
  const statements = splitStatements(text, dialect);
  const effects = statements.map(statement => effectOf(text, statement, dialect));
  // `\i schema.sql` runs what stands elsewhere
  const includes = tokensOf(text, dialect).some(
    token => token.kind === 'foreign' && /^\\(?:i|ir|include|include_relative)\b/.test(sourceOf(text, token)),
  );
  const structural = statements[effects.findIndex(({ effect }) => effect === 'structure')] ?? statements[0];
  const elsewhere: StatementEffect = { effect: 'unknown', changes: [], complete: false };
  return {
    step: stepOf(includes ? [...effects, elsewhere] : effects),
    fails: effects.some(({ effect }) => effect === 'fails'),
    ...(structural ? { first: headOf(text, structural) } : {}),
    names: namesIn(text, dialect),
  };
}

/** A statement's first line, as far as its opening parenthesis: `CREATE TABLE orders`. */
export function headOf(text: string, { start, end }: { start: number; end: number }): { start: number; end: number } {
  const line = /^[^\n(]*[^\s(]/.exec(text.slice(start, end));
  return { start, end: start + (line?.[0].length ?? end - start) };
}

/**
 * Whether a down, which is known to hold these words and no others, names nothing that the up changes. False where the
 * up changes something whose name is not known, and where the down may mean it by a name that the server makes up.
 */
export function namesNoneOf(up: MigrationStep, down: MigrationStep, names: ReadonlySet<string>): boolean {
  if (!down.complete || !up.complete || up.changes.length === 0) return false;
  const unnamed = down.changes.some(change => change.name === undefined);
  return up.changes.every(change => {
    if (unnamed && (change.kind === 'index' || change.kind === 'constraint')) return false;
    const known = [change.name, change.on, change.to].flatMap(name => (name === undefined ? [] : [name.toLowerCase()]));
    if (known.length === 0 || known.some(name => names.has(name))) return false;
    // the server names an index or constraint after its table: `orders_total_idx`
    return (
      change.name !== undefined || ![...names].some(name => known.some(table => `_${name}`.includes(`_${table}_`)))
    );
  });
}

/** What a change would be called in a sentence: `table orders`, `column orders.total`. */
export function nameOfChange({ kind, name, on }: ObjectChange): string {
  if (kind === 'column' && name !== undefined && on !== undefined) return `column \`${on}.${name}\``;
  if (name !== undefined) return `${kind} \`${name}\``;
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a';
  return on === undefined ? `${article} ${kind}` : `${article} ${kind} on \`${on}\``;
}
