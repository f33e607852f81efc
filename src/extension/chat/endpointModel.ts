/** The endpoint that the person has set up, with its key from VS Code's secret storage and the proxy of VS Code's settings. */
import { type SecretStorage, workspace } from 'vscode';
import type { Endpoint } from '../../models/endpoint';
import { proxyFor } from '../../models/proxy';
import type { ChatModel } from '../../persona/chatModel';
import type { EndpointSettings } from './settings';

/** A key belongs to the server that it was given for: another address in the settings does not get it. */
export const secretOf = (baseUrl: string): string => `backendReviewer.key ${new URL(baseUrl).origin}`;

/** @throws EndpointFailure for an address that nothing may be sent to */
export async function endpointModel(secrets: SecretStorage, settings: EndpointSettings): Promise<ChatModel> {
  const key = URL.canParse(settings.baseUrl) ? await secrets.get(secretOf(settings.baseUrl)) : undefined;
  return modelAt({
    model: settings.name,
    baseUrl: settings.baseUrl,
    maxInputTokens: settings.inputTokens,
    ...(key === undefined ? {} : { key }),
  });
}

/** Most of what it weighs is a bundle of its own, which is loaded here. */
export async function modelAt(endpoint: Endpoint): Promise<ChatModel> {
  const { openAiModel } = await import('../../models/openAiModel');
  const proxy = proxyOf(endpoint.baseUrl);
  return openAiModel(endpoint, proxy === undefined ? {} : { proxy });
}

export async function modelsAt(endpoint: Omit<Endpoint, 'model'>): Promise<readonly string[]> {
  const { modelNames } = await import('../../models/openAiModel');
  const proxy = proxyOf(endpoint.baseUrl);
  return modelNames({ ...endpoint, model: '' }, proxy === undefined ? {} : { proxy });
}

/** VS Code's own setting first, then the environment, as VS Code itself does. */
function proxyOf(baseUrl: string): string | undefined {
  if (!URL.canParse(baseUrl)) return undefined;
  const http = workspace.getConfiguration('http');
  if (http.get<string>('proxySupport') === 'off') return undefined;
  const proxy = http.get<string>('proxy') || undefined;
  return proxyFor(new URL(baseUrl), {
    ...process.env,
    ...(proxy === undefined ? {} : { https_proxy: proxy, http_proxy: proxy }),
    no_proxy: [...(http.get<string[]>('noProxy') ?? []), process.env.no_proxy ?? process.env.NO_PROXY ?? ''].join(','),
  });
}
