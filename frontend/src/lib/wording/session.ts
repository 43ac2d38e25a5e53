/** Coming in, going out, and the devices one is signed in on. */
export const session = {
  signIn: {
    title: 'Sign in',
    welcome: (company: string) => `The private communities of ${company}`,
    lead: 'A walled garden for the people who are invited. Every word is read by a moderator before anyone else sees it.',
    email: 'E-mail address',
    password: 'Password',
    submit: 'Sign in',
    wrong: 'The e-mail address and the password do not belong together.',
    tooMany: (seconds: number | null) =>
      seconds === null
        ? 'Too many attempts. Wait a little before you try again.'
        : `Too many attempts. Try again in ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`,
    already: (name: string) => `You are signed in as ${name}.`,
    onward: 'Go on',
    enterEmail: 'Enter your e-mail address.',
    enterPassword: 'Enter your password.',
    invitedOnly: 'You need an invitation to join. The link is in the message you were sent.',
    show: 'Show the password',
  },
  personas: {
    title: 'Choose a person',
    lead: 'Each sees what their role lets them see. Choosing one fills in the form and signs in.',
    signInAs: (name: string) => `Sign in as ${name}`,
  },
  join: {
    title: 'Your invitation',
    community: (name: string) => `You are invited to ${name}`,
    administrator: 'Set up this server',
    administratorLead:
      'You become its first administrator: you create communities and invite the people in them.',
    lead: (company: string) => `A private community of ${company}.`,
    as: 'You will write as',
    roles: 'Your roles',
    email: 'E-mail address',
    expires: 'The invitation ends',
    name: 'Your name here',
    nameGiven: 'Others see it beside what you write. If it is misspelt, ask whoever invited you.',
    nameHint: 'As colleagues would look for it. Others see it beside what you write.',
    password: 'Password',
    passwordNew: 'Choose a password',
    passwordHint: 'At least 12 characters. A sentence that only you know is a good one.',
    passwordOwn: 'You already have an account here. Enter its password to accept.',
    other: (name: string) =>
      `You are signed in as ${name}. Accepting signs you in with the invited address instead.`,
    accept: 'Accept and come in',
    setUp: 'Create the account',
    enterName: 'Enter your name.',
    short: 'Use at least 12 characters.',
    unknown: 'This invitation cannot be used',
    unknownText:
      'It has been used, has ended, or the link is not complete. Ask the person who invited you for a new one.',
    toSignIn: 'To the sign-in page',
  },
  account: {
    title: 'Account and devices',
    memberships: 'Your communities',
    devices: 'Where you are signed in',
    devicesLead: 'If you do not know one of these, sign out everywhere and change your password.',
    thisDevice: 'This device',
    since: 'since',
    lastSeen: 'last seen',
    signOut: 'Sign out here',
    everywhere: 'Sign out everywhere',
    everywhereTitle: 'Sign out everywhere?',
    everywhereText:
      'Every device, this one included, has to sign in again. Drafts on this device are removed.',
    ends: 'This session ends',
    unknownDevice: 'An unknown device',
    serverAdministrator: 'Server administrator',
  },
} as const;
