import { readFileSync } from 'node:fs';
import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const server = 'http://127.0.0.1:8080';

/** The Open Font License travels with the fonts it covers. */
function fontLicences(): Plugin {
  const fonts = ['atkinson-hyperlegible-next', 'literata'];
  return {
    name: 'font-licences',
    apply: 'build',
    generateBundle() {
      for (const font of fonts) {
        this.emitFile({
          type: 'asset',
          fileName: `licences/${font}.txt`,
          source: readFileSync(`node_modules/@fontsource-variable/${font}/LICENSE`, 'utf8'),
        });
      }
    },
  };
}

export default defineConfig({
  plugins: [sveltekit(), fontLicences()],
  build: {
    // A font inlined as a data: address would be refused by the content security policy.
    assetsInlineLimit: 0,
  },
  server: {
    // The server takes orders from its own origin alone; in development this page has another port.
    proxy: { '/api': { target: server, ws: true, headers: { origin: server } } },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
