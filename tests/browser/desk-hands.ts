// A demonstration of one's own, people who sit at its desk, and hands that press keys.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { freePort, start } from './demo-server.ts';
import type { Persona } from './people.ts';

export const moderates = (one: Persona) =>
  one.roles.includes('moderator') || one.roles.includes('lead');

/** A demonstration for the tests of a file: its queue is theirs. */
export function ownDemo(name: string) {
  let site = '';
  let stop: () => Promise<void>;
  test.beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), name));
    const port = await freePort();
    const server = await start(['demo', '--listen', `127.0.0.1:${port}`, '--data', folder], port);
    site = `http://localhost:${port}`;
    stop = async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    };
  });
  test.afterAll(async () => stop());

  /** A window of a persona who fits, signed in. */
  async function sits(browser: Browser, fits: (one: Persona) => boolean) {
    const answer = await fetch(`${site}/api/demo/personas`);
    const { items } = (await answer.json()) as { items: Persona[] };
    const person = items.find(fits);
    if (!person) throw new Error('the demonstration has nobody like that');
    const context = await browser.newContext({
      baseURL: site,
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    await page.goto('/sign-in');
    await page.getByRole('button', { name: new RegExp(person.name) }).click();
    await expect(page).not.toHaveURL(/sign-in/);
    const told = async (path: string) => (await page.request.get(`${site}${path}`)).json();
    const sends = async (path: string, data: object) => {
      const sent = await page.request.post(`${site}${path}`, { data, headers: { origin: site } });
      expect(sent.ok(), `${path}: ${await sent.text()}`).toBe(true);
      return sent.status() === 204 ? null : sent.json();
    };
    return { page, person, told, sends };
  }

  return { sits, address: () => site };
}

/** Presses keys and counts them. */
export class Hands {
  pressed: string[] = [];
  constructor(private readonly page: Page) {}

  async press(...keys: string[]) {
    for (const key of keys) {
      this.pressed.push(key);
      await this.page.keyboard.press(key);
    }
  }
}

/** Waits until an item other than this one is open, claimed and in focus; null when nothing is left to take. */
export async function nextOf(page: Page, before: string | null): Promise<string | null> {
  await page.waitForFunction((old) => {
    const here = location.pathname.replace('/review/', '').replace('/review', '');
    if (here === '') return document.activeElement?.id === 'desk-heading';
    const ready = document.querySelector('#decision, #disposition') !== null;
    return here !== old && ready && document.activeElement?.id === 'item-heading';
  }, before);
  return /\/review\/([^?]+)/.exec(page.url())?.[1] ?? null;
}

/** Records an adverse event where one is possible: before that there is no decision. */
export async function disposes(page: Page, press: (...keys: string[]) => Promise<void>): Promise<boolean> {
  if ((await page.locator('#disposition').count()) === 0) return false;
  await press('a', 'Enter');
  await expect(page.locator('#decision')).toBeVisible();
  return true;
}

/** Signs where the judgement is signed; what is typed into a signature is no key of the desk. */
export async function signs(page: Page, item: string) {
  await page.waitForFunction(
    (old) => document.querySelector('dialog[open]') !== null || !location.pathname.endsWith(old),
    item,
  );
  const dialog = page.getByRole('dialog', { name: 'Sign electronically' });
  if (!(await dialog.isVisible())) return;
  for (const name of ['Fill in', 'Sign']) {
    await dialog.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  }
  await expect(dialog).toBeHidden();
}
