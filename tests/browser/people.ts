// Signs people of the demonstration in, through the page that everybody uses.
import {
  expect,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from '@playwright/test';

export interface Persona {
  name: string;
  email: string;
  password: string;
  title: string;
  community: string;
  roles: string[];
}

export const site = () => process.env.HORTUS_DEMO ?? 'http://localhost:8080';

export async function personas(): Promise<Persona[]> {
  const answer = await fetch(`${site()}/api/demo/personas`);
  const { items } = (await answer.json()) as { items: Persona[] };
  return items;
}

/** The first persona that fits. */
export async function persona(fits: (one: Persona) => boolean): Promise<Persona> {
  const found = (await personas()).find(fits);
  if (!found) throw new Error('the demonstration has nobody like that');
  return found;
}

const cookies = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>();

/** A window of its own in which this person is signed in; through the page the first time, by its cookie later. */
export async function windowOf(
  browser: Browser,
  person: Persona,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ baseURL: site(), locale: 'en-GB', ...options });
  const page = await context.newPage();
  const known = cookies.get(person.email);
  if (known) {
    await context.addCookies(known);
    return page;
  }
  await page.goto('/sign-in');
  await page.getByRole('button', { name: new RegExp(person.name) }).click();
  await expect(page).not.toHaveURL(/sign-in/);
  cookies.set(person.email, await context.cookies());
  return page;
}
