/** A person's agreement to a model that is not ours: asked once in each workspace, before anything is sent to it. */
import {
  type Command,
  commands,
  type Disposable,
  type ExtensionContext,
  type LanguageModelChat,
  window,
  workspace,
} from 'vscode';
import { hostOf, keyOf, type SelectedModel, type WhoAnswers, whoAnswers } from './whoAnswers';

export interface Choice extends Disposable {
  of(model: LanguageModelChat | undefined): WhoAnswers;
  /** Says below an answer who would get what; pressed, it asks. */
  button(model: SelectedModel, question: string): Command;
}

const AGREED = 'backendReviewer.agreed';
const AGREE = 'Let It Answer';

/** What any model gets. */
const GETS =
  'your questions to @backend with the thread, the files and selections that you attach or have in front of you, and of the workspace what fits the question: findings, tables, passages of the team’s context files, and files that the model asks to read.';

export function choiceOf({ workspaceState }: ExtensionContext): Choice {
  const agreed = (): readonly string[] => workspaceState.get<readonly string[]>(AGREED, []);

  /** @returns whether the person agreed */
  async function agree(asked: unknown): Promise<boolean> {
    if (!isAsked(asked)) return false;
    if (!workspace.isTrusted) {
      void window.showWarningMessage('Backend Reviewer asks no language model in a workspace that is not trusted.');
      return false;
    }
    const { model, question } = asked;
    const answer = await window.showInformationMessage(
      `Let ${model.name} answer @backend in this workspace?`,
      {
        modal: true,
        detail: `It gets, through ${hostOf(model.vendor)}: ${GETS}\n\nSecrets and personal data are covered before anything leaves. “Backend Reviewer: Show What Was Sent” shows every request, word for word; “Backend Reviewer: Forget Agreed Models” takes this back.`,
      },
      AGREE,
    );
    if (answer !== AGREE) return false;
    await workspaceState.update(AGREED, [...new Set([...agreed(), keyOf(model)])]);
    await commands.executeCommand('workbench.action.chat.open', { query: `@backend ${question}` });
    return true;
  }

  async function forget(): Promise<void> {
    await workspaceState.update(AGREED, undefined);
    void window.showInformationMessage(
      'Backend Reviewer: in this workspace the offline guide answers again until you agree to a model.',
    );
  }

  const registered = [
    commands.registerCommand('backendReviewer.agreeToModel', agree),
    commands.registerCommand('backendReviewer.forgetModels', forget),
  ];
  return {
    of: model => whoAnswers(model, { isTrusted: workspace.isTrusted, agreed: agreed() }),
    button: ({ vendor, id, name }, question) => ({
      command: 'backendReviewer.agreeToModel',
      title: `Ask ${name} instead (${hostOf(vendor)} would get the question, findings and code)`,
      arguments: [{ model: { vendor, id, name }, question }],
    }),
    dispose() {
      for (const each of registered) each.dispose();
    },
  };
}

interface Asked {
  readonly model: SelectedModel;
  readonly question: string;
}

const isAsked = (value: unknown): value is Asked =>
  typeof value === 'object' && value !== null && 'model' in value && 'question' in value;
