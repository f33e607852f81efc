/**
 * Registers the MCP server, for agents that run outside of the extension host and reach no language-model tool. Those inside
 * could see each tool twice; a setting takes one of the two away. It runs in trusted folders only.
 */
import {
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  lm,
  McpStdioServerDefinition,
  Disposable as Together,
  Uri,
  workspace,
} from 'vscode';

export function registerMcpServer(context: ExtensionContext): Disposable {
  const changed = new EventEmitter<void>();
  const { version } = context.extension.packageJSON as { version: string };
  const cli = Uri.joinPath(context.extensionUri, 'dist', 'cli.js').fsPath;
  return Together.from(
    changed,
    workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('backendReviewer.agentTools')) changed.fire();
    }),
    lm.registerMcpServerDefinitionProvider('backendReviewer.mcp', {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions() {
        const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
        const isWanted = workspace.getConfiguration('backendReviewer').get<string>('agentTools') !== 'editor';
        if (!workspace.isTrusted || folders.length === 0 || !isWanted) return [];
        const args = [cli, 'mcp', ...folders.flatMap(({ uri }) => ['--workspace', uri.fsPath])];
        // on a desktop this process is Electron, which is a Node only when told so
        return [
          new McpStdioServerDefinition(
            // beside the extension's own tools in the list of tools
            'Backend Reviewer (MCP)',
            process.execPath,
            args,
            { ELECTRON_RUN_AS_NODE: '1' },
            version,
          ),
        ];
      },
    }),
  );
}
