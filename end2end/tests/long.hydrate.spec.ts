import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'long', settings: { BROADSHEET_SAMPLE: 'off' } });

const papers = 1_100;
/** How many pages of the listing are loaded before a paper is opened. */
const pages = 40;
/** How many papers the first page of a listing has, and how many each later page has. */
const firstPage = 5;
const laterPage = 25;

test.beforeAll(async ({ broadsheet }) => {
  const file = join(dirname(broadsheet.database), 'many.jsonl');
  const lines = Array.from({ length: papers }, (_, index) => {
    const day = new Date(Date.UTC(2026, 5, 1) - index * 3_600_000).toISOString();
    return JSON.stringify({
      id: `2605.${String(10_000 + index)}`,
      title: `A study of the number ${papers - index} and what follows from it`,
      summary: 'This sentence has some fifty letters, and says so. '.repeat(3 + (index % 17)),
      authors: [{ name: `Ann Other ${index % 7}` }],
      publishedAt: day,
      upvotes: index % 50,
    });
  });
  await writeFile(file, lines.join('\n'));
  const { stdout, code } = await broadsheet.run('import', file);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('imported') });
});

test('after forty pages, Back from a paper shows the same card, and the pages come from the cache', async ({ page }) => {
  test.setTimeout(180_000);
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await feed.scrollTo(firstPage + (pages - 1) * laterPage);
  const ids = await feed.ids();
  expect(new Set(ids).size).toBe(ids.length);
  // Far from both ends, so that the cards above and below have only estimated heights after Back.
  const card = feed.cards.nth((pages - 1) * laterPage - 30);
  const id = ids[(pages - 1) * laterPage - 30];
  // In one step, because the page may still scroll after the last End key. Ten frames, because cards take their real height
  // when they come near the window, and then the cards below them move.
  const height = await card.evaluate(async (card) => {
    for (let frame = 0; frame < 10; frame++) {
      card.scrollIntoView({ block: 'center', behavior: 'instant' });
      await new Promise(requestAnimationFrame);
    }
    // Click after this function has returned: a page that the reader left returns nothing.
    setTimeout(() => card.querySelector<HTMLElement>('h2 a')?.click());
    return card.getBoundingClientRect().top;
  });
  // `waitForURL` and `waitForFunction`, because they check nothing else. When the first check of an `expect` fails,
  // Playwright describes the whole page for its report at once. With 1,000 cards this takes 30 seconds of processor time,
  // and the page can do nothing in that time. On a busy machine the first check comes too early.
  await page.waitForURL(/\/papers\//);
  // Until the script is ready, the browser submits the form itself. Back would then lead to the same paper again.
  await feed.awake();
  await bookmark(page.getByRole('main')).click();
  await expect(bookmark(page.getByRole('main'))).not.toHaveAttribute('aria-busy');

  await page.goBack();
  await page.waitForFunction(
    ({ id, height }) => Math.abs((document.getElementById(id)?.getBoundingClientRect().top ?? Infinity) - height) <= 3,
    { id, height },
    { timeout: 10_000 },
  );
  expect((await feed.ids()).slice(0, ids.length)).toEqual(ids);
  const transferred = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter((entry) => entry.name.includes('after='))
      .map((entry) => entry.transferSize),
  );
  expect(transferred.length).toBeGreaterThanOrEqual(pages - 1);
  // A response from the cache has the transfer size 0. One or two pages after the card may be new.
  expect(transferred.filter((size) => size > 0).length).toBeLessThanOrEqual(2);
  // The bookmark that was made on the page of the paper shows in the listing.
  await expect(bookmark(page.locator(`[id="${id}"]`))).toHaveAttribute('aria-pressed', 'true');
});

test('each card has its position in the listing, and the size of the listing', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await feed.scrollTo(100);
  await expect(feed.cards.nth(99)).toHaveAttribute('aria-posinset', '100');
  await expect(feed.cards.nth(99)).toHaveAttribute('aria-setsize', String(papers));
});

test('find in page finds the text of cards that are far from the window', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await feed.scrollTo(75);
  // The page may still scroll after the last End key.
  await expect(async () => {
    await page.keyboard.press('Home');
    expect(await page.evaluate(() => scrollY)).toBe(0);
  }).toPass();
  const far = `the number ${papers - 60} and`;
  const found = await page.evaluate((words) => (window as unknown as { find(words: string): boolean }).find(words), far);
  expect(found).toBe(true);
  await expect(feed.cards.nth(60)).toBeInViewport();
});

test('Back shows the cards again if the reader left while placeholders filled the window', async ({ page }) => {
  const feed = new Listing(page);
  await page.setViewportSize({ width: 1280, height: 400 });
  await feed.open('/?sort=new');
  await feed.scrollTo(firstPage + laterPage);
  const shown = await feed.cards.count();
  await page.route(/after=/, () => {});
  await expect(async () => {
    await page.keyboard.press('End');
    await expect(page.locator('.skeleton')).toBeInViewport({ timeout: 500 });
    expect(await feed.cards.last().evaluate((card) => card.getBoundingClientRect().bottom)).toBeLessThan(0);
  }).toPass();
  await page.getByRole('link', { name: 'Ranking', exact: true }).click();
  await expect(page).toHaveURL('/about/ranking');
  await page.unrouteAll();
  await page.goBack();
  await feed.awake();
  await expect.poll(() => feed.cards.count()).toBeGreaterThanOrEqual(shown);
});
