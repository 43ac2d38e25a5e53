export { default as Made } from './Made.svelte';
export { default as Progress } from './Progress.svelte';
export { default as Revise } from './Revise.svelte';
export { default as StateBadge } from './StateBadge.svelte';
export { default as SubmissionRow } from './SubmissionRow.svelte';
export { looks, mayRevise } from './state';
