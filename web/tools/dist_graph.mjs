// What each face needs, from Vite's manifest: files of the first visit, later routes, everything.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export function readManifest(dist) {
  return JSON.parse(readFileSync(path.join(dist, '.vite/manifest.json'), 'utf8'));
}

/** The files of an entry or a route: its own, its styles and pictures, and what it imports. */
export function filesOf(manifest, key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) {
    return [];
  }
  seen.add(key);
  const own = [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])];
  return [...new Set([...own, ...(chunk.imports ?? []).flatMap((next) => filesOf(manifest, next, seen))])];
}

/** The keys that a key loads later, its own and those of what it imports. */
export function laterOf(manifest, key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) {
    return [];
  }
  seen.add(key);
  const imports = (chunk.imports ?? []).flatMap((next) => laterOf(manifest, next, seen));
  return [...new Set([...(chunk.dynamicImports ?? []), ...imports])];
}

/** Everything a face may ever load, for the cache. */
export function allFilesOf(manifest, key) {
  const keys = [key];
  for (let at = 0; at < keys.length; ++at) {
    keys.push(...laterOf(manifest, keys[at]).filter((next) => !keys.includes(next)));
  }
  return [...new Set(keys.flatMap((one) => filesOf(manifest, one)))];
}

/** The files with the words of one language only, by language. */
export function wordsOf(manifest) {
  const words = {};
  for (const [key, { file }] of Object.entries(manifest)) {
    const language = /^src\/texts\/(?:\w+_)?([a-z]+)\.json$/.exec(key)?.[1];
    if (language) {
      (words[language] ??= []).push(file);
    }
  }
  return words;
}
