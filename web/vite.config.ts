// One entry per face. `vite build` writes dist/: hashed files, the pages, the worker's service
// worker with its list of files, and each of them again as .gz and .br.
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';
import { finishDist } from './tools/finish_dist.mjs';

/** The pictures of all pages stand once in each page, where <use> finds them without a request. */
function sprite(): Plugin {
  return {
    name: 'jaring-sprite',
    transformIndexHtml: (html) =>
      html.replace('<!--sprite-->', () =>
        readFileSync(new URL('src/ui/icons.svg', import.meta.url), 'utf8').replace(/>\s+</g, '><'),
      ),
  };
}

function finish(): Plugin {
  return {
    name: 'jaring-finish',
    apply: 'build',
    closeBundle: () => finishDist(new URL('.', import.meta.url).pathname),
  };
}

export default defineConfig({
  base: '/web/',
  publicDir: false,
  plugins: [svelte(), sprite(), finish()],
  build: {
    outDir: 'dist',
    assetsDir: '',
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { worker: 'worker.html', desk: 'desk.html', director: 'director.html', design: 'design.html' } },
  },
  server: { fs: { allow: ['..'] } },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: { include: ['src/**/*_test.ts', 'tests/**/*_test.ts'], environment: 'jsdom', testTimeout: 60_000 },
});
