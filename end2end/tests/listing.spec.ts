import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

const sample = 119;
/** "Trending this week", and the day of the votes if no source has sent anything since. */
const trending = (span: string) => new RegExp(`^Trending ${span}( Votes last updated [\\w ]+)?$`);

test('a listing can be read to its end, and shows every paper once', async ({ page, javaScriptEnabled }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  let ids: string[];
  if (javaScriptEnabled === false) {
    ids = await feed.ids();
    while ((await feed.more.count()) > 0) {
      const next = (await feed.more.getAttribute('href')) ?? '';
      await feed.more.click();
      await page.waitForURL((url) => url.href.endsWith(next), { waitUntil: 'domcontentloaded' });
      await expect(feed.cards.first()).toBeVisible();
      ids.push(...(await feed.ids()));
    }
  } else {
    await feed.scrollTo(sample);
    ids = await feed.ids();
  }
  await expect(feed.end).toBeVisible();
  await expect(feed.more).toHaveCount(0);
  await expect(page.getByText('119 papers. Get new ones by email.')).toBeVisible();
  expect(ids).toHaveLength(sample);
  expect(new Set(ids).size).toBe(sample);
});

test('a card leads to the page of its paper, and from there to all papers of an author', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  const title = 'ASPO: Asymmetric Importance Sampling Policy Optimization';
  const card = feed.card(title);
  await card.getByText('more', { exact: true }).click();
  await expect(card.getByText('The code and models of ASPO are available at')).toBeInViewport();
  await card.getByRole('link', { name: title }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page).toHaveTitle(`${title} · Broadsheet`);
  await page.getByRole('link', { name: 'Runze Liu' }).click();
  await expect(feed.result).toHaveText('1 result for “au:"Runze Liu"”');
  await expect(feed.card(title)).toBeVisible();
});

test('order, period, filters and search can be combined, and Back undoes the last change', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  await expect(feed.result).toHaveText(trending('this week'));
  await expect(page.getByRole('complementary')).toContainText('119 papers');

  await feed.period('Month').click();
  await expect(feed.result).toHaveText(trending('this month'));
  await expect(feed.period('Month')).toHaveAttribute('aria-current', 'true');

  await feed.order('New').click();
  await expect(feed.order('New')).toHaveAttribute('aria-current', 'true');
  await feed.period('All time').click();
  await expect(feed.result).toHaveText('119 papers, newest first');

  await page.getByText('Filters', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'cs.LG' }).check();
  await page.getByRole('checkbox', { name: 'Has code' }).check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(feed.chip('cs.LG')).toBeVisible();
  await expect(feed.chip('Has code')).toBeVisible();
  await expect(feed.result).toHaveText(/^\d+ results?$/);

  await feed.searchFor('optimization');
  await expect(feed.result).toHaveText(/^\d+ results? for “optimization”$/);
  await expect(feed.search).toHaveValue('optimization');
  const matches = await feed.cards.count();
  expect(matches).toBeGreaterThan(0);

  await feed.chip('Has code').click();
  await expect(feed.chip('Has code')).toHaveCount(0);
  await expect(feed.result).toHaveText(/^\d+ results? for “optimization”$/);

  await page.goBack();
  await expect(feed.chip('Has code')).toBeVisible();
  await expect(feed.cards).toHaveCount(matches);
  await page.goBack();
  await expect(feed.result).toHaveText(/^\d+ results?$/);
  await expect(feed.search).toHaveValue('');
  await page.goBack();
  await expect(feed.result).toHaveText('119 papers, newest first');
});

test('a search shows the best match first and marks the words that match', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  await feed.searchFor('"asymmetric importance sampling"');
  await expect(feed.result).toHaveText('1 result for “"asymmetric importance sampling"”');
  const card = feed.card(/^ASPO/);
  await expect(card.getByRole('heading').getByRole('mark')).toHaveText(['Asymmetric Importance Sampling']);
  await feed.searchFor('strong convergence');
  for (const index of [0, 1, 2]) {
    const marked = (await feed.cards.nth(index).getByRole('mark').allTextContents()).join(' ').toLowerCase();
    expect(marked).toContain('strong');
    expect(marked).toContain('converg');
  }
});

test('an arXiv link in the search box opens the page of its paper', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  await feed.searchFor('https://arxiv.org/abs/2510.06062v1');
  await expect(page).toHaveURL('/papers/2510.06062');
});

test('a search without results suggests which filters to remove', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?q=zzzznothing&category=cs.LG&has=code');
  await expect(page.getByRole('heading', { name: 'No results' })).toBeVisible();
  await expect(feed.cards).toHaveCount(0);
  const remove = page.getByRole('link', { name: 'Remove “zzzznothing”' });
  await remove.click();
  await expect(feed.result).toHaveText(/^\d+ results?( Votes last updated [\w ]+)?$/);
  await expect(feed.chip('cs.LG')).toBeVisible();
  await expect(feed.chip('Has code')).toBeVisible();
  await expect(feed.cards.first()).toBeVisible();
});

test('wrong values in the URL are ignored, and the page says so for each', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=banana&window=fortnight&from=2025-13-45&min_stars=many&category=!!&has=money&after=zz');
  await expect(feed.result).toHaveText(trending('this week'));
  await expect(page.getByRole('complementary')).toContainText('119 papers');
  const main = page.getByRole('main');
  await expect(main.getByText('sort=banana was ignored')).toBeVisible();
  await expect(main.getByText('window=fortnight was ignored')).toBeVisible();
  await expect(main.getByText('from=2025-13-45 was ignored')).toBeVisible();
  await expect(main.getByText('min_stars=many was ignored')).toBeVisible();
  await expect(main.getByText(/category was ignored: /)).toBeVisible();
  await expect(main.getByText('has=money was ignored')).toBeVisible();
  await expect(main.getByText('The address of this page isn’t valid')).toBeVisible();
});

test('no search text causes an error', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  for (const query of ['NEAR(', '"', '*', 'col:x', 'a AND OR NOT', '{x} ^y', "'; drop table papers --", '-', 'au:', 'stars:>x']) {
    await feed.searchFor(query);
    await expect(page).toHaveURL((url) => url.searchParams.get('q') === query);
    await expect(feed.search).toHaveValue(query);
    await expect(feed.result).toBeVisible();
  }
});

test('an edition shows its papers and links to the next edition', async ({ page }) => {
  await page.goto('/month/2025-10');
  await expect(page.getByRole('heading', { level: 1, name: 'October 2025' })).toBeVisible();
  await expect(page.getByRole('feed', { name: 'Papers of October 2025' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Editions' }).getByRole('link', { name: /→$/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('October 2025');
  await expect(page.getByRole('article').first()).toBeVisible();
});

test('pages are not wider than the window', async ({ page }) => {
  for (const path of ['/', '/?q=strong+convergence&category=cs.LG&has=code', '/papers/2510.06062', '/subscribe', '/about/ranking']) {
    await page.goto(path);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, path).toBeLessThanOrEqual(0);
  }
});
