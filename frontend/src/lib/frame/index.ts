export { default as Brand } from './Brand.svelte';
export { default as Frame } from './Frame.svelte';
