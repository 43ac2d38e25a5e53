export { default as SecondFactor } from './SecondFactor.svelte';
export { default as ChangePassword } from './ChangePassword.svelte';
export { default as SignatureLine } from './SignatureLine.svelte';
export { default as SignDialog } from './SignDialog.svelte';
export { default as SigningState } from './SigningState.svelte';
