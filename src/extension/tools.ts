/** The tools for language models in the editor: the server does the work, on the texts as the editor has them. */
import {
  type Disposable,
  type ExtensionContext,
  LanguageModelTextPart,
  type LanguageModelTool,
  LanguageModelToolResult,
  lm,
  MarkdownString,
  Disposable as Together,
  Uri,
  workspace,
} from 'vscode';
import { consentFor, doing } from '../persona/tools/consent';
import { type CalledTool, type CallToolParams, MESSAGES } from '../server/protocol';
import type { ReviewServer } from './reviewServer';
import { plainName } from './toolNames';

interface Manifest {
  readonly contributes?: { readonly languageModelTools?: readonly { readonly name: string }[] };
}

/** Those that `package.json` has, which is generated from the tools themselves. */
export function registerTools({ extension }: ExtensionContext, server: ReviewServer): Disposable {
  const { contributes } = extension.packageJSON as Manifest;
  const names = contributes?.languageModelTools?.map(({ name }) => name) ?? [];
  return Together.from(...names.map(name => lm.registerTool(name, toolOf(plainName(name), server))));
}

function toolOf(name: string, server: ReviewServer): LanguageModelTool<unknown> {
  return {
    prepareInvocation({ input }) {
      const consent = consentFor(name, input);
      return {
        invocationMessage: new MarkdownString(doing(name, input)),
        ...(consent
          ? { confirmationMessages: { title: consent.title, message: new MarkdownString(consent.message) } }
          : {}),
      };
    },
    async invoke({ input }, token) {
      const client = await server.client();
      const params: CallToolParams = {
        name,
        arguments: input,
        folders: (workspace.workspaceFolders ?? [])
          .filter(({ uri }) => uri.scheme === 'file')
          .map(({ uri }) => uri.toString()),
        trusted: workspace.isTrusted,
      };
      const { result, changed } = await client.sendRequest<CalledTool>(MESSAGES.callTool, params, token);
      // an agent that goes on with a terminal looks at the disk
      for (const uri of changed) await (await workspace.openTextDocument(Uri.parse(uri))).save();
      return new LanguageModelToolResult([
        new LanguageModelTextPart(JSON.stringify(result.ok ? result.value : { error: result.error })),
      ]);
    },
  };
}
