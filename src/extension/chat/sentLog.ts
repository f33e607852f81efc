/** What was sent to language models since the window was opened: kept in memory alone, and shown when a person asks. */
import type { ChatRequest } from '../../persona/chatModel';

export interface Sent {
  readonly at: Date;
  readonly model: string;
  readonly host: string;
  /** Who asked: `@backend`, or another part of the chat through our provider. */
  readonly by: string;
  readonly request: ChatRequest;
}

const MOST_KEPT = 50;

export class SentLog {
  readonly #sent: Sent[] = [];
  readonly #listeners = new Set<() => void>();

  add(sent: Sent): void {
    this.#sent.push(sent);
    if (this.#sent.length > MOST_KEPT) this.#sent.shift();
    for (const listener of this.#listeners) listener();
  }

  onAdded(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Newest first, word for word. */
  asText(): string {
    if (this.#sent.length === 0)
      return 'Nothing was sent to a language model since this window was opened.\n\nThe offline guide answers on this machine alone.\n';
    return `${this.#sent
      .toReversed()
      .map(inWords)
      .join(`\n${'═'.repeat(80)}\n\n`)}\n`;
  }
}

function inWords({ at, model, host, by, request }: Sent): string {
  const head = [
    `${at.toISOString()}  ${by} → ${model} (${host})`,
    `Tools that it may call: ${request.mayCall ? request.tools.map(({ name }) => name).join(', ') || 'none' : 'none'}`,
  ];
  const messages = request.messages.map(message => {
    const calls = message.role === 'assistant' ? message.calls.map(({ name, input }) => `→ ${name} ${input}`) : [];
    return [`── ${message.role}`, message.text, ...calls].filter(Boolean).join('\n');
  });
  return [...head, '', ...messages].join('\n');
}
