/** Where a question is written: commands are completed, earlier questions come back, Enter asks, Escape stops. */

export interface CommandHint {
  readonly name: string;
  readonly description: string;
}

export interface ComposerOptions {
  readonly input: HTMLTextAreaElement;
  readonly list: HTMLElement;
  /** Newest last. */
  readonly asked: () => readonly string[];
  readonly commands: () => readonly CommandHint[];
  send(text: string): void;
  stop(): void;
  /** What is typed is kept while the view is hidden. */
  changed(text: string): void;
}

export interface Composer {
  set(text: string): void;
  focus(): void;
}

export function composer({ input, list, asked, commands, send, stop, changed }: ComposerOptions): Composer {
  let shown: readonly CommandHint[] = [];
  let active = 0;
  /** How many questions back; 0 is what is being typed. */
  let back = 0;

  const grow = (): void => {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 240)}px`;
  };

  const close = (): void => {
    shown = [];
    list.hidden = true;
    list.replaceChildren();
    input.removeAttribute('aria-activedescendant');
  };

  const mark = (index: number): void => {
    active = (index + shown.length) % shown.length;
    for (const [at, option] of [...list.children].entries())
      option.setAttribute('aria-selected', String(at === active));
    input.setAttribute('aria-activedescendant', `command-${active}`);
    list.children[active]?.scrollIntoView({ block: 'nearest' });
  };

  const complete = (index: number): void => {
    const command = shown[index];
    if (command) set(`/${command.name} `);
    input.focus();
  };

  const offer = (): void => {
    const typed = /^\/([a-z]*)$/.exec(input.value)?.[1];
    shown = typed === undefined ? [] : commands().filter(({ name }) => name.startsWith(typed));
    if (shown.length === 0) {
      close();
      return;
    }
    list.replaceChildren(
      ...shown.map(({ name, description }, index) => {
        const option = document.createElement('div');
        option.id = `command-${index}`;
        option.setAttribute('role', 'option');
        const strong = document.createElement('strong');
        strong.textContent = `/${name}`;
        option.append(strong, ` ${description}`);
        option.addEventListener('mousedown', event => {
          event.preventDefault();
          complete(index);
        });
        return option;
      }),
    );
    list.hidden = false;
    mark(0);
  };

  const set = (text: string): void => {
    input.value = text;
    changed(text);
    grow();
    offer();
  };

  const recall = (step: 1 | -1): boolean => {
    const all = asked();
    if (back === 0 && (step < 0 || input.value !== '')) return false;
    const next = back + step;
    if (next > all.length) return true;
    back = next;
    set(back === 0 ? '' : (all[all.length - back] ?? ''));
    return true;
  };

  input.addEventListener('input', () => {
    back = 0;
    changed(input.value);
    grow();
    offer();
  });
  input.addEventListener('keydown', event => {
    // an input method is at work: its keys are its own
    if (event.isComposing) return;
    const isListed = shown.length > 0;
    const take = (): void => event.preventDefault();
    switch (event.key) {
      case 'Enter':
        if (event.shiftKey) return;
        take();
        if (isListed && input.value !== `/${shown[active]?.name}`) return complete(active);
        if (input.value.trim() === '') return;
        send(input.value.trim());
        return;
      case 'Tab':
        if (!isListed || event.shiftKey) return;
        take();
        return complete(active);
      case 'Escape':
        take();
        return isListed ? close() : stop();
      case 'ArrowUp':
      case 'ArrowDown': {
        const step = event.key === 'ArrowUp' ? 1 : -1;
        if (isListed && back === 0) {
          take();
          return mark(active - step);
        }
        if (recall(step)) take();
        return;
      }
    }
  });
  return {
    set(text) {
      back = 0;
      set(text);
    },
    focus: () => input.focus(),
  };
}
