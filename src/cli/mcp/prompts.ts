/** The commands of `@backend` as prompts: what each takes, and what the model is to do with the tools. */
import { COMMANDS, type CommandName } from '../../persona/question';

export interface Prompt {
  readonly name: CommandName;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** What is done after the facts were read. */
  readonly task: string;
}

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

const one = (name: string, description: string, required = true): readonly PromptArgument[] => [
  { name, description, required },
];

const PATH = one('path', 'A file or folder, relative to the workspace; all of it when left out.', false);
const FINDING = one('finding', 'A fingerprint, file:line, or the id of a rule.');

export const prompts: readonly Prompt[] = [
  prompt(
    'review',
    'Review',
    PATH,
    'Review in the order of the role. Call review_file or list_findings for what is not below, and explain_finding where a finding is not obvious. Say what was covered. Propose the fixes, and apply one only when asked.',
  ),
  prompt(
    'explain',
    'Explain a finding',
    FINDING,
    'Explain the finding to somebody who has not seen it: what happens, what production feels, what to do. Call explain_finding for the path through the code.',
  ),
  prompt(
    'fix',
    'Fix a finding',
    FINDING,
    'Show the fix as a diff and say what it changes. Apply it with apply_fix when the person agrees, then call review_file again and say what is left.',
  ),
  prompt(
    'api',
    'Design an API',
    one('table', 'The table or resource.'),
    'Design the API contract first (OpenAPI), from the table as describe_schema tells it: status codes, error shape, paging, who may do what.',
  ),
  prompt(
    'endpoint',
    'Build an endpoint',
    one('route', 'Method and path: POST /orders/{id}/refunds.'),
    'Answer in this shape: contract, files, validation, tests, rollback. Call describe_schema before you write SQL, and review_text on each file before you hand it over.',
  ),
  prompt(
    'schema',
    'Look at the schema',
    one('table', 'A table; all of them when left out.', false),
    'Tell the table as the migrations leave it, what it lacks, and who uses it. Call describe_schema and find_column_uses.',
  ),
  prompt(
    'migration',
    'Plan a schema change',
    one('change', 'The change in words or SQL.'),
    'Plan it in steps that old and new code both survive. Call find_column_uses for what is changed or dropped, review_text on the migration, generate_down_migration for its way back and verify_migration to prove it.',
  ),
  prompt(
    'architecture',
    'Look at the architecture',
    [],
    'Say what it is built of and where it would give way first, with file:line for each claim. Call list_findings and describe_schema.',
  ),
  prompt(
    'security',
    'Security review',
    PATH,
    'Review for security only: input that reaches a query, missing checks of who may do it, secrets, data shown to the wrong person. Call list_findings.',
  ),
  prompt(
    'performance',
    'Performance review',
    PATH,
    'Review for performance only: queries in loops, unbounded reads, missing indexes, locks. Call list_findings, and ask for the load before you propose.',
  ),
  prompt(
    'checklist',
    'Checklist',
    one('name', 'before, endpoint, migration, data-access, security, production, after or incident.', false),
    'Go through the list against this workspace; mark each point as met, open or not known, with evidence.',
  ),
];

function prompt(name: CommandName, title: string, takes: readonly PromptArgument[], task: string): Prompt {
  return { name, title, description: `${capital(COMMANDS[name])}.`, arguments: takes, task };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
