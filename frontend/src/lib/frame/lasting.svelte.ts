/** True once `condition` has held for so many milliseconds: what passes at once is not worth a word. */
export function lasting(condition: () => boolean, milliseconds: number): { readonly now: boolean } {
  let now = $state(false);
  $effect(() => {
    if (!condition()) {
      now = false;
      return;
    }
    const timer = setTimeout(() => (now = true), milliseconds);
    return () => clearTimeout(timer);
  });
  return {
    get now() {
      return now;
    },
  };
}
