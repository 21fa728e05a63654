// The service worker and the new version it may bring. A new one waits until somebody says so:
// nothing is ever swapped under a form.
import type { Language } from '../lib/texts.svelte';

const update = $state<{ waiting: ServiceWorker | null }>({ waiting: null });

export function isUpdateWaiting(): boolean {
  return update.waiting !== null;
}

/** The new version takes over and the page is loaded again; forms keep what was typed (drafts.ts). */
export function takeUpdate(): void {
  // Only then: the first service worker takes over too, and must not reload the page.
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  update.waiting?.postMessage('take-over');
}

function watch(registration: ServiceWorkerRegistration): void {
  const look = () => {
    // Without a controller this is the first visit: nothing old is replaced.
    if (registration.waiting && navigator.serviceWorker.controller) {
      update.waiting = registration.waiting;
    }
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
}

/** The words of the language that is spoken are kept for when there is no connection. */
export async function keepWords(language: Language): Promise<void> {
  if ('serviceWorker' in navigator) {
    (await navigator.serviceWorker.ready).active?.postMessage({ speak: language });
  }
}

export async function startUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator)) {
    return;
  }
  try {
    watch(await navigator.serviceWorker.register('/app/sw.js', { scope: '/app/', updateViaCache: 'none' }));
  } catch {
    // Without it the page works as long as there is a connection.
  }
}
