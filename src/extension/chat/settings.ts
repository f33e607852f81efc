/** What the person has set for the chat. Editor matters only: a workspace cannot set where a key goes. */
import { workspace } from 'vscode';
import type { LensId } from '../../persona/lenses';
import type { DraftsPolicy } from '../../persona/role';

const configuration = () => workspace.getConfiguration('backendReviewer');

export function chatSettings(): { readonly lens?: LensId; readonly drafts?: DraftsPolicy } {
  const lens = configuration().get<LensId | 'none'>('chat.lens', 'none');
  const drafts = configuration().get<DraftsPolicy>('chat.tests');
  return { ...(lens === 'none' ? {} : { lens }), ...(drafts ? { drafts } : {}) };
}

export interface EndpointSettings {
  readonly name: string;
  readonly baseUrl: string;
  readonly inputTokens: number;
}

/** Nothing before one is set up. */
export function endpointSettings(): EndpointSettings | undefined {
  const name = configuration().get<string>('model.name', '').trim();
  const baseUrl = configuration().get<string>('model.baseUrl', '').trim();
  return name === '' || baseUrl === ''
    ? undefined
    : { name, baseUrl, inputTokens: configuration().get<number>('model.inputTokens', 16_000) };
}

export async function saveEndpoint({ name, baseUrl }: Pick<EndpointSettings, 'name' | 'baseUrl'>): Promise<void> {
  await configuration().update('model.baseUrl', baseUrl, true);
  await configuration().update('model.name', name, true);
}
