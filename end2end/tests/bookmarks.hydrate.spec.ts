import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'bookmarks' });

test('a bookmark answers before the server does, and takes it back in words when it refuses', async ({ page, complaints }) => {
  complaints.expected.push(/507/);
  const words = 'Not saved: the server’s disk is full. Earlier bookmarks are safe.';
  let answer = () => {};
  const asked = new Promise<void>((done) => (answer = done));
  await page.route('**/fn/bookmark', async (route) => {
    await asked;
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

  answer();
  await expect(card.getByRole('alert')).toHaveText(words);
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('link', { name: 'Bookmarks 1' })).toHaveCount(0);

  // The next press asks again, and its success clears the words.
  await page.unrouteAll();
  await bookmark(card).click();
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
  await expect(card.getByRole('alert')).toHaveCount(0);
  await expect(bookmark(card)).not.toHaveAttribute('aria-busy');
  await page.reload();
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
});

test('pressing fast ends in what was pressed last', async ({ page }) => {
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

test('two papers kept at once by a new reader are both kept', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  await page.evaluate(() => {
    for (const form of [...document.querySelectorAll<HTMLFormElement>('form.bookmark')].slice(0, 3)) form.requestSubmit();
  });
  for (const place of [0, 1, 2]) await expect(bookmark(feed.cards.nth(place))).not.toHaveAttribute('aria-busy');
  await page.goto('/bookmarks');
  await expect(page.getByRole('article')).toHaveCount(3);
});
