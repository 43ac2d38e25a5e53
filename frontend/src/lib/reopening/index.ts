export { default as Appeal } from './Appeal.svelte';
export { default as ReportDialog } from './ReportDialog.svelte';
