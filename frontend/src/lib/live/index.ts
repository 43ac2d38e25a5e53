export type { Handlers, LiveState, Subscription } from './connection';
export type { HintKind, LiveEvent, Stream } from './frames';
export { live } from './live.svelte';
