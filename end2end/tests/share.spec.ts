import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'bookmarks' });

test('a shared link shows its paper, and one button bookmarks it', async ({ page, axe }) => {
  const feed = new Listing(page);
  await feed.open('/share?title=A+paper&text=Look+https%3A%2F%2Farxiv.org%2Fabs%2F2510.20838v1');
  await expect(page.getByText('Shared with Broadsheet')).toBeVisible();
  const button = bookmark(page.getByRole('main'));
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await axe();
  await button.click();
  await expect(bookmark(page.getByRole('main'))).toHaveAttribute('aria-pressed', 'true');
  await expect(bookmark(page.getByRole('main'))).not.toHaveAttribute('aria-busy');
  await feed.open('/bookmarks');
  await expect(feed.cards).toHaveCount(1);
  await feed.open('/share?url=https%3A%2F%2Farxiv.org%2Fabs%2F2510.20838');
  await expect(page.getByText('In your bookmarks')).toBeVisible();
});

test('if a share has no link to a paper, its title can be searched for', async ({ page, axe }) => {
  const feed = new Listing(page);
  await feed.open('/share?title=strong+convergence&url=https%3A%2F%2Fexample.com%2F');
  await expect(page.getByRole('heading', { name: 'No arXiv link found' })).toBeVisible();
  await axe();
  await page.getByRole('main').getByRole('searchbox').press('Enter');
  await expect(feed.cards.first()).toBeVisible();
});

test('a shared paper that is not in the library has a link to arXiv', async ({ page }) => {
  await page.goto('/share?url=https%3A%2F%2Farxiv.org%2Fabs%2F2401.99999');
  await expect(page.getByRole('heading', { name: '2401.99999 not found' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'View on arXiv' })).toBeVisible();
});
