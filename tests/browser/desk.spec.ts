// The review desk by keyboard alone, on a demonstration of its own: its queue is worked off here.
import { expect, test } from '@playwright/test';
import { disposes, Hands, moderates, nextOf, ownDemo, signs } from './desk-hands.ts';

const { sits, address } = ownDemo('hortus-desk-');
let site = '';
test.beforeAll(() => {
  site = address();
});

test('the help lists every key, a changed key stays, and digits and letters do nothing while one writes', async ({
  browser,
}) => {
  const { page } = await sits(browser, moderates);
  await page.goto('/review');
  await expect(page.locator('a[data-row]').first()).toBeVisible();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Your desk' });
  for (const words of ['Take the next item', 'Release', 'Next finding', 'Hand the item back']) {
    await expect(help.getByText(words, { exact: false }).first()).toBeVisible();
  }
  const release = help.getByRole('button', { name: /^Release; .*: r/ });
  await release.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('y');
  await expect(help.getByRole('button', { name: /^Release; .*: y/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.locator('a[data-row]').first()).toBeVisible();

  await page.keyboard.press('g');
  await nextOf(page, null);
  await disposes(page, (...keys) => new Hands(page).press(...keys));
  await page.keyboard.press('r');
  await expect(page.locator('#confirm-decision')).toHaveCount(0);
  await page.keyboard.press('y');
  await expect(page.locator('#decision [aria-pressed=true]')).toContainText('Release');
  await page.keyboard.press('w');
  await page.keyboard.type('gr1?');
  await expect(page.locator('#decision textarea')).toHaveValue('gr1?');

  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await help.getByRole('button', { name: 'Take the usual keys' }).focus();
  await page.keyboard.press('Enter');
  await expect(help.getByRole('button', { name: /^Release; .*: r/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('u');
});

test('keys jump from the worst finding on, and the text and the list show the same one', async ({ browser }) => {
  const { page } = await sits(browser, moderates);
  await page.goto('/review');
  await expect(page.locator('a[data-row]').first()).toBeVisible();
  await page.keyboard.press('g');
  await nextOf(page, null);
  await page.keyboard.press('f');
  const chosen = page.locator('[id^="about-finding-"] [aria-pressed=true]');
  await expect(chosen).toHaveCount(1);
  const first = page.locator('[id^="about-finding-"] button').first();
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  const mark = page.locator('mark.selected').first();
  await expect(mark).toBeInViewport();
  await page.keyboard.press('1');
  await expect(chosen).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(chosen).toHaveCount(0);
  await page.keyboard.press('u');
});

test('the list stays where it is while others work, and the open item says what they did', async ({ browser }) => {
  const { page } = await sits(browser, moderates);
  const other = await sits(browser, (one) => one.roles.includes('medical_reviewer'));
  await page.goto('/review?family=conduct');
  await page.goto('/review');
  const rows = page.locator('a[data-row]');
  await expect(rows.first()).toBeVisible();
  const items = (await (await other.page.request.get(`${site}/api/review/items?limit=50`)).json()).items as {
    id: string;
    own: boolean;
    needs_disposition: boolean;
    community: { slug: string };
  }[];
  const item = items.find((one) => !one.own && !one.needs_disposition);
  if (!item) throw new Error('nothing to take');
  await page.goto(`/review/${item.id}`);
  await expect(page.locator('#claim-item')).toBeVisible();
  const places = () => rows.evaluateAll((all) => all.slice(0, 6).map((row) => row.getBoundingClientRect().top));
  await expect(rows.first()).toBeVisible();
  const before = await places();

  const headers = { origin: site };
  await other.page.request.post(`${site}/api/review/items/${item.id}/claim`, { headers });
  await expect(page.locator('p.news')).toContainText(`${other.person.name} is reviewing this now`);
  await expect(page.locator(`#row-${item.id}`)).toContainText(other.person.name);
  expect(await places()).toEqual(before);
});

test('a judgement is taken back with one key while its window runs', async ({ browser }) => {
  const { page } = await sits(browser, moderates);
  const told = async (path: string) => (await page.request.get(`${site}${path}`)).json();
  const { items } = (await told('/api/review/items?limit=50')) as { items: { id: string }[] };
  // One that nobody else must judge as well.
  let alone = '';
  for (const { id } of items) {
    const { actions } = (await told(`/api/review/items/${id}`)) as {
      actions: { action: string; second_review: boolean }[];
    };
    if (actions.some((one) => one.action === 'request_changes' && !one.second_review)) alone = id;
  }
  await page.goto(`/review/${alone}`);
  await expect(page.locator('#claim-item')).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.locator('#decision')).toBeVisible();
  await page.keyboard.press('1');
  await expect(page.locator('#confirm-decision')).toBeFocused();
  await page.keyboard.press('Enter');
  const bar = page.getByRole('button', { name: /Take it back/ });
  await expect(bar).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(page).toHaveURL(new RegExp(`/review/${alone}`));
  await expect(page.locator('#decision')).toBeVisible();
  await expect(bar).toHaveCount(0);
  await page.keyboard.press('u');
  // Whoever took a judgement back may judge again.
  await page.goto(`/review/${alone}`);
  await expect(page.locator('#claim-item')).toBeVisible();
});

test('words are taken out by keys, readers see what is left, and who reads the original says why', async ({
  browser,
}) => {
  const { page } = await sits(browser, moderates);
  const hands = new Hands(page);
  const told = async (path: string) => (await page.request.get(`${site}${path}`)).json();
  const { items } = (await told('/api/review/items?limit=100')) as { items: { id: string; claim: unknown }[] };
  // One that nobody else must judge as well.
  let alone = '';
  for (const { id, claim } of items) {
    const { actions } = (await told(`/api/review/items/${id}`)) as {
      actions: { action: string; second_review: boolean; needs: string[] }[];
    };
    const redact = actions.find((one) => one.action === 'redact_and_release');
    if (!alone && !claim && redact && !redact.second_review && !redact.needs.includes('signature')) alone = id;
  }
  expect(alone).not.toBe('');
  await page.goto(`/review/${alone}`);
  await expect(page.locator('#claim-item')).toBeVisible();
  await hands.press('o');
  await expect(page.locator('#decision')).toBeVisible();
  await hands.press('d');
  const body = page.getByLabel('Text', { exact: true });
  await expect(body).toBeVisible();
  await body.focus();
  await page.keyboard.press('Control+Home');
  for (let letter = 0; letter < 6; letter += 1) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'What readers will see' })).toContainText('[removed]');
  await page.locator('#confirm-decision').focus();
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => {
      const { redaction } = (await told(`/api/review/items/${alone}`)) as { redaction: unknown };
      return redaction !== null;
    }, { timeout: 30_000 })
    .toBe(true);

  await page.goto(`/review/${alone}`);
  const sealed = page.getByRole('region', { name: 'The original is sealed' });
  await expect(sealed).toContainText('Nobody has read it since.');
  await sealed.getByLabel('Why do you read it?').focus();
  await page.keyboard.type('The author asks what is missing.');
  await page.keyboard.press('Enter');
  await expect(sealed.locator('mark')).toHaveCount(1);
  await expect(sealed).toContainText('“The author asks what is missing.”');
});

test('a reviewer works off the queue with keys alone, a routine item with three at most', async ({ browser }, info) => {
  test.setTimeout(300_000);
  const { page } = await sits(browser, moderates);
  await page.goto('/review');
  await expect(page.locator('a[data-row]').first()).toBeVisible();
  const hands = new Hands(page);
  const told: { keys: string[]; kind: string }[] = [];
  await hands.press('g');
  let item = await nextOf(page, null);
  while (item !== null) {
    const begun = hands.pressed.length;
    const disposed = await disposes(page, (...keys) => hands.press(...keys));
    const grave = (await page.locator('mark.danger, mark.warn').count()) > 0;
    if (grave) await hands.press('c', '1', 'Enter');
    else await hands.press('r', 'Enter');
    await signs(page, item);
    const announced = page.getByRole('status').filter({ hasText: /Released|Changes requested|Nothing else/ });
    await expect(announced.first()).toBeAttached();
    told.push({
      keys: hands.pressed.slice(begun),
      kind: `${disposed ? 'safety, ' : ''}${grave ? 'sent back' : 'released'}`,
    });
    item = await nextOf(page, item);
  }
  expect(told.length).toBeGreaterThan(10);
  for (const { keys, kind } of told) {
    expect(keys.length, `${kind}: ${keys.join(' ')}`).toBeLessThanOrEqual(kind.startsWith('safety') ? 5 : 3);
  }
  const all = hands.pressed.length;
  const lines = [...new Set(told.map(({ kind }) => kind))].map((kind) => {
    const items = told.filter((one) => one.kind === kind);
    return `${items.length} × ${items[0]?.keys.length} keys (${kind})`;
  });
  const report = `${told.length} items, ${all} keys, ${(all / told.length).toFixed(2)} an item: ${lines.join('; ')}`;
  info.annotations.push({ type: 'keystrokes', description: report });
  process.stdout.write(`     keystrokes: ${report}\n`);
});
