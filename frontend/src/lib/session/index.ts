export { deviceName } from './device';
export { endedMemberships } from './memberships';
export { default as JoinForm } from './JoinForm.svelte';
export { default as Personas } from './Personas.svelte';
export { leave, safeReturn, signInAddress } from './return';
export { default as SignInForm } from './SignInForm.svelte';
export { signOut } from './sign-out';
