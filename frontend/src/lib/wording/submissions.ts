import type { SubmissionState } from '$lib/api';

/** Where the author's own texts stand. */
export const submissions = {
  list: {
    title: 'My submissions',
    lead: 'Everything you have sent, and what became of it.',
    filter: 'Show',
    all: 'All',
    empty: 'You have not sent anything yet',
    emptyText: 'Whatever you write in a community is listed here, with where it stands.',
    emptyFiltered: 'Nothing here',
    emptyFilteredText: 'None of your texts is in this state.',
    toCommunities: 'To your communities',
    sent: 'sent',
    expected: 'answer expected by',
    revise: 'Revise it',
    overdue: 'the answer is late; it was expected by',
    revision: (number: number) => `version ${number}`,
  },
  made: {
    removed: (places: number) =>
      places === 1
        ? 'A moderator took words out in one place'
        : `A moderator took words out in ${places} places`,
    removedLead:
      'Readers see [removed] there. What you wrote is sealed; who reads it says why, and that is recorded.',
    why: 'Why',
    parts: 'The parts of your text',
    part: (number: number) => `Part ${number}`,
    partOf: 'A moderator divided your text; this is one part of it.',
    whole: 'See all of them',
    duplicate: 'It was said before',
    toOther: 'Go to the post that says it',
    otherGone: 'The other post is not to be seen any more, or not by you.',
  },
  one: {
    title: 'Where your text stands',
    back: 'My submissions',
    text: 'Your text',
    wordsFrom: 'What the moderator wrote to you',
    reason: 'Reason',
    remedy: 'What you can do',
    noWords: 'The moderator added no further words.',
    findings: 'What the rules noticed',
    findingsLead: 'These are notes of the rule check. The decision is always made by a person.',
    revise: 'Revise it',
    reviseTitle: 'Your next version',
    send: 'Send for review',
    withdraw: 'Withdraw it',
    withdrawTitle: 'Withdraw this text?',
    withdrawText:
      'It leaves the review and nobody else will see it. If it told of a side effect, our safety team still follows that up.',
    see: 'See it in the thread',
    newer: 'You have sent a newer version since. Only you and the moderators can see this one.',
    history: 'Progress',
    stepSent: 'Sent',
    stepReview: 'A moderator reads it',
    stepRead: 'Read by a moderator',
    stepExpected: 'Expected by',
    stepLate: 'Expected by, and now late,',
    stepDecided: 'Decided',
    stepWithdrawn: 'Withdrawn',
    stepSuperseded: 'Replaced by your newer version',
  },
  explain: {
    in_review:
      'A moderator has not decided yet. Nobody else sees your text. You need not do anything.',
    changes_requested:
      'The moderator would release it after a change. Only you and the moderators can see it.',
    released: 'Everyone in the community can read it.',
    rejected: 'It will not be shown to others. Only you and the moderators can see it.',
    withdrawn: 'You took it back before a decision. Nobody else has seen it.',
    retracted:
      'It was released, and its words were taken from readers again. They see a note in its place.',
    split: 'It spoke of several things. Each part is read and decided on for itself; see below.',
    duplicate: 'It says what another post says already, so it is not shown a second time.',
    superseded: 'You sent a newer version; that one is being read instead.',
  } satisfies Record<SubmissionState, string>,
} as const;
