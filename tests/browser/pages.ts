// Every page of Hortus, and who looks at it.
import type { Page } from '@playwright/test';
import type { Persona } from './people.ts';

export interface Stop {
  name: string;
  /** Who looks; nobody is signed in where it is not given. */
  who?: (one: Persona) => boolean;
  /** Opens the page. */
  open: (page: Page) => Promise<unknown>;
}

const has = (role: string) => (one: Persona) => one.roles.includes(role);
const member = (one: Persona) => one.roles.join() === 'member';

/** The first link in the page's main part that leads to such an address. */
async function follow(page: Page, from: string, part: string) {
  await page.goto(from);
  await page.locator(`main a[href*="${part}"]`).first().click();
}

export const STOPS: Stop[] = [
  { name: 'sign-in', open: (page) => page.goto('/sign-in') },
  { name: 'join-unknown', open: (page) => page.goto('/join/0000') },
  { name: 'communities', who: member, open: (page) => page.goto('/communities') },
  { name: 'community', who: member, open: (page) => follow(page, '/communities', '/c/') },
  {
    name: 'new-thread',
    who: member,
    async open(page) {
      await follow(page, '/communities', '/c/');
      await page.locator('main a[href$="/new"]').first().click();
    },
  },
  {
    name: 'thread',
    who: member,
    async open(page) {
      await follow(page, '/communities', '/c/');
      await page.locator('main a[href*="/t/"]').first().click();
    },
  },
  {
    name: 'members',
    who: member,
    async open(page) {
      await follow(page, '/communities', '/c/');
      await page.locator('main a[href$="/members"]').first().click();
    },
  },
  { name: 'submissions', who: member, open: (page) => page.goto('/submissions') },
  { name: 'submission', who: member, open: (page) => follow(page, '/submissions', '/submissions/') },
  { name: 'account', who: member, open: (page) => page.goto('/account') },
  { name: 'review', who: has('moderator'), open: (page) => page.goto('/review') },
  {
    name: 'review-item',
    who: has('moderator'),
    async open(page) {
      await page.goto('/review');
      await page.locator('a[data-row]').first().click();
    },
  },
  { name: 'questions', who: has('safety_officer'), open: (page) => page.goto('/referrals') },
  { name: 'safety', who: has('safety_officer'), open: (page) => page.goto('/safety') },
  { name: 'safety-case', who: has('safety_officer'), open: (page) => follow(page, '/safety', '/safety/') },
  { name: 'quality', who: has('lead'), open: (page) => page.goto('/quality') },
  { name: 'audit', who: has('inspector'), open: (page) => page.goto('/audit') },
  { name: 'export', who: has('inspector'), open: (page) => page.goto('/export') },
  { name: 'admin', who: has('administrator'), open: (page) => page.goto('/admin') },
  { name: 'admin-community', who: has('administrator'), open: (page) => follow(page, '/admin', '/admin/') },
  {
    name: 'admin-policy',
    who: has('administrator'),
    async open(page) {
      await follow(page, '/admin', '/admin/');
      await page.locator('main a[href$="/policy"]').first().click();
    },
  },
  {
    name: 'admin-policy-edit',
    who: has('administrator'),
    async open(page) {
      await follow(page, '/admin', '/admin/');
      await page.locator('main a[href$="/policy"]').first().click();
      await page.locator('main a[href$="/policy/edit"]').first().click();
    },
  },
  { name: 'not-found', who: member, open: (page) => page.goto('/nowhere') },
];

/** Waits until the page has its heading and nothing is loading any more. */
export async function settled(page: Page) {
  await page.waitForLoadState('networkidle');
  await page.locator('h1').first().waitFor();
}
