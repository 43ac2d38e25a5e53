export { api, onSignedOut, serverSkew } from './client';
export { Problem } from './problem';
export type * from './types';
