/** Which of the models that a chat may have selected answers. What VS Code preselects is nobody's choice. */

/** Of our own provider. */
export const VENDOR = 'backend-reviewer';
export const GUIDE = 'offline-guide';

export interface SelectedModel {
  readonly vendor: string;
  readonly id: string;
  readonly name: string;
}

export type WhoAnswers =
  | { readonly kind: 'guide' }
  /** The guide, until the person says that this model may be asked. */
  | { readonly kind: 'guide-until-agreed'; readonly key: string }
  | { readonly kind: 'model' };

/** How an agreement is kept: with one model of one vendor. */
export const keyOf = ({ vendor, id }: SelectedModel): string => `${vendor}/${id}`;

/** @param agreed  what the person has agreed to in this workspace */
export function whoAnswers(
  model: SelectedModel | undefined,
  { isTrusted, agreed }: { readonly isTrusted: boolean; readonly agreed: readonly string[] },
): WhoAnswers {
  if (!isTrusted || !model || (model.vendor === VENDOR && model.id === GUIDE)) return { kind: 'guide' };
  // an endpoint that the person has set up with our command is a choice
  if (model.vendor === VENDOR || agreed.includes(keyOf(model))) return { kind: 'model' };
  return { kind: 'guide-until-agreed', key: keyOf(model) };
}

/** Who gets what is sent, as a person knows them. */
export const hostOf = (vendor: string): string =>
  ({ copilot: 'GitHub Copilot', 'copilot-chat': 'GitHub Copilot' })[vendor] ?? vendor;
