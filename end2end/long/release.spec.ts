import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

// The program of `make build`, copied into an empty folder.
test.use({ instance: 'release', selfContained: true });

test('the release works as a single file: a reader searches, bookmarks a paper and subscribes', async ({
  page,
  broadsheet,
  javaScriptEnabled,
}) => {
  const listing = new Listing(page);
  await (javaScriptEnabled === false ? page.goto('/') : listing.open());
  await expect(listing.cards).not.toHaveCount(0);
  await page.getByRole('searchbox').fill('learning');
  await page.getByRole('searchbox').press('Enter');
  await page.waitForURL(/q=learning/);
  await expect(listing.cards).not.toHaveCount(0);
  const first = listing.cards.first();
  const title = await first.getByRole('heading').innerText();
  await first.getByRole('button', { name: /^Bookmark/ }).click();
  await expect(async () => {
    await page.goto('/bookmarks');
    await expect(page.getByRole('heading', { name: title })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.goto('/subscribe');
  await page.getByRole('textbox', { name: /email/i }).fill('ada@example.org');
  await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await expect(page.getByText(/confirm/i).first()).toBeVisible();
  const fonts = await page.evaluate(() => getComputedStyle(document.body).fontFamily).catch(() => '');
  if (javaScriptEnabled !== false) expect(fonts).toContain('Broadsheet');
  const backup = await broadsheet.run('backup', 'copy.db');
  expect(backup.code, backup.stderr).toBe(0);
});
