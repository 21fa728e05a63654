// A component in a page of its own, and what axe finds in it.
import axe from 'axe-core';
import { flushSync, mount, unmount, type Component } from 'svelte';
import { createRawSnippet } from 'svelte';

// Not in jsdom: what the browser's dialog does to `open`.
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};

export function words(text: string) {
  return createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));
}

export interface Mounted {
  root: HTMLElement;
  find<T extends Element = HTMLElement>(selector: string): T;
  text(): string;
  stop(): void;
}

export function show<Props extends Record<string, unknown>>(component: Component<Props>, props: Props): Mounted {
  const root = document.createElement('main');
  document.body.replaceChildren(root);
  const mounted = mount(component, { target: root, props });
  flushSync();
  return {
    root,
    find<T extends Element>(selector: string) {
      const found = root.querySelector<T>(selector);
      if (!found) {
        throw new Error(`no ${selector} in ${root.innerHTML}`);
      }
      return found;
    },
    text: () => root.textContent?.replace(/\s+/g, ' ').trim() ?? '',
    stop: () => void unmount(mounted),
  };
}

export function type(field: HTMLInputElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}

export function press(button: HTMLElement): void {
  button.click();
  flushSync();
}

/** Colours and regions need a real page: the browser tests look at those. */
export async function violations(root: HTMLElement): Promise<string[]> {
  const found = await axe.run(root, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
  });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ; ')}`);
}
