import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '../fixtures/broadsheet';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'long', settings: { BROADSHEET_SAMPLE: 'off' } });

const papers = 1_100;
/** Pages scrolled before the paper is opened. */
const pages = 40;
/** Papers on the first page of a list, and on each one after it. */
const first = 5;
const each = 25;

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

test('after forty pages, Back from a paper lands on the same card without asking for the pages again', async ({ page }) => {
  test.setTimeout(180_000);
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await feed.scrollTo(first + (pages - 1) * each);
  const ids = await feed.ids();
  expect(new Set(ids).size).toBe(ids.length);
  // Well inside, so that what is above and below has only estimated heights when one comes back.
  const card = feed.cards.nth((pages - 1) * each - 30);
  const id = ids[(pages - 1) * each - 30];
  // In one go, because the last End may still be on its way down; and cards that come near take their real height, until
  // when what is below them moves.
  const height = await card.evaluate(async (card) => {
    for (let frame = 0; frame < 10; frame++) {
      card.scrollIntoView({ block: 'center', behavior: 'instant' });
      await new Promise(requestAnimationFrame);
    }
    // The press comes after the answer: a page that is left answers no more.
    setTimeout(() => card.querySelector<HTMLElement>('h2 a')?.click());
    return card.getBoundingClientRect().top;
  });
  // `waitForURL` and `waitForFunction`, because they look at nothing else. When the first look of an `expect` fails,
  // Playwright describes the whole page for its report at once. With 1,000 cards this takes half a minute of processor time,
  // and meanwhile the page can do nothing. On a busy machine the first look comes too early.
  await page.waitForURL(/\/papers\//);
  // Before the script is awake, the form goes by itself, and Back leads to the paper once more.
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
  const fetched = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter((entry) => entry.name.includes('after='))
      .map((entry) => entry.transferSize),
  );
  expect(fetched.length).toBeGreaterThanOrEqual(pages - 1);
  // What a browser takes from its cache has no size on the wire; the one or two after the place may be new.
  expect(fetched.filter((size) => size > 0).length).toBeLessThanOrEqual(2);
  // What was done elsewhere meanwhile is known.
  await expect(bookmark(page.locator(`[id="${id}"]`))).toHaveAttribute('aria-pressed', 'true');
});

test('positions in the feed are told to the last card', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await feed.scrollTo(100);
  await expect(feed.cards.nth(99)).toHaveAttribute('aria-posinset', '100');
  await expect(feed.cards.nth(99)).toHaveAttribute('aria-setsize', String(papers));
});

test('the text of cards out of sight can be found in the page', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await feed.scrollTo(75);
  // The last End may still be on its way down.
  await expect(async () => {
    await page.keyboard.press('Home');
    expect(await page.evaluate(() => scrollY)).toBe(0);
  }).toPass();
  const far = `the number ${papers - 60} and`;
  const found = await page.evaluate((words) => (window as unknown as { find(words: string): boolean }).find(words), far);
  expect(found).toBe(true);
  await expect(feed.cards.nth(60)).toBeInViewport();
});

test('who leaves while the bars of the next page fill the window comes back to the end of what was read', async ({ page }) => {
  const feed = new Listing(page);
  await page.setViewportSize({ width: 1280, height: 400 });
  await feed.open('/?sort=new');
  await feed.scrollTo(first + each);
  const shown = await feed.cards.count();
  await page.route(/after=/, () => {});
  await expect(async () => {
    await page.keyboard.press('End');
    await expect(page.locator('.skeleton')).toBeInViewport({ timeout: 500 });
    expect(await feed.cards.last().evaluate((card) => card.getBoundingClientRect().bottom)).toBeLessThan(0);
  }).toPass();
  await page.getByRole('link', { name: 'How papers are ranked' }).click();
  await expect(page).toHaveURL('/about/ranking');
  await page.unrouteAll();
  await page.goBack();
  await feed.awake();
  await expect.poll(() => feed.cards.count()).toBeGreaterThanOrEqual(shown);
});
