// Every language says everything, with the same {places}, and nothing is said that no page uses.
// Last line: "P passed, F failed". usage: node tools/check_texts.mjs
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src', import.meta.url));
const LANGUAGES = ['id', 'en', 'jv', 'su', 'mad'];
const readTexts = (file) => JSON.parse(readFileSync(path.join(root, 'texts', file), 'utf8'));
// What every face reads, what only who has logged in does, those of claims, and the words of one face or page.
const HEADS = ['', 'own_', 'claims_', 'desk_', 'claim_figures_', 'director_'];
const texts = Object.fromEntries(
  LANGUAGES.map((code) => [code, Object.assign({}, ...HEADS.map((head) => readTexts(`${head}${code}.json`)))]),
);
let passed = 0;
let failed = 0;

function hold(what, problems) {
  problems.length === 0 ? ++passed : ++failed;
  problems.forEach((problem) => console.log(`FAIL ${what}: ${problem}`));
}

const places = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');
const keys = Object.keys(texts.id);
for (const code of LANGUAGES) {
  const own = texts[code];
  const all = HEADS.flatMap((head) => Object.keys(readTexts(`${head}${code}.json`)));
  hold(`${code}: in two files`, all.filter((key, at) => all.indexOf(key) !== at));
  for (const head of HEADS) {
    const there = readTexts(`${head}id.json`);
    hold(`${head}${code}: in another file than in Indonesian`, Object.keys(readTexts(`${head}${code}.json`)).filter((key) => !(key in there)));
  }
  hold(`${code}: missing`, keys.filter((key) => !(key in own)));
  hold(`${code}: not in id.json`, Object.keys(own).filter((key) => !(key in texts.id)));
  hold(`${code}: empty`, keys.filter((key) => key in own && String(own[key]).trim() === ''));
  hold(`${code}: other {places} than Indonesian`, keys.filter((key) => key in own && places(own[key]) !== places(texts.id[key])));
}

function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? sources(file) : /\.(ts|svelte)$/.test(name) ? [readFileSync(file, 'utf8')] : [];
  });
}
const code = sources(root).join('\n');
// `cover.state_${…}` is the head of keys that are put together.
const heads = [...code.matchAll(/`([a-z]+\.[a-z_]*)\$\{/g)].map((match) => match[1]);
const used = (key) => code.includes(`'${key}'`) || heads.some((head) => key.startsWith(head));
hold('used by no page', keys.filter((key) => !used(key)));

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
