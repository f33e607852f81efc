/** Migrations that Umzug runs: what they are handed is the `context` of a record. Source: github.com/sequelize/umzug, README. */
import type { MigrationTool } from '../engine/migrationTools';
import type { Function as FunctionNode, Parameter, Type } from '../program/model';
import { visitNodes } from '../program/traverse';

/** Whose things the context is: by the type that is written for it, else by the package that the migration takes its types from. */
const CONTEXTS: readonly { readonly tool: MigrationTool; readonly types: RegExp; readonly packages: RegExp }[] = [
  { tool: 'sequelize', types: /^(?:QueryInterface|Sequelize)$/, packages: /^(?:sequelize|@sequelize\/core)$/ },
];

/**
 * The tool whose things a direction takes out of its `context`; undefined where it takes none, or it is not told whose they are.
 * @param imports the packages that the module imports
 */
export function toolInContext(up: FunctionNode, imports: readonly string[]): MigrationTool | undefined {
  const [first] = up.parameters;
  if (!first || !takesContext(up, first)) return undefined;
  const types = namesIn(first.type);
  return CONTEXTS.find(
    each => types.some(name => each.types.test(name)) || imports.some(name => each.packages.test(name)),
  )?.tool;
}

function takesContext({ body }: FunctionNode, { target }: Parameter): boolean {
  if (target.kind === 'entries') return target.entries.some(({ key }) => key === 'context');
  if (target.kind !== 'variable') return false;
  let takes = false;
  visitNodes([...body], node => {
    if (node.kind === 'member') takes ||= node.name === 'context' && isIt(node.object, target.name);
    if (node.kind === 'declare' && node.target.kind === 'entries' && node.value && isIt(node.value, target.name))
      takes ||= node.target.entries.some(({ key }) => key === 'context');
    return !takes;
  });
  return takes;
}

const isIt = (node: { readonly kind: string; readonly name?: unknown }, name: string): boolean =>
  node.kind === 'name' && node.name === name;

/** The last parts of all type names in `{ context: QueryInterface }` and `MigrationParams<Sequelize.QueryInterface>`. */
function namesIn(type: Type | undefined): readonly string[] {
  switch (type?.kind) {
    case 'named':
      return [type.name.slice(type.name.lastIndexOf('.') + 1), ...type.arguments.flatMap(namesIn)];
    case 'record':
      return type.entries.flatMap(entry => namesIn(entry.type));
    case 'union':
      return type.of.flatMap(namesIn);
    default:
      return [];
  }
}
