import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'faults' });

const sample = 119;

/** What happens to every third request: it is aborted, it is answered with an error, or it is late. */
const faults = ['gone', 'broken', 'slow'] as const;

for (const fault of faults) {
  test(`with every third request ${fault}, each paper is listed once, Retry works, and the bookmarks are right`, async ({ page, complaints }) => {
    complaints.expected.push(/ERR_FAILED|500/);
    const feed = new Listing(page);
    await feed.open('/?sort=new');
    let requests = 0;
    await page.route(/after=|\/fn\//, async (route) => {
      requests += 1;
      if (requests % 3 !== 1) return route.continue();
      if (fault === 'gone') return route.abort();
      if (fault === 'broken') return route.fulfill({ status: 500, body: '' });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return route.continue();
    });

    const retry = page.getByRole('button', { name: 'Retry' });
    await expect(async () => {
      await page.keyboard.press('End');
      if (await retry.isVisible()) await retry.click();
      expect(await feed.cards.count()).toBe(sample);
    }).toPass({ intervals: [200] });
    const ids = await feed.ids();
    expect(new Set(ids).size).toBe(sample);
    await expect(feed.end).toBeVisible();

    // Add bookmarks until three are saved. A failed one leaves its button as it was.
    const pressed = page.getByRole('feed').getByRole('button', { name: 'Bookmark', pressed: true });
    for (let index = sample - 1; (await pressed.count()) < 3; index--) {
      const button = bookmark(feed.cards.nth(index));
      await button.click();
      await expect(button).not.toHaveAttribute('aria-busy');
    }
    const bookmarked = await pressed.evaluateAll((buttons) => buttons.map((button) => button.closest('article')?.id).sort());
    await page.unrouteAll({ behavior: 'wait' });
    await page.goto('/bookmarks');
    expect((await feed.ids()).sort()).toEqual(bookmarked);
  });
}

test('while the next page loads, placeholders as high as cards are shown', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  const before = await feed.cards.count();
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(/after=/, async (route) => {
    await released;
    await route.continue();
  });
  await page.keyboard.press('End');
  const placeholders = page.locator('.skeleton .card');
  await expect(placeholders.first()).toBeVisible();
  const [placeholder, card] = await Promise.all([placeholders.first().boundingBox(), feed.cards.last().boundingBox()]);
  expect(placeholder!.height).toBeGreaterThan(card!.height / 2);
  expect(placeholder!.height).toBeLessThan(card!.height * 2);
  release();
  await expect.poll(() => feed.cards.count()).toBeGreaterThan(before);
  await expect(placeholders).toHaveCount(0);
});

test('a next page that failed without a network loads by itself when the network is back', async ({ page, context, complaints }) => {
  complaints.expected.push(/ERR_INTERNET_DISCONNECTED/);
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  const before = await feed.cards.count();
  await context.setOffline(true);
  await feed.more.scrollIntoViewIfNeeded();
  await expect(page.getByText('Couldn’t load more papers.')).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('Couldn’t load more papers.')).toBeHidden();
  await expect.poll(() => feed.cards.count()).toBeGreaterThan(before);
  const ids = await feed.ids();
  expect(new Set(ids).size).toBe(ids.length);
});
