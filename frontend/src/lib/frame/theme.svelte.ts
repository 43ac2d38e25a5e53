export type Theme = 'system' | 'light' | 'dark';

// The same key is read by /theme.js before the first paint.
const key = 'hortus.theme';

function stored(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

let chosen = $state<Theme>(typeof document === 'undefined' ? 'system' : stored());

export const theme = {
  get chosen(): Theme {
    return chosen;
  },
  choose(next: Theme) {
    chosen = next;
    if (next === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = next;
    try {
      if (next === 'system') localStorage.removeItem(key);
      else localStorage.setItem(key, next);
    } catch {
      // Storage is switched off: the choice holds until the page is left.
    }
  },
};
