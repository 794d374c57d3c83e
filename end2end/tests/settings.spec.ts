import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

test('a paper marked as read stays where it is, only quieter, and can be unmarked', async ({ page }) => {
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

test('all above is marked as read, and taken back', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?q=ASPO');
  const count = await feed.cards.count();
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(page.locator('.card.is-read')).toHaveCount(count);
  await expect(page.locator('button.read[aria-busy]')).toHaveCount(0);
  // A second press at once would be the other half of a double click.
  await page.waitForTimeout(900);
  await page.getByRole('button', { name: 'Mark all as unread' }).click();
  await expect(page.locator('.card.is-read')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Mark all as read' })).toBeVisible();
});

test('lists can be shown as titles, compact or comfortable, and stay so', async ({ page }) => {
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

test('muted words and categories fold papers away, say how many, and show them when asked', async ({ page, complaints }) => {
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
  const folded = page.locator('.card.is-muted');
  // More pages may still be coming in.
  await expect(async () => {
    const count = Number((await line.textContent())?.match(/\d+/)?.[0]);
    expect(await folded.count()).toBe(count);
  }).toPass();
  await expect(folded.first()).toBeHidden();
  await line.click();
  await expect(folded.first()).toBeVisible();
  await expect(folded.first().getByText(/^Muted: /)).toBeVisible();
});
