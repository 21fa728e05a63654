// The last step of the build: the worker's web manifest and service worker, then every file again
// as .gz and .br, so that the server never compresses.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { allFilesOf, readManifest, wordsOf } from './dist_graph.mjs';

const COMPRESSED = /\.(html|js|css|svg|json|wasm|webmanifest)$/;

function hashOf(...bytes) {
  const hash = createHash('sha256');
  bytes.forEach((one) => hash.update(one));
  return hash.digest('base64url').slice(0, 10);
}

function copyIcons(root, dist) {
  return [192, 512].map((size) => {
    const bytes = readFileSync(path.join(root, `src/ui/app_icon_${size}.png`));
    const name = `app_icon_${size}-${hashOf(bytes)}.png`;
    writeFileSync(path.join(dist, name), bytes);
    return { src: `/web/${name}`, sizes: `${size}x${size}`, type: 'image/png', purpose: 'any maskable' };
  });
}

function writeWebManifest(dist, icons) {
  const manifest = {
    id: '/app/',
    name: 'Jaring: perlindungan pekerja mandiri',
    short_name: 'Jaring',
    description: 'Manfaat, iuran, dan perlindungan bagi pekerja mandiri',
    lang: 'id',
    start_url: '/app/',
    scope: '/app/',
    display: 'standalone',
    background_color: '#f6f4ee',
    theme_color: '#0b5a47',
    icons,
  };
  writeFileSync(path.join(dist, 'app.webmanifest'), `${JSON.stringify(manifest, null, 1)}\n`);
}

function writeServiceWorker(root, dist, manifest, icons) {
  const all = allFilesOf(manifest, 'worker.html');
  const at = (file) => `/web/${file}`;
  const words = Object.fromEntries(
    Object.entries(wordsOf(manifest)).map(([language, files]) => [language, files.filter((file) => all.includes(file)).map(at).sort()]),
  );
  const ofLanguages = Object.values(words).flat();
  const files = [...all.map(at).filter((file) => !ofLanguages.includes(file)), ...icons.map((icon) => icon.src)];
  const source = readFileSync(path.join(root, 'src/service_worker.js'), 'utf8');
  const page = readFileSync(path.join(dist, 'worker.html'));
  const version = hashOf(source, page, files.join('\n'), JSON.stringify(words));
  writeFileSync(
    path.join(dist, 'sw.js'),
    source
      .replace('__VERSION__', version)
      .replace('__FILES__', JSON.stringify([...new Set(files)].sort()))
      .replace('__WORDS__', JSON.stringify(words)),
  );
}

function compress(dist) {
  for (const name of readdirSync(dist)) {
    const file = path.join(dist, name);
    if (!COMPRESSED.test(name) || !statSync(file).isFile()) {
      continue;
    }
    const bytes = readFileSync(file);
    const gzip = gzipSync(bytes, { level: 9 });
    const brotli = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    if (gzip.length < bytes.length) {
      writeFileSync(`${file}.gz`, gzip);
    }
    if (brotli.length < bytes.length) {
      writeFileSync(`${file}.br`, brotli);
    }
  }
}

export function finishDist(root) {
  const dist = path.join(root, 'dist');
  const manifest = readManifest(dist);
  const icons = copyIcons(root, dist);
  writeWebManifest(dist, icons);
  writeServiceWorker(root, dist, manifest, icons);
  compress(dist);
}
