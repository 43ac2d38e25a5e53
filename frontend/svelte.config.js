import adapter from '@sveltejs/adapter-static';

/** @type {import('@sveltejs/kit').Config} */
export default {
  compilerOptions: { runes: true },
  kit: {
    // Every page is the one fallback page: the server embeds it and answers it for each address.
    adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html', strict: true }),
    output: { bundleStrategy: 'split' },
  },
};
