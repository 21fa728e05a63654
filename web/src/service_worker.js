// The worker's app without a connection. FILES and VERSION are filled in by the build: everything
// the face needs, with names that change with their content. What is typed is never touched here:
// a new version waits until the page says "take-over".
const VERSION = '__VERSION__';
const FILES = __FILES__;
const SHELL = '/app/';
const SCHEME = '/app/scheme.txt';
const CACHE = `jaring-app-${VERSION}`;
const SCHEMES = 'jaring-scheme';

self.addEventListener('install', (event) => {
  event.waitUntil(fillCache());
});

/** All or nothing: a version that is half there is never used. */
async function fillCache() {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...FILES].map((url) => new Request(url, { cache: url === SHELL ? 'reload' : 'default' })));
  await (await caches.open(SCHEMES)).add(new Request(SCHEME, { cache: 'reload' }));
}

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldVersions().then(() => self.clients.claim()));
});

async function dropOldVersions() {
  for (const name of await caches.keys()) {
    if (name.startsWith('jaring-app-') && name !== CACHE) {
      await caches.delete(name);
    }
  }
}

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') {
    void self.skipWaiting();
  }
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) {
    return; // Questions about people go to the server or nowhere; nothing of them is kept.
  }
  if (event.request.mode === 'navigate' && url.pathname === SHELL) {
    event.respondWith(fromCache(SHELL, event.request));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(fromCache(url.pathname, event.request));
  } else if (url.pathname === SCHEME) {
    event.respondWith(latest(event.request));
  }
});

async function fromCache(name, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(name)) ?? fetch(request);
}

/** The law may change any day: the newest, unless there is no connection or it takes too long. */
async function latest(request) {
  const cache = await caches.open(SCHEMES);
  const known = await cache.match(SCHEME);
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok) {
      await cache.put(SCHEME, answer.clone());
    }
    return answer;
  });
  if (!known) {
    return asked;
  }
  const patience = new Promise((resolve) => setTimeout(() => resolve(known), 3_000));
  return Promise.race([asked.then((answer) => (answer.ok ? answer : known)), patience]).catch(() => known);
}
