/**
 * The MCP server: the tools of agents, the pages that they may read, and the commands of `@backend` as prompts. What reads
 * code loads with the first call that needs it, so that a client never waits for the handshake.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  RootsListChangedNotificationSchema,
  type Tool as ToolDescription,
} from '@modelcontextprotocol/sdk/types.js';
import { didYouMean } from '../../engine/nearest';
import { toolNamed, tools } from '../../persona/tools/all';
import { failure, isFailure, type Tool, type ToolResult } from '../../persona/tools/tool';
import { pathOf, workspacesOf } from '../../workspace/namedFolder';
import type { Knowledge } from './knowledge';
import { prompts } from './prompts';
import { resourceTemplates } from './resourceTemplates';

export interface McpOptions {
  readonly version: string;
  /** `--workspace`, absolute: the client's roots do not count then. */
  readonly workspaces: readonly string[];
  /** Loads what reads code; asked once, by the first call that needs it. */
  openKnowledge(): Promise<Knowledge>;
}

const INSTRUCTIONS = `Backend Reviewer reviews backend code and migrations. Call review_file after you changed a backend file, or review_text before you write it; mend what it finds with apply_fix or by hand, and review again until nothing is left that matters. Call describe_schema before you write SQL, find_column_uses before you change a column, and verify_migration before you call a migration reversible. Every tool takes "workspace", the absolute path of the project’s root.`;

/** Answers over whatever transport it is connected to. */
export function mcpServer({ version, workspaces: own, openKnowledge }: McpOptions): Server {
  const server = new Server(
    { name: 'backend-reviewer', title: 'Backend Reviewer', version },
    { capabilities: { tools: {}, resources: {}, prompts: {} }, instructions: INSTRUCTIONS },
  );
  let opened: Promise<Knowledge> | undefined;
  const knowledge = (): Promise<Knowledge> => {
    opened ??= openKnowledge();
    return opened;
  };

  let roots: Promise<readonly string[]> | undefined;
  const clientRoots = async (): Promise<readonly string[]> => {
    if (server.getClientCapabilities()?.roots === undefined) return [];
    const { roots: told } = await server.listRoots();
    return told.flatMap(({ uri }) => pathOf(uri) ?? []);
  };
  server.setNotificationHandler(RootsListChangedNotificationSchema, () => {
    roots = undefined;
  });
  const workspaces = workspacesOf(async () => {
    if (own.length > 0) return own;
    roots ??= clientRoots();
    return roots;
  });

  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(described) }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: args } }, { signal }) => {
    const tool = toolNamed(name);
    if (!tool)
      return told({
        ok: false,
        error: failure(
          'invalid-arguments',
          `There is no tool "${name.slice(0, 80)}".`,
          didYouMean(
            name.slice(0, 80),
            tools.map(each => each.name),
          ),
        ),
      });
    const { workspace, ...rest } = args ?? {};
    const folder = await workspaces.folderFor(workspace, rest.path);
    if (typeof folder !== 'string') return told({ ok: false, error: folder });
    const { hosts } = await knowledge();
    return told(await hosts.with(folder, host => tool.call(rest, host, signal)));
  });

  server.setRequestHandler(ListResourcesRequestSchema, async () => {
    const { resources } = await knowledge();
    return { resources: resources(await workspaces.given()) };
  });
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    const { read } = await knowledge();
    const content = await read(uri, asked => workspaces.folderFor(asked));
    if (isFailure(content)) throw refusal(RESOURCE_NOT_FOUND, `${content.message} ${content.next}`, content);
    return { contents: [{ uri, ...content }] };
  });

  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: prompts.map(({ name, title, description, arguments: takes }) => ({
      name,
      title,
      description,
      arguments: [...takes, WORKSPACE_ARGUMENT],
    })),
  }));
  server.setRequestHandler(GetPromptRequestSchema, async ({ params: { name, arguments: args = {} } }, { signal }) => {
    const prompt = prompts.find(each => each.name === name);
    if (!prompt)
      throw refusal(
        ErrorCode.InvalidParams,
        `There is no prompt "${name.slice(0, 80)}"; ${didYouMean(
          name.slice(0, 80),
          prompts.map(each => each.name),
        )}`,
      );
    const missing = prompt.arguments.find(({ required, name: key }) => required && !args[key]?.trim());
    if (missing) throw refusal(ErrorCode.InvalidParams, `"${missing.name}" is missing: ${missing.description}`);
    const folder = await workspaces.folderFor(args.workspace);
    const { promptText } = await knowledge();
    const text = await promptText(prompt, args, typeof folder === 'string' ? folder : undefined, signal);
    return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
  });
  return server;
}

/** @see https://modelcontextprotocol.io/specification/2025-06-18/server/resources */
const RESOURCE_NOT_FOUND = -32002;

/** The SDK's own error has its code in its message as well, and clients put it there once more. */
const refusal = (code: number, message: string, data?: unknown): Error =>
  Object.assign(new Error(message), { code, data });

const WORKSPACE_ARGUMENT = {
  name: 'workspace',
  description: 'The absolute path of the project’s root, where the client does not tell it.',
  required: false,
};

const WORKSPACE = {
  type: 'string',
  description:
    'The absolute path of the project’s root. Nothing outside of it is read for an answer or written. May be left out where the client or --workspace gave one.',
};

/** @see https://modelcontextprotocol.io/specification/2025-06-18/server/tools */
function described({ name, title, description, parameters, changes }: Tool): ToolDescription {
  const { properties, required } = parameters;
  return {
    name,
    title,
    description,
    inputSchema: {
      type: 'object',
      properties: { ...properties, workspace: WORKSPACE },
      ...(required ? { required: [...required] } : {}),
      additionalProperties: false,
    },
    annotations: {
      title,
      readOnlyHint: !changes,
      destructiveHint: changes,
      idempotentHint: !changes,
      openWorldHint: false,
    },
  };
}

function told(result: ToolResult): CallToolResult {
  const value = result.ok ? result.value : { error: result.error };
  return {
    content: [{ type: 'text', text: JSON.stringify(value) }],
    structuredContent: value,
    ...(result.ok ? {} : { isError: true }),
  };
}
