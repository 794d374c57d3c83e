import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

test('Back returns to the same card at the same height, several pages down', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await feed.scrollTo(70);
  const shown = await feed.ids();
  const card = feed.cards.nth(47);
  await card.evaluate((card) => card.scrollIntoView({ block: 'center' }));
  await feed.settledHeight(card);
  const heightOnLeaving = await feed.rememberHeightOnLeaving(card);
  const link = card.getByRole('heading').getByRole('link');
  const title = await link.textContent();
  await link.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title ?? '');

  await page.goBack();
  await expect(card).toBeInViewport();
  const height = await heightOnLeaving();
  await expect.poll(async () => Math.abs((await feed.settledHeight(card)) - height)).toBeLessThanOrEqual(3);
  expect((await feed.ids()).slice(0, 48)).toEqual(shown.slice(0, 48));
  // More pages load from there.
  await feed.scrollTo(119);
  expect(new Set(await feed.ids()).size).toBe(119);
});

test('after a bookmark on the page of a paper, Back shows it in the listing too', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  const card = feed.cards.nth(2);
  await card.getByRole('heading').getByRole('link').click();
  await bookmark(page.getByRole('main')).click();
  await expect(page.getByRole('link', { name: 'Bookmarks 1' })).toBeVisible();
  await expect(bookmark(page.getByRole('main'))).not.toHaveAttribute('aria-busy');
  await page.goBack();
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
});

test('keys move through the listing, open, bookmark, expand and search', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await page.keyboard.press('j');
  await expect(feed.cards.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(feed.cards.nth(2)).toBeFocused();
  await expect(feed.cards.nth(2)).toBeInViewport();
  await page.keyboard.press('k');
  const card = feed.cards.nth(1);
  await expect(card).toBeFocused();

  await page.keyboard.press('b');
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'true');
  await expect(bookmark(card)).not.toHaveAttribute('aria-busy');
  await page.keyboard.press('b');
  await expect(bookmark(card)).toHaveAttribute('aria-pressed', 'false');
  await expect(bookmark(card)).not.toHaveAttribute('aria-busy');

  await page.keyboard.press('e');
  await expect(card.getByText('less', { exact: true })).toBeVisible();
  await page.keyboard.press('e');
  await expect(card.getByText('more', { exact: true })).toBeVisible();

  await page.keyboard.press('/');
  await expect(feed.search).toBeFocused();
  await page.keyboard.type('jkob');
  await expect(feed.search).toHaveValue('jkob');
  await feed.search.fill('');
  await feed.search.blur();

  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();

  await card.focus();
  const title = await card.getByRole('heading').textContent();
  await page.keyboard.press('o');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title ?? '');
  await feed.awake();
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await expect(page).toHaveURL('/');
  await feed.awake();
  await page.keyboard.press('Control+b');
  await expect(page.getByRole('button', { name: 'Bookmarked', pressed: true })).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await expect(page).toHaveURL('/bookmarks');
});

test('j continues on the next page of a listing', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  const first = await feed.cards.count();
  for (let pressed = 0; pressed < first + 2; pressed++) {
    await page.keyboard.press('j');
    await expect(feed.cards.nth(pressed)).toBeFocused();
  }
});

test('if the next page fails to load, Retry appears and the listing stays usable', async ({ page, complaints }) => {
  complaints.expected.push(/ERR_FAILED/);
  const feed = new Listing(page);
  await page.route(/[?&]after=/, (route) => route.abort());
  await feed.open('/?sort=new');
  const before = await feed.cards.count();
  await feed.more.scrollIntoViewIfNeeded();
  const alert = page.getByRole('alert').filter({ hasText: 'Couldn’t load more papers.' });
  await expect(alert).toBeVisible();
  await expect(feed.cards).toHaveCount(before);
  // The last card, because scrolling away from the link and back to it would request the page again.
  await bookmark(feed.cards.nth(before - 1)).click();
  await expect(bookmark(feed.cards.nth(before - 1))).toHaveAttribute('aria-pressed', 'true');

  await page.unrouteAll();
  await alert.getByRole('button', { name: 'Retry' }).click();
  await expect.poll(() => feed.cards.count()).toBeGreaterThan(before);
  await expect(alert).toHaveCount(0);
});

test('the theme follows the system until the reader chooses one, and the choice survives a reload', async ({ page }) => {
  const feed = new Listing(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await feed.open();
  const theme = page.getByRole('button', { name: 'Dark theme' });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await expect(theme).toHaveAttribute('aria-pressed', 'true');
  expect(await background()).toBe('rgb(22, 22, 20)');
  await theme.click();
  await expect(theme).toHaveAttribute('aria-pressed', 'false');
  await page.reload();
  await feed.awake();
  await expect(theme).toHaveAttribute('aria-pressed', 'false');
  expect(await background()).toBe('rgb(251, 250, 247)');
});

test('a bookmark is saved even if the reader leaves the page immediately', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  const card = feed.cards.nth(3);
  await card.evaluate((card) => {
    card.querySelector<HTMLFormElement>('form.bookmark')?.requestSubmit();
    card.querySelector<HTMLElement>('h2 a')?.click();
  });
  await expect(page).toHaveURL(/\/papers\//);
  await expect(async () => {
    await page.reload();
    await expect(bookmark(page.getByRole('main'))).toHaveAttribute('aria-pressed', 'true', { timeout: 1_000 });
  }).toPass();
});
