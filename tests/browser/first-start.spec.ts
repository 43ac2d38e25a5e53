// A new server: the printed link, the first administrator with a second factor, a community, an invitation, a member.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { codeOf } from './authenticator.ts';
import { freePort, start } from './demo-server.ts';

test('the first start leads from the printed link to a community with an invited member', async ({
  browser,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'hortus-first-'));
  const port = await freePort();
  const server = await start(['serve'], port, {
    HORTUS_DATA__FOLDER: folder,
    HORTUS_SERVER__LISTEN: `127.0.0.1:${port}`,
    HORTUS_SERVER__PUBLIC_URL: `http://localhost:${port}`,
  });
  try {
    const link = /http:\S+\/join\/\S+/.exec(server.output())?.[0] ?? '';
    const administrator = await (await browser.newContext()).newPage();
    await administrator.goto(link);
    await administrator.getByLabel(/e-?mail/i).fill('ada@garden.example');
    await administrator.getByLabel(/name/i).first().fill('Ada Gardener');
    await administrator.getByLabel(/password/i).first().fill('a long walk in the garden');
    await administrator.locator('form button[type=submit]').click();
    await expect(administrator).not.toHaveURL(/join/);

    const at = (path: string) => `http://localhost:${port}${path}`;
    await administrator.goto(at('/account'));
    await administrator.getByRole('button', { name: 'Set up' }).click();
    const enrolling = administrator.getByRole('dialog');
    await enrolling.getByLabel('Password').fill('a long walk in the garden');
    await enrolling.getByRole('button', { name: 'Next' }).click();
    await expect(enrolling.getByRole('img', { name: /QR code/ })).toBeVisible();
    const secret = await enrolling.locator('code').innerText();
    await enrolling.getByLabel(/code that the app shows/i).fill(codeOf(secret));
    await enrolling.getByRole('button', { name: 'Confirm' }).click();
    await expect(enrolling.getByRole('listitem').filter({ hasText: /-.*-.*-/ })).toHaveCount(10);
    await enrolling.getByLabel('I have kept them').check();
    await enrolling.getByRole('button', { name: 'Done' }).click();
    await expect(administrator.getByText('10 recovery codes are left.')).toBeVisible();

    await administrator.goto(at('/admin'));
    await administrator.getByRole('button', { name: 'Create a community' }).click();
    const making = administrator.getByRole('dialog');
    await making.getByLabel('Name').fill('Ward round');
    await making.getByLabel('Description').fill('For the nurses and physicians of the ward.');
    await making.getByRole('button', { name: 'Create' }).click();
    await expect(administrator.getByRole('heading', { name: 'Ward round' })).toBeVisible();

    await administrator.goto(at('/admin/ward-round/invitations'));
    await administrator.getByRole('button', { name: 'Invite someone' }).click();
    const inviting = administrator.getByRole('dialog');
    await inviting.getByLabel('Name').fill('Nora Nurse');
    await inviting.getByLabel('E-mail address').fill('nora@ward.example');
    await inviting.getByRole('button', { name: 'Make the invitation' }).click();
    await expect(inviting).toContainText('/join/');
    const invitation = /http:\S+\/join\/\w+/.exec(await inviting.innerText())?.[0] ?? '';

    const nurse = await (await browser.newContext()).newPage();
    await nurse.goto(invitation);
    await nurse.getByLabel(/password/i).first().fill('sunrise over the ward 7');
    await nurse.locator('form button[type=submit]').click();
    await expect(nurse).not.toHaveURL(/join/);
    await nurse.goto(at('/communities'));
    await expect(nurse.getByRole('link', { name: 'Ward round' })).toBeVisible();
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
