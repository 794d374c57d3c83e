import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

/**
 * Answers the first requests for a page with a page of the previous release, as an open tab or a cache does after an
 * upgrade. The names of its scripts do not exist in the new release. The result counts the requests.
 */
async function previousRelease(page: Page, times: number): Promise<() => number> {
  let loads = 0;
  await page.route('**/?sort=new', async (route) => {
    loads += 1;
    const response = await route.fetch();
    const html = await response.text();
    const previous = html.replaceAll(/\/pkg\/(boot|broadsheet)\.[0-9a-f]{16}\.js/g, '/pkg/$1.0123456789abcdef.js');
    await route.fulfill({ response, body: loads <= times ? previous : html });
  });
  return () => loads;
}

test('a page of the previous release reloads itself once, and then works', async ({ page }) => {
  const loads = await previousRelease(page, 1);
  const listing = new Listing(page);
  await listing.open('/?sort=new');
  expect(loads()).toBe(2);
  await expect(listing.cards.first()).toBeVisible();
});

test('if a cache always answers with the previous release, the page reloads only once', async ({ page }) => {
  const loads = await previousRelease(page, Infinity);
  await page.goto('/?sort=new');
  await expect.poll(loads).toBe(2);
  // The page works without its script.
  await new Listing(page).more.click();
  await page.waitForURL(/after=/);
  expect(loads()).toBe(2);
});
