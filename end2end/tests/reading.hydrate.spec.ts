import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

const read = (card: ReturnType<Listing['card']>) => card.getByRole('button', { name: 'Read' });

test('m marks and unmarks, M marks down to here, u undoes', async ({ page }) => {
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

test('who wishes so has marked what is scrolled past, and can take it back', async ({ page }) => {
  const feed = new Listing(page);
  await page.goto('/reading');
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

  // Opening counts as well.
  const card = feed.cards.nth(8);
  await card.getByRole('heading').getByRole('link').click();
  await expect(page.getByRole('main').getByRole('button', { name: 'Read' })).toHaveAttribute('aria-pressed', 'true');
  await page.goBack();
  await feed.awake();
  await expect(read(card)).toHaveAttribute('aria-pressed', 'true');
});

test('a mark that the server refuses is taken back and said', async ({ page, complaints }) => {
  complaints.expected.push(/503/);
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await page.route('**/fn/mark_read', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"Not kept: the database is busy."}' }),
  );
  await read(feed.cards.nth(0)).click();
  await expect(page.getByText('Not kept: the database is busy.')).toBeVisible();
  await expect(feed.cards.nth(0)).not.toHaveClass(/is-read/);
});

test('a first mark and a first bookmark at once are kept for one reader', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('.card:nth-of-type(1) button.read')?.click();
    document.querySelector<HTMLElement>('.card:nth-of-type(2) button.keep')?.click();
  });
  await expect(bookmark(feed.cards.nth(1))).not.toHaveAttribute('aria-busy');
  await page.waitForLoadState('networkidle');
  await feed.open('/?sort=new');
  await expect(read(feed.cards.nth(0))).toHaveAttribute('aria-pressed', 'true');
  await expect(bookmark(feed.cards.nth(1))).toHaveAttribute('aria-pressed', 'true');
});

test('BibTeX and links are copied, from the card and from the paper', async ({ page, context, browserName }) => {
  test.skip(browserName !== 'chromium');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const feed = new Listing(page);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await feed.open('/?q=ASPO');
  const card = feed.cards.first();
  await card.getByRole('link', { name: 'cite' }).click();
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

test('the keys of a feed: Page Down and Page Up by article, Ctrl+End and Ctrl+Home out of it', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await feed.cards.nth(0).focus();
  await page.keyboard.press('PageDown');
  await expect(feed.cards.nth(1)).toBeFocused();
  // From something inside a card too.
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

test('papers that are folded away on a page that followed are counted and can be shown', async ({ page }) => {
  const feed = new Listing(page);
  await page.goto('/reading');
  await page.getByLabel('Muted categories').fill('cs.CV');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await feed.open('/?sort=new');
  await feed.scrollTo(20);
  const folded = page.locator('.part .card.is-muted');
  expect(await folded.count()).toBeGreaterThan(0);
  await expect(page.locator('.muted-line .number')).toHaveText(String(await page.locator('.card.is-muted').count()));
  await expect(folded.first()).toBeHidden();
  await page.getByText(/^\d+ muted: show/).click();
  await expect(folded.first()).toBeVisible();
});

test('a list that was made roomier and is loaded again has every paper', async ({ page }) => {
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
