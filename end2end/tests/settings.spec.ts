import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

test('a paper marked as read stays in its place and can be unmarked', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  const card = feed.cards.nth(1);
  const read = card.getByRole('button', { name: 'Read' });
  await expect(read).toHaveAttribute('aria-pressed', 'false');
  await read.click();
  await expect(read).toHaveAttribute('aria-pressed', 'true');
  await expect(card).toHaveClass(/is-read/);
  await expect(read).not.toHaveAttribute('aria-busy');
  const before = await feed.ids();
  await feed.open('/?sort=new');
  expect((await feed.ids()).slice(0, 5)).toEqual(before.slice(0, 5));
  await expect(read).toHaveAttribute('aria-pressed', 'true');
  await read.click();
  await expect(card).not.toHaveClass(/is-read/);
});

test('all papers above can be marked as read, and unmarked', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?q=ASPO');
  const count = await feed.cards.count();
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(page.locator('.card.is-read')).toHaveCount(count);
  await expect(page.locator('button.read[aria-busy]')).toHaveCount(0);
  // The page ignores a second press within 800 ms, because it may be a double click.
  await page.waitForTimeout(900);
  await page.getByRole('button', { name: 'Mark all as unread' }).click();
  await expect(page.locator('.card.is-read')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Mark all as read' })).toBeVisible();
});

test('the density can be titles, compact or comfortable, and the choice stays', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  const summary = feed.cards.first().locator('.abstract');
  await expect(summary).toBeVisible();
  await page.getByRole('button', { name: 'Titles' }).click();
  await expect(summary).toBeHidden();
  await expect(page.getByRole('button', { name: 'Titles' })).toHaveAttribute('aria-pressed', 'true');
  await feed.open('/?sort=new');
  await expect(summary).toBeHidden();
  await page.getByRole('button', { name: 'Compact' }).click();
  await expect(summary).toBeVisible();
});

test('papers with muted words or categories are hidden and counted, and can be shown', async ({ page, complaints }) => {
  complaints.expected.push(/422/);
  const feed = new Listing(page);
  await page.goto('/settings');
  await page.getByLabel('Muted words').fill('language model\ndiffusion');
  await page.getByLabel('Muted categories').fill('not a category!');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('is not an arXiv category');
  await expect(page.getByLabel('Muted words')).toHaveValue('language model\ndiffusion');
  await page.getByLabel('Muted categories').fill('cs.CV');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();

  await feed.open('/?sort=new');
  const line = page.getByText(/^\d+ muted · Show/);
  await expect(line).toBeVisible();
  const muted = page.locator('.card.is-muted');
  // More pages may still load.
  await expect(async () => {
    const count = Number((await line.textContent())?.match(/\d+/)?.[0]);
    expect(await muted.count()).toBe(count);
  }).toPass();
  await expect(muted.first()).toBeHidden();
  await line.click();
  await expect(muted.first()).toBeVisible();
  await expect(muted.first().getByText(/^Muted: /)).toBeVisible();
});
