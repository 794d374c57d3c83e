import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

test.use({ contextOptions: { reducedMotion: 'no-preference' } });

// If the next page comes too soon, the browser skips the fade and rejects its promises. The fixture `complaints` would fail
// the test if the page did not handle them.
test('leaving a page before it has faded in causes no error', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  for (const path of ['/bookmarks', '/about/ranking', '/bookmarks', '/']) {
    await page.evaluate((path) => location.assign(path), path);
    await page.waitForURL(path, { waitUntil: 'commit' });
  }
  await feed.awake();
  await expect(feed.cards.first()).toBeVisible();
});

test('there is no fade between listings, and a fade between a listing and another page', async ({ page }) => {
  await page.addInitScript(() => {
    addEventListener('pagereveal', ({ viewTransition }) => Object.assign(window, { fades: viewTransition !== null }));
  });
  const fades = () => page.evaluate(() => (window as unknown as { fades: boolean }).fades);
  const feed = new Listing(page);
  await feed.open();
  await page.getByRole('list', { name: 'Order' }).getByRole('link', { name: 'New', exact: true }).click();
  await page.waitForURL('**/?sort=new');
  await feed.awake();
  expect(await fades()).toBe(false);
  await page.getByRole('link', { name: 'Ranking', exact: true }).click();
  await page.waitForURL('**/about/ranking');
  await feed.awake();
  expect(await fades()).toBe(true);
});

test('without a service worker, too, only the first page contains the style', async ({ page, context }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined }));
  const feed = new Listing(page);
  await feed.open();
  await expect(page.locator('style')).toHaveCount(1);
  await expect.poll(async () => (await context.cookies()).map(({ name }) => name)).toContain('sheet-broadsheet');
  await feed.open('/?sort=new');
  await expect(page.locator('style')).toHaveCount(0);
  await expect(page.locator('link[rel=stylesheet]')).toHaveCount(1);
  // This page has a second style sheet, which is not cached yet.
  await page.goto('/about/ranking');
  await expect(page.locator('style')).toHaveCount(1);
  await expect.poll(async () => (await context.cookies()).map(({ name }) => name)).toContain('sheet-pages');
  await page.reload();
  await expect(page.locator('style')).toHaveCount(0);
  await expect(page.locator('link[rel=stylesheet]')).toHaveCount(2);
});
