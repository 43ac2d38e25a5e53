// What comes to the desk again, and what must be said first, by keyboard alone.
import { expect, test, type Page } from '@playwright/test';
import { violationsOf } from './accessible.ts';
import { Hands, moderates, ownDemo, signs } from './desk-hands.ts';
import type { Persona } from './people.ts';

const { sits } = ownDemo('hortus-again-');
const lead = (one: Persona) => one.roles.includes('lead');
const colleague = (one: Persona) => moderates(one) && !lead(one);
const member = (one: Persona) => one.roles.join() === 'member' && one.community === 'Steady Days';

interface Item {
  id: string;
  origin: string;
  own: boolean;
  conflict: string | null;
  claim: unknown;
  needs_disposition: boolean;
  revision: { hash: string };
  rule_set_hash: string;
  safety_case: { disposition: string | null } | null;
}
type Told = (path: string) => Promise<unknown>;

/** The items at the desk that came in this way. */
async function itemsOf(told: Told, origin: string): Promise<Item[]> {
  const { items } = (await told('/api/review/items?limit=200')) as { items: Item[] };
  return items.filter((item) => item.origin === origin);
}

/** Opens an item and waits until its heading has the focus. */
async function opens(page: Page, item: string) {
  await page.goto(`/review/${item}`);
  await expect(page.locator('#item-heading')).toBeFocused();
}

const said = (page: Page, words: string | RegExp) =>
  expect(page.getByRole('status').filter({ hasText: words }).first()).toBeAttached();

test('a reported post is kept with two keys, or retracted with three and a second person (R-PV-01)', async ({
  browser,
}) => {
  const reader = await sits(browser, member);
  const me = await reader.told('/api/session');
  const { slug } = me.memberships[0].community;
  const { items: threads } = await reader.told(`/api/communities/${slug}/threads`);
  const posts: { id: string; thread: string }[] = [];
  for (const { id: thread } of threads) {
    const page = await reader.told(`/api/threads/${thread}`);
    const reply = page.posts.find(
      (post: { can_edit: boolean; author: { speaker: string } }, at: number) =>
        at > 0 && !post.can_edit && post.author.speaker === 'patient',
    );
    if (reply) posts.push({ id: reply.id, thread });
    if (posts.length === 2) break;
  }
  const words = 'My sister had the same tremor after the second week.';
  for (const { id } of posts) {
    await reader.sends(`/api/posts/${id}/reports`, { reason: 'side_effect', words });
  }

  const { page, told } = await sits(browser, lead);
  const [kept, retracted] = await itemsOf(told, 'report');
  if (!kept || !retracted) throw new Error('the reports are not at the desk');
  await opens(page, kept.id);
  const why = page.getByRole('region', { name: 'A reader reported it' });
  await expect(why).toContainText('It tells of a side effect');
  await expect(why).toContainText(words);
  await expect(why).toContainText('Tells of a possible adverse event');
  expect(await violationsOf(page)).toEqual([]);
  const hands = new Hands(page);
  await hands.press('r');
  await expect(page.locator('#confirm-decision')).toBeFocused();
  await hands.press('Enter');
  await said(page, /Kept as it is/);
  expect(hands.pressed).toHaveLength(2);

  for (const fits of [lead, colleague]) {
    const desk = await sits(browser, fits);
    await opens(desk.page, retracted.id);
    const keys = new Hands(desk.page);
    await keys.press('x');
    await expect(desk.page.locator('[data-need="reason"] input').first()).toBeFocused();
    await keys.press('1');
    await expect(desk.page.locator('#confirm-decision')).toBeFocused();
    await expect(desk.page.getByLabel('Public words in its place')).not.toHaveValue('');
    if (fits === lead) expect(await violationsOf(desk.page)).toEqual([]);
    await keys.press('Enter');
    await signs(desk.page, retracted.id);
    await said(desk.page, /Retracted/);
    expect(keys.pressed).toHaveLength(3);
    await desk.page.context().close();
  }
  const places = posts.map(({ thread }) => thread);
  await expect(async () => {
    const seen = await Promise.all(
      places.map(async (thread) => JSON.stringify(await reader.told(`/api/threads/${thread}`))),
    );
    expect(seen.join()).toContain('The moderators have withdrawn this post.');
  }).toPass();
});

test('an appeal is granted with two keys by somebody else than the person who rejected', async ({ browser }) => {
  const author = await sits(browser, member);
  const me = await author.told('/api/session');
  const { slug } = me.memberships[0].community;
  const sent = await author.sends(`/api/communities/${slug}/threads`, {
    title: 'Where do we meet in December?',
    body: 'The library is closed for works. Does anybody know a quiet room for about twelve people?',
  });
  const first = await sits(browser, colleague);
  const submitted = await first.told(`/api/review/items?limit=200&q=december+quiet+room`);
  const id: string = submitted.items[0].id;
  const { fence } = await first.sends(`/api/review/items/${id}/claim`, {});
  const shown = (await first.told(`/api/review/items/${id}`)) as Item;
  await first.sends(`/api/review/items/${id}/decision`, {
    fence,
    revision_hash: shown.revision.hash,
    rule_set_hash: shown.rule_set_hash,
    action: 'reject',
    reason_code: 'other',
    words: 'This belongs elsewhere.',
  });
  await expect(async () => {
    expect((await author.told(`/api/submissions/${sent.submission_id}`)).can_appeal).toBe(true);
  }).toPass();
  await author.sends(`/api/submissions/${sent.submission_id}/appeal`, {
    words: 'It is about where our own group meets.',
  });

  const [appeal] = await itemsOf(first.told, 'appeal');
  if (!appeal) throw new Error('the appeal is not at the desk');
  await opens(first.page, appeal.id);
  await expect(first.page.getByText('The appeal is against your decision')).toBeVisible();
  await first.page.keyboard.press('r');
  await expect(first.page.locator('#decision, #claim-item')).toHaveCount(0);

  const { page } = await sits(browser, lead);
  await opens(page, appeal.id);
  const why = page.getByRole('region', { name: 'The author appeals' });
  await expect(why).toContainText('It is about where our own group meets.');
  await expect(why).toContainText('This belongs elsewhere.');
  const hands = new Hands(page);
  // To uphold it one finds words of one's own; to grant it, words are there.
  await hands.press('x');
  await expect(page.locator('[data-need="words"] textarea')).toBeFocused();
  await expect(page.locator('[data-need="words"] textarea')).toHaveValue('');
  await hands.press('Escape');
  hands.pressed = [];
  await hands.press('r');
  await expect(page.locator('#confirm-decision')).toBeFocused();
  await hands.press('Enter');
  await said(page, /Appeal granted/);
  expect(hands.pressed).toHaveLength(2);
  await author.page.goto(`/submissions/${sent.submission_id}`);
  await expect(author.page.getByText('Your appeal was granted')).toBeVisible();
});

test('each disposition of a possible adverse event is recorded with two keys (R-PV-30)', async ({ browser }) => {
  const { page, told } = await sits(browser, lead);
  const { items } = (await told('/api/review/items?limit=200')) as { items: Item[] };
  const open = items.filter((one) => one.needs_disposition && !one.conflict && !one.claim);
  const dispositions = { p: 'special_situation', q: 'quality_complaint', a: 'adverse_event' };
  expect(open.length).toBeGreaterThanOrEqual(Object.keys(dispositions).length);
  for (const [at, [key, disposition]] of Object.entries(dispositions).entries()) {
    const { id } = open[at] as Item;
    await opens(page, id);
    const hands = new Hands(page);
    await hands.press(key);
    await expect(page.locator('#record-disposition')).toBeFocused();
    await hands.press('Enter');
    await said(page, /Recorded/);
    await expect(page.locator('#safety-heading')).toBeFocused();
    const item = (await told(`/api/review/items/${id}`)) as Item;
    expect(item.safety_case?.disposition, key).toBe(disposition);
    expect(hands.pressed).toHaveLength(2);
    await hands.press('u');
    await expect(page.locator('#claim-item')).toBeVisible();
  }
});
