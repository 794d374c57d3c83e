import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

const readButton = (card: ReturnType<Listing['card']>) => card.getByRole('button', { name: 'Read' });

test('m toggles read, M marks all cards down to this one, u undoes', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  for (let pressed = 0; pressed < 4; pressed++) await page.keyboard.press('j');
  await page.keyboard.press('m');
  await expect(feed.cards.nth(3)).toHaveClass(/is-read/);
  await page.keyboard.press('m');
  await expect(feed.cards.nth(3)).not.toHaveClass(/is-read/);
  await page.keyboard.press('Shift+M');
  await expect(page.locator('.card.is-read')).toHaveCount(4);
  await expect(page.getByText('4 papers marked as read.')).toBeVisible();
  await page.keyboard.press('u');
  await expect(page.locator('.card.is-read')).toHaveCount(0);
  await expect(page.getByText('4 papers marked as read.')).toHaveCount(0);
  await expect(feed.cards.nth(3)).toBeFocused();
});

test('with the setting on, opened and scrolled papers are marked as read, and Undo takes scrolled ones back', async ({ page }) => {
  const feed = new Listing(page);
  await page.goto('/settings');
  await page.getByLabel('when opened or scrolled past').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await feed.open('/?sort=new');
  await expect(page.locator('.card.is-read')).toHaveCount(0);
  await feed.cards.nth(4).evaluate((card) => card.scrollIntoView({ block: 'start' }));
  await feed.cards.nth(5).evaluate((card) => card.scrollIntoView({ block: 'start' }));
  await expect(page.getByText(/papers? marked as read\.$/)).toBeVisible();
  const marked = await page.locator('.card.is-read').count();
  expect(marked).toBeGreaterThan(0);
  await expect(feed.cards.nth(5)).not.toHaveClass(/is-read/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.card.is-read')).toHaveCount(0);

  // A paper that the reader opens is marked too.
  const card = feed.cards.nth(8);
  await card.getByRole('heading').getByRole('link').click();
  await expect(page.getByRole('main').getByRole('button', { name: 'Read' })).toHaveAttribute('aria-pressed', 'true');
  await page.goBack();
  await feed.awake();
  await expect(readButton(card)).toHaveAttribute('aria-pressed', 'true');
});

test('a read mark that the server refuses is undone, and the reason is shown', async ({ page, complaints }) => {
  complaints.expected.push(/503/);
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await page.route('**/fn/mark_read', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"Not saved: the database is busy."}' }),
  );
  await readButton(feed.cards.nth(0)).click();
  await expect(page.getByText('Not saved: the database is busy.')).toBeVisible();
  await expect(feed.cards.nth(0)).not.toHaveClass(/is-read/);
});

test('a first read mark and a first bookmark at the same time belong to one reader', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('.card:nth-of-type(1) button.read')?.click();
    document.querySelector<HTMLElement>('.card:nth-of-type(2) button.keep')?.click();
  });
  await expect(bookmark(feed.cards.nth(1))).not.toHaveAttribute('aria-busy');
  await page.waitForLoadState('networkidle');
  await feed.open('/?sort=new');
  await expect(readButton(feed.cards.nth(0))).toHaveAttribute('aria-pressed', 'true');
  await expect(bookmark(feed.cards.nth(1))).toHaveAttribute('aria-pressed', 'true');
});

test('BibTeX and links can be copied from a card, and BibTeX from the page of a paper', async ({ page, context, browserName }) => {
  test.skip(browserName !== 'chromium');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const feed = new Listing(page);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await feed.open('/?q=ASPO');
  const card = feed.cards.first();
  await card.getByRole('link', { name: 'Cite' }).click();
  await expect(page.getByText('BibTeX copied.')).toBeVisible();
  expect(await copied()).toMatch(/^@misc\{[\s\S]+ASPO/);
  await card.focus();
  await page.keyboard.press('y');
  await expect(page.getByText('Link copied.')).toBeVisible();
  expect(await copied()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/papers\/2510\.06062$/);
  await page.keyboard.press('o');
  await page.getByRole('button', { name: 'Copy BibTeX' }).click();
  await expect(page.getByText('BibTeX copied.')).toBeVisible();
  expect(await copied()).toMatch(/^@misc\{[\s\S]+ASPO/);
});

test('Page Down and Page Up move by card, Ctrl+End and Ctrl+Home leave the listing', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await feed.cards.nth(0).focus();
  await page.keyboard.press('PageDown');
  await expect(feed.cards.nth(1)).toBeFocused();
  // Also when the focus is inside a card.
  await bookmark(feed.cards.nth(1)).focus();
  await page.keyboard.press('PageDown');
  await expect(feed.cards.nth(2)).toBeFocused();
  await page.keyboard.press('PageUp');
  await expect(feed.cards.nth(1)).toBeFocused();
  await page.keyboard.press('Control+End');
  await expect(page.getByRole('complementary').getByRole('link').first()).toBeFocused();
  await feed.cards.nth(1).focus();
  await page.keyboard.press('Control+Home');
  await expect(page.getByRole('button', { name: 'Comfortable' })).toBeFocused();
});

test('muted papers on later pages are counted and can be shown', async ({ page }) => {
  const feed = new Listing(page);
  await page.goto('/settings');
  await page.getByLabel('Muted categories').fill('cs.CV');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await feed.open('/?sort=new');
  await feed.scrollTo(20);
  const muted = page.locator('.part .card.is-muted');
  expect(await muted.count()).toBeGreaterThan(0);
  await expect(page.locator('.muted-line .number')).toHaveText(String(await page.locator('.card.is-muted').count()));
  await expect(muted.first()).toBeHidden();
  await page.getByText(/^\d+ muted · Show/).click();
  await expect(muted.first()).toBeVisible();
});

test('after a change of density and a reload, the listing still has every paper', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await page.getByRole('button', { name: 'Compact' }).click();
  await feed.open('/?sort=new');
  await feed.scrollTo(40);
  const all = await feed.ids();
  await page.getByRole('button', { name: 'Comfortable' }).click();
  await page.reload();
  await feed.awake();
  await feed.scrollTo(40);
  expect((await feed.ids()).slice(0, 40)).toEqual(all.slice(0, 40));
});
