export { api, onSecondFactorDue, onSignedOut } from './client';
export { Problem } from './problem';
export { serverSkew } from './skew';
export type * from './types';
