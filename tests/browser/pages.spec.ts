// Every page, light and dark, on a phone and on a desk: no accessibility violation (WCAG 2.2 AA, contrast included),
// no message in the console, nothing wider than the window. With @shots: a picture of each.
import { expect, test, type Browser, type BrowserContextOptions } from '@playwright/test';
import { violationsOf } from './accessible.ts';
import { persona, site, windowOf } from './people.ts';
import { settled, STOPS, type Stop } from './pages.ts';

const LOOKS: { name: string; options: BrowserContextOptions }[] = [
  { name: 'light-desk', options: { colorScheme: 'light', viewport: { width: 1440, height: 900 } } },
  { name: 'dark-desk', options: { colorScheme: 'dark', viewport: { width: 1440, height: 900 } } },
  { name: 'light-tablet', options: { colorScheme: 'light', viewport: { width: 834, height: 1112 }, hasTouch: true } },
  { name: 'light-phone', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
  { name: 'dark-phone', options: { colorScheme: 'dark', viewport: { width: 360, height: 780 } } },
];

async function open(browser: Browser, stop: Stop, options: BrowserContextOptions) {
  const page = stop.who
    ? await windowOf(browser, await persona(stop.who), options)
    : await (await browser.newContext({ baseURL: site(), locale: 'en-GB', ...options })).newPage();
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  await stop.open(page);
  await settled(page);
  return { page, said };
}

for (const stop of STOPS) {
  test(`${stop.name} is accessible and quiet in every look`, async ({ browser }) => {
    for (const { name, options } of LOOKS) {
      const { page, said } = await open(browser, stop, options);
      const violations = await violationsOf(page);
      expect(violations, `${stop.name}, ${name}`).toEqual([]);
      // The browser notes every refused request; who is not signed in yet asks once whether they are.
      const wanted = said.filter((text) => !/status of 40[14]/.test(text));
      expect(wanted, `console of ${stop.name}, ${name}`).toEqual([]);
      const tooWide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(tooWide, `${stop.name}, ${name}: pixels wider than the window`).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  test(`${stop.name} @shots`, async ({ browser }) => {
    for (const { name, options } of LOOKS) {
      const { page } = await open(browser, stop, options);
      await page.screenshot({ path: `../../shots/${stop.name}-${name}.png`, fullPage: true });
      await page.context().close();
    }
  });
}
