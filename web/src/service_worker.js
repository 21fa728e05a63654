// The worker's app without a connection. VERSION, FILES and WORDS are filled in by the build: everything
// the face needs, with names that change with their content; words by language, of which the one that
// is spoken is kept, and any other once somebody chooses it. What is typed is never touched here: a new
// version waits until the page says "take-over".
const VERSION = '__VERSION__';
const FILES = __FILES__;
const WORDS = __WORDS__;
const SHELL = '/app/';
const SCHEME = '/app/scheme.txt';
const CACHE = `jaring-app-${VERSION}`;
const SCHEMES = 'jaring-scheme';
// Outlives versions: which language a new version has to bring along.
const CHOICES = 'jaring-choices';
const SPOKEN = '/app/language';

self.addEventListener('install', (event) => {
  event.waitUntil(fillCache());
});

/** All or nothing: a version that is half there is never used. */
async function fillCache() {
  const cache = await caches.open(CACHE);
  const words = WORDS[await spoken()] ?? WORDS.id;
  const all = [SHELL, ...FILES, ...words];
  await cache.addAll(all.map((url) => new Request(url, { cache: url === SHELL ? 'reload' : 'default' })));
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
  } else if (Object.hasOwn(WORDS, event.data?.speak)) {
    event.waitUntil(keepWords(event.data.speak));
  }
});

async function spoken() {
  const noted = await (await caches.open(CHOICES)).match(SPOKEN);
  return noted ? noted.text() : 'id';
}

/** Also the words that she has not needed yet: there may be no connection when she does. */
async function keepWords(language) {
  await (await caches.open(CHOICES)).put(SPOKEN, new Response(language));
  const cache = await caches.open(CACHE);
  const known = await Promise.all(WORDS[language].map((url) => cache.match(url)));
  await cache.addAll(WORDS[language].filter((_, at) => !known[at])).catch(() => undefined);
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) {
    return; // Questions about people go to the server or nowhere; nothing of them is kept.
  }
  if (event.request.mode === 'navigate' && url.pathname === SHELL) {
    event.respondWith(fromCache(SHELL, event.request));
  } else if ([FILES, ...Object.values(WORDS)].some((files) => files.includes(url.pathname))) {
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
