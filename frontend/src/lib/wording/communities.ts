/** The communities, their threads and the people in them. */
export const communities = {
  list: {
    title: 'Your communities',
    lead: 'What is written in a community stays in it. A moderator reads every word before it appears.',
    threads: (count: number) => (count === 1 ? '1 thread' : `${count} threads`),
    members: (count: number) => (count === 1 ? '1 member' : `${count} members`),
    empty: 'You are not in a community yet',
    emptyText: 'You join with an invitation. If you expected one, ask the person who invited you.',
    emptyAdmin: 'There is no community that you belong to. You can create one.',
    create: 'Create a community',
  },
  nav: {
    label: 'In this community',
    threads: 'Threads',
    members: 'Members',
  },
  about: {
    title: 'About this community',
    speaker: 'You write here as',
    roles: 'Your roles',
    products: 'Products spoken of here',
    boxed: 'Boxed warning',
    indication: 'Indication',
    pending: 'A new description is waiting for review.',
    none: 'No description yet.',
  },
  threads: {
    title: 'Threads',
    start: 'Start a thread',
    empty: 'Nothing has been released here yet',
    emptyText: 'Start the first thread. It appears once a moderator has read it.',
    emptyReader: 'Threads appear here once a moderator has released them.',
    replies: (count: number) =>
      count === 0 ? 'No replies yet' : count === 1 ? '1 reply' : `${count} replies`,
    lastActivity: 'last activity',
    arrived: (count: number) => (count === 1 ? 'Show 1 new thread' : `Show ${count} new threads`),
    announce: (title: string) => `New thread: ${title}`,
  },
  members: {
    title: 'Members',
    joined: 'joined',
    edit: 'Edit your profile line',
    noProfile: 'You have no profile line yet.',
    you: 'you',
    write: 'Write your profile line',
  },
} as const;
