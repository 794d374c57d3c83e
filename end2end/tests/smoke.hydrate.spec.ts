import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

test.use({ contextOptions: { reducedMotion: 'no-preference' } });

// The fade from page to page is skipped when the next page comes too soon: the browser then rejects promises, and what
// complains in every test would hear it.
test('leaving pages before they have faded in is no error', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  for (const path of ['/bookmarks', '/about/ranking', '/bookmarks', '/']) {
    await page.evaluate((path) => location.assign(path), path);
    await page.waitForURL(path, { waitUntil: 'commit' });
  }
  await feed.awake();
  await expect(feed.cards.first()).toBeVisible();
});
