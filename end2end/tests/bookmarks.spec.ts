import { readFile } from 'node:fs/promises';
import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'bookmarks' });

const aspo = 'ASPO: Asymmetric Importance Sampling Policy Optimization';
const goldilocks = /Goldilocks/;

test('a bookmark survives a reload and a restart, and can be listed, searched and exported', async ({ page, broadsheet }) => {
  const feed = new Listing(page);
  await feed.open();
  await expect(page.getByRole('link', { name: 'Bookmarks', exact: true }).first()).toBeVisible();
  await bookmark(feed.card(aspo)).click();
  await expect(bookmark(feed.card(aspo))).toHaveAttribute('aria-pressed', 'true');
  const yours = page.getByRole('navigation', { name: 'Personal' });
  await expect(yours.getByRole('link', { name: 'Bookmarks 1' })).toBeVisible();
  await expect(bookmark(feed.card(aspo))).not.toHaveAttribute('aria-busy');

  await broadsheet.restart();
  await page.reload();
  await expect(bookmark(feed.card(aspo))).toHaveAttribute('aria-pressed', 'true');

  await feed.open('/?q=Goldilocks');
  await bookmark(feed.card(goldilocks)).click();
  await expect(yours.getByRole('link', { name: 'Bookmarks 2' })).toBeVisible();
  await expect(bookmark(feed.card(goldilocks))).not.toHaveAttribute('aria-busy');

  await yours.getByRole('link', { name: 'Bookmarks 2' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Bookmarks' })).toBeVisible();
  await expect(feed.cards).toHaveCount(2);
  await expect(feed.cards.first()).toHaveAccessibleName(goldilocks);

  await feed.searchFor('asymmetric');
  await expect(feed.cards).toHaveCount(1);
  await expect(feed.card(aspo).getByRole('heading').getByRole('mark')).toHaveText('Asymmetric');
  await page.getByRole('link', { name: 'Show all' }).click();
  await expect(feed.cards).toHaveCount(2);

  await feed.searchFor('zzzznothing');
  await expect(page.getByRole('heading', { name: 'No bookmarks match' })).toBeVisible();
  await page.getByRole('link', { name: 'Show all' }).click();

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'BibTeX' }).click();
  const bib = await readFile(await (await download).path(), 'utf8');
  expect((await download).suggestedFilename()).toBe('bookmarks.bib');
  expect(bib.match(/^@/gm)).toHaveLength(2);
  expect(bib).toContain('Asymmetric Importance Sampling');
  expect(bib).toMatch(/eprint\s*=\s*\{2510\.06062\}/);
  expect(bib).toContain('Goldilocks');
});

test('removing a bookmark can be undone', async ({ page, javaScriptEnabled }) => {
  const feed = new Listing(page);
  await feed.open();
  await bookmark(feed.card(aspo)).click();
  await expect(bookmark(feed.card(aspo))).toHaveAttribute('aria-pressed', 'true');
  await expect(bookmark(feed.card(aspo))).not.toHaveAttribute('aria-busy');
  await feed.open('/bookmarks');
  await bookmark(feed.card(aspo)).click();
  const message = page.getByRole('status').filter({ hasText: javaScriptEnabled === false ? `Removed “${aspo}”.` : 'Bookmark removed.' });
  await expect(message).toBeVisible();
  if (javaScriptEnabled === false) await expect(feed.cards).toHaveCount(0);
  await message.getByRole('button', { name: 'Undo' }).click();
  await expect(message).toHaveCount(0);
  await expect(bookmark(feed.card(aspo))).toHaveAttribute('aria-pressed', 'true');
  await expect(bookmark(feed.card(aspo))).not.toHaveAttribute('aria-busy');
  await feed.open('/bookmarks');
  await expect(feed.card(aspo)).toBeVisible();
});

test('a reader without bookmarks is sent to trending papers', async ({ page }) => {
  await page.goto('/bookmarks');
  await expect(page.getByRole('heading', { name: 'No bookmarks yet' })).toBeVisible();
  await page.getByRole('link', { name: 'See trending papers' }).click();
  await expect(page).toHaveURL('/');
});

test('a forged reader cookie shows no bookmarks, and the page says why', async ({ page, context, broadsheet }) => {
  await context.addCookies([{ name: 'reader', value: '1.forged', url: broadsheet.url }]);
  await page.goto('/bookmarks');
  await expect(page.getByText('Your cookie isn’t valid here')).toBeVisible();
});
