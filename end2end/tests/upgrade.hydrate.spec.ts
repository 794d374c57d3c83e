import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

// A tab that was open during an upgrade, or a cache, still holds a page of the previous release. Its scripts have names
// that the new release does not know.
test('a page of the previous release loads again once, and works', async ({ page }) => {
  let loads = 0;
  await page.route('**/?sort=new', async (route) => {
    loads += 1;
    const response = await route.fetch();
    const html = await response.text();
    const previous = html.replaceAll(/\/pkg\/(boot|broadsheet)\.[0-9a-f]{16}\.js/g, '/pkg/$1.0123456789abcdef.js');
    await route.fulfill({ response, body: loads === 1 ? previous : html });
  });
  const listing = new Listing(page);
  await listing.open('/?sort=new');
  expect(loads).toBe(2);
  await expect(listing.cards.first()).toBeVisible();
});

test('a cache that keeps sending the page of the previous release does not make the browser load it in a loop', async ({
  page,
}) => {
  let loads = 0;
  await page.route('**/?sort=new', async (route) => {
    loads += 1;
    const response = await route.fetch();
    const html = await response.text();
    const previous = html.replaceAll(/\/pkg\/(boot|broadsheet)\.[0-9a-f]{16}\.js/g, '/pkg/$1.0123456789abcdef.js');
    await route.fulfill({ response, body: previous });
  });
  await page.goto('/?sort=new');
  await expect.poll(() => loads).toBe(2);
  // The page without its script is still a page.
  await page.getByRole('link', { name: 'More papers' }).click();
  await page.waitForURL(/after=/);
  expect(loads).toBe(2);
});
