import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 20_000);
  return () => clearInterval(timer);
});

/** The present, in milliseconds; whatever reads it in a component is drawn anew every 20 seconds. */
export function now(): number {
  subscribe();
  return Date.now();
}
