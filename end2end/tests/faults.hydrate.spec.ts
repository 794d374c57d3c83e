import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'faults' });

const sample = 119;

/** What a bad connection does to every third request: nothing comes, an error comes, or it comes late. */
const faults = ['gone', 'broken', 'slow'] as const;

for (const fault of faults) {
  test(`with every third request ${fault}, nothing is lost, nothing comes twice, and Retry works`, async ({ page, complaints }) => {
    complaints.expected.push(/ERR_FAILED|500/);
    const feed = new Listing(page);
    await feed.open('/?sort=new');
    let asked = 0;
    await page.route(/after=|\/fn\//, async (route) => {
      asked += 1;
      if (asked % 3 !== 1) return route.continue();
      if (fault === 'gone') return route.abort();
      if (fault === 'broken') return route.fulfill({ status: 500, body: '' });
      await new Promise((done) => setTimeout(done, 1_500));
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

    // Bookmarks until three are kept: a refusal is said and leaves the button as it was.
    const kept = page.getByRole('feed').getByRole('button', { name: 'Bookmark', pressed: true });
    for (let index = sample - 1; (await kept.count()) < 3; index--) {
      const button = bookmark(feed.cards.nth(index));
      await button.click();
      await expect(button).not.toHaveAttribute('aria-busy');
    }
    const shown = await kept.evaluateAll((buttons) => buttons.map((button) => button.closest('article')?.id).sort());
    await page.unrouteAll({ behavior: 'wait' });
    await page.goto('/bookmarks');
    expect((await feed.ids()).sort()).toEqual(shown);
  });
}

test('a next page that is on its way is announced by bars of a card’s height, which leave when it is here', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  const before = await feed.cards.count();
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route(/after=/, async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press('End');
  const bars = page.locator('.skeleton .card');
  await expect(bars.first()).toBeVisible();
  const [bar, card] = await Promise.all([bars.first().boundingBox(), feed.cards.last().boundingBox()]);
  expect(bar!.height).toBeGreaterThan(card!.height / 2);
  expect(bar!.height).toBeLessThan(card!.height * 2);
  go();
  await expect.poll(() => feed.cards.count()).toBeGreaterThan(before);
  await expect(bars).toHaveCount(0);
});

test('a next page that did not arrive without a network is there when it is back, unasked', async ({ page, context, complaints }) => {
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
