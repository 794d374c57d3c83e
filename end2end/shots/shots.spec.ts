import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, TestInfo } from '@playwright/test';
import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';
import { states } from '../pages/states';

const folder = process.env.BROADSHEET_SHOTS ?? join(tmpdir(), 'broadsheet-shots');

test.use({ instance: 'shots' });

/** Writes two pictures of a page into the folder: `<name>-<width>-light.png` and `<name>-<width>-dark.png`. */
async function shoot(page: Page, info: TestInfo, name: string) {
  await page.evaluate(() => document.fonts.ready);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${info.project.name}-${colorScheme}.png`) });
  }
}

for (const [name, open] of Object.entries(states)) {
  test(name, async ({ page, broadsheet, complaints }, info) => {
    await open({ page, broadsheet, address: `${name}-${info.project.name}@example.org`, expected: complaints.expected });
    await shoot(page, info, name);
  });
}

for (const [name, path] of Object.entries({
  share: '/share?url=https://arxiv.org/abs/2510.20838',
  'share-nothing': '/share?title=strong+convergence',
})) {
  test(name, async ({ page }, info) => {
    await new Listing(page).open(path);
    await shoot(page, info, name);
  });
}

test.describe('offline', () => {
  test.use({ serviceWorkers: 'allow' });

  test('offline-line and offline-list', async ({ page, context, complaints }, info) => {
    complaints.expected.push(/ERR_INTERNET_DISCONNECTED/, /ERR_FAILED/);
    const listing = new Listing(page);
    await listing.open('/?sort=new');
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
    await listing.open('/?sort=top');
    await context.setOffline(true);
    await bookmark(listing.cards.first()).click();
    await expect(page.locator('.toast')).toBeVisible();
    await shoot(page, info, 'offline-line');
    await listing.open('/about/sources');
    await shoot(page, info, 'offline-list');
  });
});
