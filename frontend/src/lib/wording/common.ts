import type { Problem } from '$lib/api';

/** Words that no single slice owns: the frame of the site, and what went wrong. */
export const common = {
  product: 'Hortus',
  skip: 'Skip to the content',
  menu: 'Menu',
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  more: 'Show more',
  loading: 'Loading',
  loadingMore: 'Loading more',
  optional: 'optional',
  retry: 'Try again',
  copied: 'Copied',
  nav: {
    label: 'Main',
    account: 'Account',
    communities: 'Communities',
    submissions: 'My submissions',
    review: 'Review desk',
    referrals: 'Questions',
    safety: 'Safety',
    quality: 'Quality',
    audit: 'Audit trail',
    export: 'Export',
    admin: 'Administration',
    accountPage: 'Account and devices',
    signIn: 'Sign in',
    signOut: 'Sign out',
  },
  theme: {
    label: 'Colours',
    system: 'As the system',
    light: 'Light',
    dark: 'Dark',
  },
  demo: {
    label: 'About this demonstration',
    title: 'Demonstration.',
    text: 'People, products and posts are invented. Do not enter real patient data.',
    switch: 'Switch person',
  },
  live: {
    away: 'The live connection is down. New posts will appear once it is back.',
  },
  footer: {
    medical: 'Medical information',
    safety: 'Report a side effect',
  },
  problem: {
    title: 'That did not work',
    unreachable: 'The server cannot be reached. Check your connection and try again.',
    busy: 'The server is busy. Wait a moment and try again.',
    server: 'The server could not answer. Nothing was changed; please try again.',
    reference: (id: string) => `Reference for support: ${id}`,
  },
  notFound: {
    title: 'This page is not here',
    text: 'It may have moved, or it may be in a community that you are not a member of.',
    action: 'To your communities',
  },
  ended: {
    title: (community: string) => `Your membership of ${community} has ended`,
    text: 'You can no longer read or write there. A draft that you were writing stays on this device. If this is a mistake, ask whoever invited you.',
  },
  broken: {
    title: 'This page could not be shown',
    action: 'Load it again',
  },
} as const;

/** One plain sentence for any refusal; the server's own sentence, where it sent one. */
export function sentence(problem: Problem): string {
  if (problem.code === 'unreachable') return common.problem.unreachable;
  if (problem.status === 429 || problem.status === 503) {
    return problem.detail ? capitalised(problem.detail) : common.problem.busy;
  }
  if (problem.status >= 500 || !problem.detail) return common.problem.server;
  return capitalised(problem.detail);
}

function capitalised(detail: string): string {
  const text = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
