/** What a person is asked before a tool does more than read, and what is said while it works. */

export interface Consent {
  readonly title: string;
  readonly message: string;
}

/** Nothing where the tool only reads. */
export function consentFor(tool: string, args: unknown): Consent | undefined {
  const file = code(args, 'path');
  if (tool === 'apply_fix')
    return isPreview(args)
      ? undefined
      : {
          title: 'Apply a fix',
          message: `Backend Reviewer changes ${file} for the finding ${code(args, 'fingerprint')}. The change can be undone.`,
        };
  if (tool === 'verify_migration')
    return {
      title: 'Verify a migration',
      message: `Backend Reviewer runs the SQL of ${file} and of the migrations before it on an embedded PostgreSQL in memory. No database of yours is touched.`,
    };
  return undefined;
}

/** `Reviewing src/orders.ts` */
export function doing(tool: string, args: unknown): string {
  const file = code(args, 'path');
  switch (tool) {
    case 'review_file':
      return `Reviewing ${file}`;
    case 'review_text':
      return `Reviewing the text for ${file}`;
    case 'list_findings':
      return `Reviewing ${has(args, 'path') ? file : 'the workspace'}`;
    case 'explain_finding':
      return `Reading the finding in ${file}`;
    case 'apply_fix':
      return isPreview(args) ? `Reading the fix of ${file}` : `Mending ${file}`;
    case 'describe_schema':
      return has(args, 'relation') ? `Reading the table ${code(args, 'relation')}` : 'Reading the schema';
    case 'find_column_uses':
      return `Looking for ${code(args, 'table')}.${code(args, 'column')}`;
    case 'generate_down_migration':
      return `Writing the way back of ${file}`;
    case 'verify_migration':
      return `Verifying ${file}`;
    default:
      return 'Asking Backend Reviewer';
  }
}

const has = (args: unknown, key: string): boolean => typeof argumentIn(args, key) === 'string';
const isPreview = (args: unknown): boolean => argumentIn(args, 'preview') === true;

const argumentIn = (args: unknown, key: string): unknown =>
  typeof args === 'object' && args !== null && Object.hasOwn(args, key)
    ? (args as Record<string, unknown>)[key]
    : undefined;

/** As inline code, whatever a model has put there. */
function code(args: unknown, key: string): string {
  const value = argumentIn(args, key);
  const shown =
    typeof value === 'string'
      ? value
          .replace(/[`\s]+/g, ' ')
          .trim()
          .slice(0, 200)
      : '';
  return shown === '' ? `a ${key}` : `\`${shown}\``;
}
