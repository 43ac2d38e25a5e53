// The whole story, as people live it: write, decide, read, prove.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { BINARY } from './demo-server.ts';
import { persona, windowOf, type Persona } from './people.ts';

const only = (role: string) => (one: Persona) => one.roles.includes(role);

test('a clinician writes, a moderator decides, readers see it live, an inspector takes the proof home', async ({
  browser,
}, info) => {
  const clinician = await persona(
    (one) => one.roles.join() === 'member' && /hosp|clinic|neuro|nurse|consult|physic|doctor/i.test(one.title),
  );
  const moderator = await persona((one) => one.community === clinician.community && one.roles.includes('moderator'));
  const reader = await persona(
    (one) => one.community === clinician.community && one.email !== clinician.email && one.email !== moderator.email,
  );
  const inspector = await persona(only('inspector'));
  const words = `Which of you books the first follow-up call after two weeks? Our desk asks. (${Date.now()})`;

  // Two readers have the same thread open.
  const writing = await windowOf(browser, clinician);
  await writing.goto('/communities');
  await writing.getByRole('link', { name: clinician.community }).first().click();
  const thread = writing.locator('main a[href*="/t/"]').first();
  const address = await thread.getAttribute('href');
  await thread.click();
  const reading = await windowOf(browser, reader);
  await reading.goto(address ?? '/');
  await expect(reading.getByRole('heading', { level: 1 })).toBeVisible();

  // A moderator has the desk open.
  const desk = await windowOf(browser, moderator);
  await desk.goto('/review');
  await expect(desk.locator('a[data-row]').first()).toBeVisible();

  // The clinician writes; the rules answer while they do.
  await writing.getByLabel('Your reply').fill(words);
  await expect(writing.getByText(/The rules found nothing|moderator may ask about/)).toBeVisible();
  await writing.getByRole('button', { name: 'Send for review' }).click();
  await expect(writing.getByText('Only you can see this').first()).toBeVisible();
  await expect(reading.getByText(words)).toHaveCount(0);

  // The moderator sees it come without reloading, and decides by keyboard.
  await desk.getByRole('button', { name: /new/ }).first().click();
  const row = desk.locator('a[data-row]', { hasText: words.slice(0, 40) });
  await row.focus();
  await desk.keyboard.press('Enter');
  await expect(desk.locator('#decision')).toBeVisible();
  await desk.keyboard.press('r');
  await desk.locator('#confirm-decision').click();

  // Both readers see it without reloading.
  await expect(reading.getByText(words)).toBeVisible();
  await expect(writing.getByText('Only you can see this')).toHaveCount(0);
  await expect(writing.getByText(words)).toBeVisible();

  // The inspector takes the bundle home and verifies it offline.
  const inspection = await windowOf(browser, inspector);
  await inspection.goto('/export');
  const saving = inspection.waitForEvent('download');
  await inspection.getByRole('button', { name: /Download/ }).click();
  const bundle = info.outputPath('bundle.zip');
  await (await saving).saveAs(bundle);
  expect(execFileSync(BINARY, ['audit', 'verify', bundle]).toString()).not.toBe('');

  // One flipped byte, and it says where.
  const bytes = readFileSync(bundle);
  const place = bytes.indexOf('decisions.jsonl') + 200;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(bundle, bytes);
  expect(() => execFileSync(BINARY, ['audit', 'verify', bundle], { stdio: 'pipe' })).toThrow();
});
