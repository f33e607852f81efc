/** What the MCP server answers from. All that reads code hangs on this module, which is loaded on first need. */
import { nearest } from '../../engine/nearest';
import type { InstalledLab } from '../../lab/installed';
import { wholeAnswer } from '../../persona/answer';
import { offlineGuide } from '../../persona/guide';
import { openLibrary } from '../../persona/library';
import { SECTIONS, sectionOf } from '../../persona/playbook';
import { readPlaybooks } from '../../persona/playbooks/all';
import { asMaterial, systemPrompt } from '../../persona/prompt';
import { dbml } from '../../persona/tableWords';
import { failure, type ToolError } from '../../persona/tools/tool';
import { ruleDescriptions } from '../../rules/all.generated';
import type { FileAccess } from '../../workspace/fileAccess';
import { groundingOf } from '../../workspace/grounding';
import type { Product } from '../../workspace/product';
import { type ToolHosts, toolHostsOf } from '../../workspace/toolHosts';
import type { Prompt } from './prompts';
import { SCHEME } from './resourceTemplates';

export interface Knowledge {
  readonly hosts: ToolHosts;
  /** @param workspaces  those that have a catalog to read */
  resources(workspaces: readonly string[]): Resource[];
  read(
    uri: string,
    folderFor: (asked: string | undefined) => Promise<string | ToolError>,
  ): Promise<{ readonly mimeType: string; readonly text: string } | ToolError>;
  /** @param folder  nothing where no workspace is known: then there are no facts in it */
  promptText(
    prompt: Prompt,
    args: Readonly<Record<string, string>>,
    folder: string | undefined,
    signal: AbortSignal,
  ): Promise<string>;
}

export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly mimeType: string;
  // the protocol's own type has room for more
  readonly [key: string]: unknown;
}

export interface KnowledgeOptions {
  readonly openProduct: (files: FileAccess) => Product;
  readonly openLab: () => InstalledLab;
}

/** Tokens of the role in a prompt, and UTF-16 units of facts. */
const ROLE_BUDGET = 1_500;
const MOST_FACTS = 16_000;

export function openKnowledge({ openProduct, openLab }: KnowledgeOptions): Knowledge {
  const playbooks = readPlaybooks();
  const library = openLibrary(playbooks, ruleDescriptions);
  const guide = offlineGuide(library);
  // the client asks a person before it calls a tool that says that it changes something
  const hosts = toolHostsOf({ openProduct, openLab, trusted: true, mayWrite: true });

  async function catalogIn(folder: string): Promise<string> {
    const { tables, limits } = await hosts.with(folder, host => host.schema());
    const said = limits.map(limit => `// ${limit}`);
    if (tables.length === 0) said.push('// No table is known: no migration or schema file was found.');
    return [...said, ...tables.map(table => `${dbml(table)}\n`)].join('\n');
  }

  return {
    hosts,
    resources: workspaces => [
      ...workspaces.map(folder => ({
        uri: `${SCHEME}catalog?workspace=${encodeURIComponent(folder)}`,
        name: `catalog of ${folder.split('/').pop()}`,
        title: `Database catalog of ${folder.split('/').pop()}`,
        mimeType: 'text/plain',
      })),
      ...ruleDescriptions.map(({ id, summary }) => ({
        uri: `${SCHEME}rules/${id}`,
        name: id,
        title: `Rule ${id}`,
        description: summary,
        mimeType: 'text/markdown',
      })),
      ...playbooks.map(({ id, title }) => ({
        uri: `${SCHEME}playbooks/${id}`,
        name: id,
        title,
        mimeType: 'text/markdown',
      })),
    ],
    async read(uri, folderFor) {
      const [kind, id] = partsOf(uri);
      if (kind === 'rules') {
        const rule = library.rule(id);
        return rule ? { mimeType: 'text/markdown', text: rule.page } : noneCalled('rule', id, library.rules);
      }
      if (kind === 'playbooks') {
        const playbook = library.playbook(id);
        if (!playbook) return noneCalled('playbook', id, playbooks);
        const sections = SECTIONS.map(title => `## ${title}\n${sectionOf(playbook, title)}`);
        return { mimeType: 'text/markdown', text: `# ${playbook.title}\n\n${sections.join('\n\n')}\n` };
      }
      if (kind === 'catalog') {
        const folder = await folderFor(workspaceIn(uri));
        if (typeof folder !== 'string') return folder;
        return { mimeType: 'text/plain', text: await catalogIn(folder) };
      }
      return failure(
        'not-found',
        `There is no resource "${uri.slice(0, 200)}".`,
        'List the resources for what there is.',
      );
    },
    async promptText(prompt, args, folder, signal) {
      const said = prompt.arguments
        .map(({ name }) => args[name]?.trim() ?? '')
        .join(' ')
        .trim()
        .slice(0, 2_000);
      const question = `/${prompt.name} ${said}`.trim();
      const role = systemPrompt(`${question} ${prompt.description}`, { budget: ROLE_BUDGET });
      const facts =
        folder === undefined
          ? undefined
          : await hosts.with(folder, async (_, dependencies) => {
              const grounding = groundingOf({ folder, trusted: true, signal }, dependencies);
              return (await wholeAnswer(guide.answer({ text: question }, grounding, signal))).markdown;
            });
      return [
        role,
        `Task: ${prompt.task}${said === '' ? '' : ` It is about: ${said}`}`,
        folder === undefined
          ? 'No workspace is known: ask for the project’s root, and give it to every tool as "workspace".'
          : `Workspace: ${folder}`,
        ...(facts === undefined ? [] : [asMaterial('Backend Reviewer, offline', facts.slice(0, MOST_FACTS))]),
      ].join('\n\n');
    },
  };
}

function partsOf(uri: string): readonly [kind: string, id: string] {
  if (!uri.startsWith(SCHEME)) return ['', ''];
  const [, kind = '', id = ''] = /^([a-z]+)(?:\/([\w-]{1,100}))?(?:\?.*)?$/.exec(uri.slice(SCHEME.length)) ?? [];
  return [kind, id];
}

function workspaceIn(uri: string): string | undefined {
  const query = uri.indexOf('?');
  return (query < 0 ? undefined : new URLSearchParams(uri.slice(query)).get('workspace')) ?? undefined;
}

function noneCalled(what: string, id: string, all: readonly { readonly id: string }[]): ToolError {
  const near = nearest(
    id,
    all.map(each => each.id),
  );
  return failure(
    'not-found',
    `There is no ${what} "${id}".`,
    near === undefined ? 'List the resources for what there is.' : `Did you mean "${near}"?`,
  );
}
