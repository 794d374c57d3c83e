import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'bookmarks' });

test('a bookmark shows at once; if the server refuses it, it is removed and the reason is shown', async ({ page, complaints }) => {
  complaints.expected.push(/507/);
  const words = 'Not saved: the server’s disk is full. Earlier bookmarks are safe.';
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/fn/bookmark', async (route) => {
    await released;
    await route.fulfill({
      status: 507,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'about:blank', title: 'Not done', status: 507, detail: words }),
    });
  });
  const feed = new Listing(page);
  await feed.open();
  const card = feed.cards.first();
  await bookmark(card).click();
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('link', { name: 'Bookmarks 1' })).toBeVisible();

  release();
  await expect(card.getByRole('alert')).toHaveText(words);
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('link', { name: 'Bookmarks 1' })).toHaveCount(0);

  // The next press sends the bookmark again. If it succeeds, the error goes away.
  await page.unrouteAll();
  await bookmark(card).click();
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
  await expect(card.getByRole('alert')).toHaveCount(0);
  await expect(bookmark(card)).not.toHaveAttribute('aria-busy');
  await page.reload();
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
});

test('after several fast presses, the last one counts', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  const card = feed.cards.nth(1);
  for (let times = 0; times < 5; times++) await bookmark(card).click();
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
  await expect(bookmark(card)).not.toHaveAttribute('aria-busy');
  await expect(page.getByRole('link', { name: 'Bookmarks 1' })).toBeVisible();
  await page.reload();
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('link', { name: 'Bookmarks 1' })).toBeVisible();
});

test('the first three bookmarks of a visitor, made at the same time, are all saved', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  await page.evaluate(() => {
    for (const form of [...document.querySelectorAll<HTMLFormElement>('form.bookmark')].slice(0, 3)) form.requestSubmit();
  });
  for (const place of [0, 1, 2]) await expect(bookmark(feed.cards.nth(place))).not.toHaveAttribute('aria-busy');
  await page.goto('/bookmarks');
  await expect(page.getByRole('article')).toHaveCount(3);
});

test('adding a bookmark can be undone with u, and the counts follow', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  const card = feed.cards.first();
  await page.keyboard.press('j');
  await page.keyboard.press('b');
  await expect(page.locator('.toast')).toContainText('Bookmark added.');
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('u');
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('link', { name: 'Bookmarks 1' })).toHaveCount(0);

  for (const place of [0, 1]) {
    await bookmark(feed.cards.nth(place)).click();
    await expect(bookmark(feed.cards.nth(place))).not.toHaveAttribute('aria-busy');
  }
  await feed.open('/bookmarks');
  await expect(page.getByText('2 papers', { exact: true })).toBeVisible();
  await bookmark(feed.cards.first()).click();
  await expect(page.getByText('1 paper', { exact: true })).toBeVisible();
});

test('a three-digit number of bookmarks does not make a phone scroll sideways', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await bookmark(feed.cards.first()).click();
  await expect(bookmark(feed.cards.first())).not.toHaveAttribute('aria-busy');
  for (const width of [360, 390, 393, 430]) {
    await page.setViewportSize({ width, height: 844 });
    const excess = await page.evaluate(() => {
      const count = document.querySelector('.nav .count')!;
      count.textContent = ' 888';
      count.classList.add('long');
      return document.documentElement.scrollWidth - innerWidth;
    });
    expect(excess).toBeLessThanOrEqual(0);
  }
});
