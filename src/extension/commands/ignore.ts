/** Asks why a finding is to be ignored and writes the comment. Reached from the light bulb only. */
import { InputBoxValidationSeverity, window, workspace } from 'vscode';
import type { WorkspaceEdit } from 'vscode-languageclient/node';
import { type IgnoreParams, type IgnoreTarget, MESSAGES } from '../../server/protocol';
import type { ReviewServer } from '../reviewServer';

export async function ignore(server: ReviewServer, target: unknown): Promise<void> {
  if (!isTarget(target)) return;
  const reason = await window.showInputBox({
    title: `Ignore ${target.rule} ${target.line === undefined ? 'in this file' : 'here'}`,
    prompt: 'Why is the code right as it is? The reason goes into the comment, for the next reader.',
    placeHolder: 'for example: at most three items, by construction',
    validateInput: text =>
      text.trim()
        ? undefined
        : {
            message: 'Without a reason it works, and is reported as suppression-without-reason.',
            severity: InputBoxValidationSeverity.Info,
          },
  });
  if (reason === undefined) return;
  const client = await server.client();
  const params: IgnoreParams = { ...target, reason };
  const edit = await client.sendRequest<WorkspaceEdit | null>(MESSAGES.ignore, params);
  if (edit) await workspace.applyEdit(await client.protocol2CodeConverter.asWorkspaceEdit(edit));
}

const isTarget = (value: unknown): value is IgnoreTarget =>
  typeof value === 'object' && value !== null && 'uri' in value && 'rule' in value;
