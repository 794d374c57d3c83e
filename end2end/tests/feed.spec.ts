import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

const sample = 119;
/** "Trending this week: 119 papers", and between them of when the news is, where nothing newer has been heard. */
const trending = (span: string, count: string) =>
  new RegExp(`^Trending ${span}( as of [\\w ]+, the last day with news)?: ${count}$`);

test('the list can be followed to its end, and shows every paper once', async ({ page, javaScriptEnabled }) => {
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
  await expect(page.getByText('That was all: 119 papers.')).toBeVisible();
  expect(ids).toHaveLength(sample);
  expect(new Set(ids).size).toBe(sample);
});

test('a card leads to the whole paper, and from there to all papers of an author', async ({ page }) => {
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
  await expect(feed.result).toHaveText('Results for “au:"Runze Liu"”: 1 paper');
  await expect(feed.card(title)).toBeVisible();
});

test('order, period, filters and search combine, and Back undoes the last', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  await expect(feed.result).toHaveText(trending('this week', '119 papers'));

  await feed.period('Month').click();
  await expect(feed.result).toHaveText(trending('this month', '119 papers'));
  await expect(feed.period('Month')).toHaveAttribute('aria-current', 'true');

  await feed.order('New').click();
  await expect(feed.order('New')).toHaveAttribute('aria-current', 'true');
  await feed.period('All time').click();
  await expect(feed.result).toHaveText('Newest first: 119 papers');

  await page.getByText('Filters', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'cs.LG' }).check();
  await page.getByRole('checkbox', { name: 'has code' }).check();
  await page.getByRole('button', { name: 'Show papers' }).click();
  await expect(feed.chip('cs.LG')).toBeVisible();
  await expect(feed.chip('has code')).toBeVisible();
  await expect(feed.result).toHaveText(/^Newest first in cs\.LG with code: \d+ papers?$/);

  await feed.searchFor('optimization');
  await expect(feed.result).toHaveText(/^Newest first for “optimization” in cs\.LG with code: \d+ papers?$/);
  await expect(feed.search).toHaveValue('optimization');
  const matches = await feed.cards.count();
  expect(matches).toBeGreaterThan(0);

  await feed.chip('has code').click();
  await expect(feed.chip('has code')).toHaveCount(0);
  await expect(feed.result).toHaveText(/^Newest first for “optimization” in cs\.LG: \d+ papers?$/);

  await page.goBack();
  await expect(feed.chip('has code')).toBeVisible();
  await expect(feed.cards).toHaveCount(matches);
  await page.goBack();
  await expect(feed.result).toHaveText(/^Newest first in cs\.LG with code: \d+ papers?$/);
  await expect(feed.search).toHaveValue('');
  await page.goBack();
  await expect(feed.result).toHaveText('Newest first: 119 papers');
});

test('a search puts the best match first and marks what it found', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  await feed.searchFor('"asymmetric importance sampling"');
  await expect(feed.result).toHaveText('Results for “"asymmetric importance sampling"”: 1 paper');
  const card = feed.card(/^ASPO/);
  await expect(card.getByRole('heading').getByRole('mark')).toHaveText(['Asymmetric Importance Sampling']);
  await feed.searchFor('strong convergence');
  for (const index of [0, 1, 2]) {
    const marked = (await feed.cards.nth(index).getByRole('mark').allTextContents()).join(' ').toLowerCase();
    expect(marked).toContain('strong');
    expect(marked).toContain('converg');
  }
});

test('an arXiv id in the search box leads to its paper', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  await feed.searchFor('https://arxiv.org/abs/2510.06062v1');
  await expect(page).toHaveURL('/papers/2510.06062');
});

test('a search without a match offers what to drop', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?q=zzzznothing&category=cs.LG&has=code');
  await expect(page.getByRole('heading', { name: 'No papers match' })).toBeVisible();
  await expect(feed.cards).toHaveCount(0);
  const drop = page.getByRole('link', { name: 'Drop “zzzznothing”' });
  await drop.click();
  await expect(feed.result).toHaveText(trending('this week in cs.LG with code', '\\d+ papers?'));
  await expect(feed.cards.first()).toBeVisible();
});

test('what an address says wrongly is ignored and named in words', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=banana&window=fortnight&from=2025-13-45&min_stars=many&category=!!&has=money&after=zz');
  await expect(feed.result).toHaveText(trending('this week', '119 papers'));
  const main = page.getByRole('main');
  await expect(main.getByText('sort=banana was ignored')).toBeVisible();
  await expect(main.getByText('window=fortnight was ignored')).toBeVisible();
  await expect(main.getByText('from=2025-13-45 was ignored')).toBeVisible();
  await expect(main.getByText('min_stars=many was ignored')).toBeVisible();
  await expect(main.getByText(/category was ignored: /)).toBeVisible();
  await expect(main.getByText('has=money was ignored')).toBeVisible();
  await expect(main.getByText('The address of this page was damaged')).toBeVisible();
});

test('nothing a person can type is an error', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  for (const query of ['NEAR(', '"', '*', 'col:x', 'a AND OR NOT', '{x} ^y', "'; drop table papers --", '-', 'au:', 'stars:>x']) {
    await feed.searchFor(query);
    await expect(page).toHaveURL((url) => url.searchParams.get('q') === query);
    await expect(feed.search).toHaveValue(query);
    await expect(feed.result).toBeVisible();
  }
});

test('an edition shows its papers and leads to its neighbours', async ({ page }) => {
  await page.goto('/month/2025-10');
  await expect(page.getByRole('heading', { level: 1, name: 'October 2025' })).toBeVisible();
  await expect(page.getByRole('feed', { name: 'Papers of October 2025' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Editions' }).getByRole('link', { name: /→$/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('October 2025');
  await expect(page.getByRole('article').first()).toBeVisible();
});

test('the page fits its window', async ({ page }) => {
  for (const path of ['/', '/?q=strong+convergence&category=cs.LG&has=code', '/papers/2510.06062', '/subscribe', '/about/ranking']) {
    await page.goto(path);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, path).toBeLessThanOrEqual(0);
  }
});
