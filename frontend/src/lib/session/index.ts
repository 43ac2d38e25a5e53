export { leave, safeReturn, signInAddress } from './return';
export { signOut } from './sign-out';
