// node check_exports.mjs jaring_rules.wasm SCHEME_TEXT: asks the module as the browser would.
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const [moduleFile, schemeFile] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1' });
const module = await WebAssembly.compile(await readFile(moduleFile));
const { exports } = await WebAssembly.instantiate(module, wasi.getImportObject());
wasi.initialize({ exports });

function put(text) {
  const bytes = new TextEncoder().encode(text);
  const at = exports.jaring_alloc(bytes.length);
  new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes);
  return [at, bytes.length];
}

function load(text) {
  const [at, length] = put(text);
  const scheme = exports.jaring_scheme(at, length);
  exports.jaring_free(at);
  return scheme;
}

function ask(scheme, question) {
  const [at, length] = put(question);
  const answer = exports.jaring_ask(scheme, at, length);
  const memory = new Uint8Array(exports.memory.buffer);
  const text = new TextDecoder().decode(memory.subarray(answer, memory.indexOf(0, answer)));
  exports.jaring_free(at);
  exports.jaring_free(answer);
  return JSON.parse(text);
}

const scheme = load(await readFile(schemeFile, 'utf8'));
const terms = 'income 2500000\nprogrammes JKK,JKM,JHT\nsector transport\n';
const checks = [
  ['the scheme is read', scheme !== 0],
  ['a broken scheme is refused', load('nonsense') === 0],
  ['a quote', ask(scheme, `price\n${terms}month 2026-03\npaid 2026-03-01`).total === '68400'],
  ['a purchase', ask(scheme, `purchase\n${terms}birth 1990-01-01\nmoney 200000\npaid 2026-03-01`).months === '2'],
  ['a NIK', ask(scheme, 'nik\nnik 3372015503900001').sex === 'female'],
  ['a wrong bill code', ask(scheme, 'bill-code\ncode 123456789012').error === 'bill_code.check_digit'],
  ['an unknown question', ask(scheme, 'weather').error === 'question.unknown_kind'],
  ['an empty question', ask(scheme, '').error === 'question.unknown_kind'],
];
for (let i = 0; i < 20000; ++i) ask(scheme, 'phone\nphone 081234567890');
checks.push(['answers are freed', exports.memory.buffer.byteLength < 4 * 1024 * 1024]);

let failed = 0;
for (const [name, ok] of checks) {
  console.log(`${ok ? 'ok' : 'FAIL'} exports: ${name}`);
  failed += ok ? 0 : 1;
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
