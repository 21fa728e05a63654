// What a first visit, a later route and the offline cache of each face weigh, gzip, against what
// they may. Last line: "P passed, F failed". usage: node tools/check_budgets.mjs [DIST]
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { allFilesOf, filesOf, laterOf, readManifest, wordsOf } from './dist_graph.mjs';

const KB = 1024;
// Kilobytes: HTML, CSS and JS of the first visit, of these the JS, one later route, all for offline.
const BUDGETS = {
  'worker.html': { first: 45, js: 35, later: 15, all: 200 },
  'desk.html': { first: 60, js: 52, later: 12 },
  'director.html': { first: 60, js: 52, later: 12 },
  'design.html': { first: 110, js: 110, later: 40 },
};
const LANGUAGE_KB = 8;
const SPRITE_BYTES = 15 * KB;
// Fetched when first asked for and kept; counted in `all`, not in a route.
const LAZY = /\.(wasm|opus|png|svg)$/;

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.resolve(process.argv[2] ?? path.join(root, 'dist'));
const manifest = readManifest(dist);
let passed = 0;
let failed = 0;

function weigh(file) {
  const packed = path.join(dist, `${file}.gz`);
  return statSync(existsSync(packed) ? packed : path.join(dist, file)).size;
}
const sum = (files) => files.reduce((total, file) => total + weigh(file), 0);

function hold(what, bytes, limit) {
  const line = `${what}: ${(bytes / KB).toFixed(1)} KB of ${(limit / KB).toFixed(0)}`;
  const fits = bytes <= limit;
  fits ? ++passed : ++failed;
  console.log(fits ? `ok ${line}` : `FAIL ${line}: make it smaller, or load it later`);
}

for (const [entry, budget] of Object.entries(BUDGETS)) {
  const first = filesOf(manifest, entry).filter((file) => !LAZY.test(file));
  hold(`${entry} first visit`, sum([entry, ...first]), budget.first * KB);
  hold(`${entry} first visit, JS`, sum(first.filter((file) => file.endsWith('.js'))), budget.js * KB);
  for (const key of laterOf(manifest, entry)) {
    const more = filesOf(manifest, key).filter((file) => !first.includes(file) && !LAZY.test(file));
    hold(`${entry} later: ${key}`, sum(more), (key.startsWith('src/texts/') ? LANGUAGE_KB : budget.later) * KB);
  }
  if (budget.all) {
    // The words of one language are kept, not those of all.
    const words = wordsOf(manifest);
    const ofLanguages = Object.values(words).flat();
    for (const [language, own] of Object.entries(words)) {
      const kept = allFilesOf(manifest, entry).filter((file) => !ofLanguages.includes(file) || own.includes(file));
      hold(`${entry} all for offline, ${language}`, sum([entry, ...kept]), budget.all * KB);
    }
  }
}
for (const language of ['id', 'en', 'jv', 'su', 'mad']) {
  for (const more of ['own_', 'claims_', 'desk_', 'claim_figures_', 'director_']) {
    const text = ['', more].map((head) => readFileSync(path.join(root, `src/texts/${head}${language}.json`), 'utf8')).join('');
    hold(`texts/${language}.json, with ${more}${language}.json`, gzipSync(text, { level: 9 }).length, LANGUAGE_KB * KB);
  }
}
hold('icons.svg, not compressed', statSync(path.join(root, 'src/ui/icons.svg')).size, SPRITE_BYTES);

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
