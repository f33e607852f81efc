/** What `--help` prints. */
import type { HelpTopic } from './commandLine';
import type { Colors } from './terminal';

/** Short enough for one screen; examples are what people copy. */
export function helpFor(about: HelpTopic | undefined, { bold, dim }: Colors): string {
  if (about === 'migration') return migrationHelp(bold, dim);
  if (about === 'ask') return askHelp(bold, dim);
  if (about === 'mcp') return mcpHelp(bold, dim);
  return about === 'check' ? checkHelp(bold, dim) : generalHelp(bold, dim);
}

type Paint = (text: string) => string;

const generalHelp = (
  bold: Paint,
  dim: Paint,
): string => `${bold('Backend Reviewer')} reviews what a backend does to its database, in code and in migrations.

${bold('Usage')}
  backend-reviewer check [OPTIONS] [PATH…]   review files and folders (default: the current folder)
  backend-reviewer migration verify [PATH…]  prove the ways back of migrations on an embedded PostgreSQL
  backend-reviewer ask "QUESTION"            ask the backend engineer, offline
  backend-reviewer lsp --stdio               serve an editor by the language server protocol
  backend-reviewer mcp [--workspace DIR]     serve agents by the Model Context Protocol, on standard input and output
  backend-reviewer check --help              the options of check
  backend-reviewer --version

${bold('Examples')}
  backend-reviewer check src migrations
  backend-reviewer check --format sarif --output review.sarif
  backend-reviewer check --rule n-plus-one src/routes
  backend-reviewer ask "how do we page through orders?"

${dim('Findings depend on the whole project: the nearest folder upward with .git, a workspace, or a manifest.')}
${dim('backend-reviewer.json sets rules and levels for the files beside and below it.')}
`;

const checkHelp = (bold: Paint, dim: Paint): string => `${bold('Usage')}  backend-reviewer check [OPTIONS] [PATH…]

Reviews files and folders, by default the current one. Below a folder, node_modules, .git and what .gitignore or
the configuration's "exclude" names are left out; a path that is named itself is always reviewed.

${bold('Options')}
  --format pretty|json|sarif|github   how to print the findings (default: pretty)
  -o, --output FILE                   write them to a file
  --rule ID                           run exactly this rule; may be repeated
  --fail-level error|warning|info     the lowest level that fails the check, whatever configurations say
  --baseline FILE                     the SARIF of an earlier run: what it holds does not count
  --explain FINGERPRINT               the whole story of one finding, with its path, fixes and reasons
  --changed-since REF                 only findings that changes since a git commit, branch or tag touch or cause;
                                      what is not committed, and not tracked, counts as changed
  -  with --stdin-filename PATH       review the text on standard input as if it stood there
  -h, --help

${bold('Exit status')}
  0  nothing at or above the fail level (default: warning)
  1  findings
  2  wrong usage, an unreadable configuration, or a failure of the whole run

${bold('Examples')}
  backend-reviewer check                                            ${dim('# everything here')}
  backend-reviewer check src/orders.ts --rule sql-injection         ${dim('# one file, one rule')}
  backend-reviewer check --format sarif --output baseline.sarif     ${dim('# keep what is known …')}
  backend-reviewer check --baseline baseline.sarif                  ${dim('# … and fail on what is new')}
  backend-reviewer check --fail-level error --format github         ${dim('# annotations in GitHub Actions')}
  backend-reviewer check --explain 3f9c2a71                         ${dim('# digits from the end of a finding’s first line')}
  backend-reviewer check --changed-since HEAD                       ${dim('# before a commit')}
  backend-reviewer check - --stdin-filename src/orders.ts < draft   ${dim('# before it is written')}

${bold('To leave a finding')}, put this in a comment above its line:
  backend-reviewer-ignore-next-line RULE -- reason
`;

const migrationHelp = (
  bold: Paint,
  dim: Paint,
): string => `${bold('Usage')}  backend-reviewer migration verify [DIR|FILE]…
       backend-reviewer migration down FILE [--write]

${bold('down')} prints the SQL of the way back, or writes it to where the migration's tool looks for it. It exits with 1 and the
reason where there is no honest way back, or where one stands already.

${bold('verify')} runs the history of each migration, its up, its down and its up again on a PostgreSQL that lives in memory, and compares
the schemas in between. No database of yours is touched, and nothing but SQL is run.

${bold('Exit status')}, of several results the first of 2, 1, 3, 0
  0  proven; also where rows are lost and the structure comes back, or only rows change
  1  not reversible: what differs is printed
  2  wrong usage, or the embedded PostgreSQL failed
  3  not verifiable: the reason is printed

${bold('Examples')}
  backend-reviewer migration verify                                 ${dim('# all migrations below the current folder')}
  backend-reviewer migration verify db/migrations
  backend-reviewer migration verify db/migrations/0042_add_due.up.sql
  backend-reviewer migration down db/migrations/0042_add_due.up.sql --write
`;

const askHelp = (bold: Paint, dim: Paint): string => `${bold('Usage')}  backend-reviewer ask [OPTIONS] "QUESTION"

Answers questions about backend work from its playbooks and from the facts of a workspace: its findings, the schema that
its migrations make, its stack and the team's own context files. Without --model nothing is sent anywhere.

${bold('Options')}
  --workspace DIR            the folder that is asked about (default: the current one)
  --format markdown|json     how to print the answer (default: markdown)
  --model NAME               a language model answers; its key is read from OPENAI_API_KEY
  --base-url URL             where: OpenAI (default), Azure, Ollama, LM Studio, vLLM, OpenRouter, or any that speaks
                             OpenAI's protocol. It gets the question, the facts that matter for it and what the guide
                             would say; secrets and personal data are covered first. HTTPS_PROXY and NO_PROXY hold.
  -h, --help

${bold('Commands')} that a question may begin with
  /review [PATH]      /explain FINDING    /fix FINDING        /schema [TABLE]     /migration CHANGE
  /endpoint METHOD /path                  /api TABLE          /architecture       /checklist NAME
  /security [PATH]    /performance [PATH]

${bold('Exit status')}
  0  answered
  2  wrong usage, or the endpoint failed

${bold('Examples')}
  backend-reviewer ask "two people buy the last item, what now?"
  backend-reviewer ask "/schema orders"                             ${dim('# the table, and what it lacks')}
  backend-reviewer ask "/migration add column channel text not null to orders"
  backend-reviewer ask --format json --workspace services/shop "/review src/routes"
  backend-reviewer ask --model llama3.2 --base-url http://localhost:11434/v1 "what breaks first at ten times the load?"
`;

const mcpHelp = (bold: Paint, dim: Paint): string => `${bold('Usage')}  backend-reviewer mcp [--workspace DIR]…

Serves agents by the Model Context Protocol on standard input and output: the review as tools, the rules' pages, playbooks
and the schema as resources, the commands of the backend engineer as prompts. It needs no key and no network.

${bold('Options')}
  --workspace DIR            look into this folder only; may be repeated (default: what the client tells, else what a call names)
  -h, --help

${bold('In .mcp.json')} ${dim('(Claude Code; .cursor/mcp.json for Cursor)')}
  { "mcpServers": { "backend-reviewer": { "command": "backend-reviewer", "args": ["mcp"] } } }
`;
