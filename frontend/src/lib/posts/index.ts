export { default as Byline } from './Byline.svelte';
export { default as Composer } from './Composer.svelte';
export { default as FindingList } from './FindingList.svelte';
export { default as ThreadPosts } from './ThreadPosts.svelte';
export { plainWords } from './plain';
