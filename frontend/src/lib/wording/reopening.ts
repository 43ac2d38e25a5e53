/** Reporting what others wrote, and appealing against a rejection. */
export const reopening = {
  report: {
    action: 'Report',
    actionOf: (name: string) => `Report the post by ${name}`,
    title: (name: string) => `Report the post by ${name}`,
    lead: 'A moderator looks at it. The author is never told who reported it.',
    reason: 'What is wrong with it?',
    words: 'What should the moderators know?',
    wordsHint: 'If it tells of a side effect, say what you know of it.',
    wordsNeeded: 'Say what is wrong with it.',
    send: 'Send report',
    thanks: 'Thank you. The moderators have it.',
    expected: 'Somebody is expected to have looked at it by',
  },
  appeal: {
    title: 'Your appeal',
    offer: 'You may ask once that another person looks at this decision.',
    start: 'Appeal against the decision',
    label: 'Why should it be decided otherwise?',
    hint: 'Somebody else than the person who decided reads it.',
    needed: 'Say why.',
    send: 'Send appeal',
    waiting: 'Another person looks at it',
    expected: 'Expected by',
    granted: 'Your appeal was granted: the text is released',
    upheld: 'The decision stands',
  },
} as const;
