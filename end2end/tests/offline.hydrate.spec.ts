import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/broadsheet';
import { site } from '../fixtures/server';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'offline', serviceWorkers: 'allow' });

// These tests need requests without an answer. Every other error of the browser still fails a test.
test.beforeEach(({ complaints }) => {
  complaints.expected.push(/ERR_INTERNET_DISCONNECTED/, /ERR_CONNECTION_REFUSED/, /ERR_FAILED/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/);
});

const line = (page: Page) => page.locator('.offline');
const toast = (page: Page) => page.locator('.toast');

/** The addresses in a cache of the service worker. */
const inCache = (page: Page, name: string) =>
  page.evaluate(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url.slice(location.origin.length)), name);

/** Opens a first page, and waits until the service worker is active and has cached it. */
async function openWithWorker(page: Page): Promise<Listing> {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  await expect.poll(() => inCache(page, 'pages-1')).toContain('/?sort=new');
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  return feed;
}

/** The reader's bookmarks according to the server. `page.request` does not go through the service worker. */
async function bookmarksOnServer(page: Page): Promise<string[]> {
  const html = await (await page.request.get('/bookmarks')).text();
  return [...html.matchAll(/name="paper" value="([^"]+)"/g)].map(([, id]) => id);
}

const paperOf = (feed: Listing, index: number) => feed.cards.nth(index).locator('[name=paper]').inputValue();

test('pages that the reader opened, and the further pages of listings, can be read offline', async ({ page, context, axe }) => {
  const feed = await openWithWorker(page);
  await page.reload();
  await feed.awake();
  await feed.scrollTo(60);
  const seen = await feed.ids();
  const title = await feed.cards.first().getByRole('heading').innerText();
  await feed.cards.first().getByRole('heading').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  const paper = page.url();
  await expect.poll(() => inCache(page, 'pages-1')).toContain(new URL(paper).pathname);

  await context.setOffline(true);
  await expect(line(page)).toContainText('You are offline');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(line(page)).toContainText('This page was saved');
  await axe();
  await feed.open('/?sort=new');
  await feed.scrollTo(60);
  expect((await feed.ids()).slice(0, 60)).toEqual(seen.slice(0, 60));

  // For a page that is not cached, the worker shows a list of those that are.
  await feed.open('/about/ranking');
  await expect(page.getByRole('heading', { name: 'Available offline', level: 1 })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('isn’t saved on this device');
  await axe();
  await page.getByRole('main').getByRole('link', { name: title }).click();
  await expect(page).toHaveURL(paper);

  await context.setOffline(false);
  await expect(line(page)).toHaveCount(0);
  await expect(toast(page)).toContainText('Back online. This page was saved');
  await feed.open('/about/ranking');
  await expect(page.getByRole('heading', { name: 'Ranking', exact: true })).toBeVisible();
});

test('all bookmarks can be read offline, and also the page of a paper that was just bookmarked', async ({ page, context }) => {
  const feed = await openWithWorker(page);
  await feed.scrollTo(40);
  const papers = await feed.cards.locator('[name=paper]').evaluateAll((fields: HTMLInputElement[]) => fields.map(({ value }) => value));
  for (const paper of papers.slice(10, 40)) await page.request.post('/fn/bookmark', { form: { paper, bookmarked: 'true' } });
  await feed.open('/?sort=new');
  await expect.poll(async () => (await inCache(page, 'bookmarks-1')).length).toBe(2);
  const newCard = feed.cards.first();
  const title = await newCard.getByRole('heading').innerText();
  const id = await newCard.locator('[name=paper]').inputValue();
  await bookmark(page.getByRole('article', { name: title })).click();
  await expect.poll(() => inCache(page, 'papers-1')).toContain(`/papers/${id}`);
  await expect.poll(async () => await page.evaluate(async () => (await (await caches.open('bookmarks-1')).match('/bookmarks', { ignoreVary: true }))?.text() ?? '')).toContain(id);

  await context.setOffline(true);
  await feed.open('/bookmarks');
  await expect(page.getByText('31 papers')).toBeVisible();
  await feed.scrollTo(31);
  await expect(feed.card(title)).toBeVisible();
  await feed.open(`/papers/${id}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);

  // A page that was cached before the change shows it too.
  await feed.open('/?sort=new');
  await expect(bookmark(feed.card(title))).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('link', { name: 'Bookmarks 31' })).toBeVisible();
  await context.setOffline(false);
});

test('bookmark changes made offline wait, are sent when online, and are then on the server', async ({ page, context }) => {
  const feed = await openWithWorker(page);
  const [one, two] = [await paperOf(feed, 0), await paperOf(feed, 1)];
  await context.setOffline(true);
  await bookmark(feed.cards.nth(0)).click();
  await expect(toast(page)).toContainText('Saved offline; will sync when you’re back online.');
  await expect(bookmark(feed.cards.nth(0))).toHaveAttribute('aria-pressed', 'true');
  await bookmark(feed.cards.nth(1)).click();
  await bookmark(feed.cards.nth(2)).click();
  await bookmark(feed.cards.nth(2)).click();
  await expect(line(page)).toContainText('3 changes waiting to sync.');
  await expect(page.getByRole('link', { name: 'Bookmarks 2' })).toBeVisible();

  // The changes wait while no page is open. Pages that are opened before they are sent show them.
  await page.goto('about:blank');
  await feed.open('/?sort=new');
  await expect(bookmark(feed.cards.nth(0))).toHaveAttribute('aria-pressed', 'true');
  await expect(bookmark(feed.cards.nth(2))).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('link', { name: 'Bookmarks 2' })).toBeVisible();
  expect(await bookmarksOnServer(page).catch(() => [])).toEqual([]);

  await context.setOffline(false);
  await expect(toast(page)).toHaveText('Back online: 3 bookmark changes synced.');
  await expect(line(page)).toHaveCount(0);
  expect((await bookmarksOnServer(page)).sort()).toEqual([one, two].sort());
  await feed.open('/bookmarks');
  await expect(feed.cards).toHaveCount(2);
  await expect(line(page)).toHaveCount(0);
});

test('while the server does not answer, a bookmark change waits; it is sent when the server is back', async ({ page, broadsheet }) => {
  const feed = await openWithWorker(page);
  await broadsheet.pause();
  try {
    await bookmark(feed.cards.nth(0)).click();
    await expect(toast(page)).toContainText('Saved offline; will sync when you’re back online.');
    await expect(line(page)).toContainText('Broadsheet can’t be reached. 1 change waiting to sync.');
    await page.reload();
    await feed.awake();
    await expect(bookmark(feed.cards.nth(0))).toHaveAttribute('aria-pressed', 'true');
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect(page.getByText('Still offline.')).toBeAttached();
  } finally {
    await broadsheet.resume();
  }
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(toast(page)).toHaveText('Back online: 1 bookmark change synced.');
  expect(await bookmarksOnServer(page)).toHaveLength(1);
});

test('a waiting change that the server refuses is undone, and the reason is shown once', async ({ page, context, complaints }) => {
  complaints.expected.push(/404/);
  const feed = await openWithWorker(page);
  await context.setOffline(true);
  // A paper that the server does not have.
  await feed.cards.nth(0).locator('[name=paper]').evaluate((field: HTMLInputElement) => (field.value = '2401.99999'));
  await bookmark(feed.cards.nth(0)).click();
  await bookmark(feed.cards.nth(1)).click();
  await expect(line(page)).toContainText('2 changes waiting to sync.');
  await context.setOffline(false);
  await expect(feed.cards.nth(0).getByRole('alert')).toHaveText(
    'Couldn’t save the change to 2401.99999: Paper not found.',
  );
  await expect(bookmark(feed.cards.nth(0))).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('link', { name: 'Bookmarks 1' })).toBeVisible();
  expect(await bookmarksOnServer(page)).toHaveLength(1);
  await page.reload();
  await feed.awake();
  await expect(page.getByText('Couldn’t save the change')).toHaveCount(0);
});

test('pages cached for one reader are not shown to another', async ({ page, context }) => {
  const feed = await openWithWorker(page);
  await bookmark(feed.cards.nth(0)).click();
  await expect.poll(() => inCache(page, 'bookmarks-1')).toEqual(['/bookmarks']);
  await feed.open('/?sort=new');
  await expect(page.getByRole('link', { name: 'Bookmarks 1' })).toBeVisible();
  await context.clearCookies();
  await feed.open('/?sort=top');
  await expect.poll(() => inCache(page, 'pages-1')).toEqual(['/?sort=top']);
  await context.setOffline(true);
  await feed.open('/bookmarks');
  await expect(page.getByRole('alert')).toContainText('isn’t saved on this device');
  await context.setOffline(false);
});

/** A copy of the front end with other file names, like a next version. The result is its folder. */
async function nextFrontEnd(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-site-'));
  await cp(site, folder, { recursive: true });
  let names = await readFile(join(folder, 'hash.txt'), 'utf8');
  for (const kind of ['js', 'css']) {
    const [, hash] = new RegExp(`^${kind}: (\\S+)$`, 'm').exec(names) ?? [];
    for (const twin of ['', '.br', '.gz']) {
      await rename(join(folder, `pkg/broadsheet.${hash}.${kind}${twin}`), join(folder, `pkg/broadsheet.next.${kind}${twin}`));
    }
    names = names.replace(`${kind}: ${hash}`, `${kind}: next`);
  }
  await writeFile(join(folder, 'hash.txt'), names);
  return folder;
}

/** The path of the page's style sheet, which is a file or a copy inside the page. */
const sheetOf = (page: Page) =>
  page.evaluate(() => {
    const file = document.querySelector('link[rel=stylesheet]')?.getAttribute('href');
    return file ?? document.querySelector('style')?.dataset.href ?? '';
  });

test('the first page contains the style; later pages get it from the cache', async ({ page, context }) => {
  const feed = await openWithWorker(page);
  await expect(page.locator('style')).toHaveCount(1);
  await expect.poll(async () => (await context.cookies()).map(({ name }) => name)).toContain('sheet-broadsheet');
  const sheet = await sheetOf(page);
  expect(await inCache(page, 'shell-1')).toContain(sheet);
  const loaded = page.waitForResponse((response) => response.url().endsWith(sheet));
  await feed.open('/?sort=top');
  expect((await loaded).fromServiceWorker()).toBe(true);
  await expect(page.locator('style')).toHaveCount(0);
  expect(await sheetOf(page)).toBe(sheet);
  expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain('Broadsheet');
});

test('a new version takes over on the next page, and cached pages still have their files', async ({ page, context, broadsheet }) => {
  const feed = await openWithWorker(page);
  await expect.poll(async () => (await context.cookies()).map(({ name }) => name)).toContain('sheet-broadsheet');
  await feed.open('/?sort=stars');
  await expect(page.locator('link[rel=stylesheet]')).toHaveCount(1);
  await feed.open('/?sort=top');
  const before = await inCache(page, 'shell-1');
  await expect.poll(() => inCache(page, 'pages-1')).toEqual(expect.arrayContaining(['/?sort=stars', '/?sort=top']));
  const next = await nextFrontEnd();
  try {
    await broadsheet.pause();
    await broadsheet.resume({ BROADSHEET_SITE_ROOT: next });
    let loads = 0;
    page.on('load', () => loads++);
    const newWorker = context.waitForEvent('serviceworker');
    await page.reload();
    await feed.awake();
    expect(await sheetOf(page)).toContain('next');
    // The new worker replaces the old one on the next page at the latest. No page is reloaded for it. The old worker also
    // serves new pages.
    const worker = await newWorker;
    await expect.poll(() => worker.evaluate('self.serviceWorker.state')).toMatch(/installed|activat/);
    expect(await worker.evaluate('BUILD.shell')).toContain('/pkg/broadsheet.next.css');
    expect(loads).toBe(1);
    await feed.open('/?sort=top');
    await expect.poll(() => worker.evaluate('self.serviceWorker.state')).toBe('activated');
    expect(loads).toBe(2);
    const filesOf = (address: string) =>
      page.evaluate(async (address) => (await (await caches.open('pages-1')).match(address, { ignoreVary: true }))?.headers.get('x-files'), address);
    await expect.poll(() => filesOf('/?sort=top')).toContain('/pkg/broadsheet.next.css');
    expect(await filesOf('/?sort=stars')).not.toContain('next');

    // The page that was cached by the old version is complete, although the server does not have its files any more.
    await context.setOffline(true);
    await feed.open('/?sort=stars');
    expect(before).toContain(await sheetOf(page));
    expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain('Broadsheet');
    await feed.open('/?sort=top');
    expect(await sheetOf(page)).toContain('next');
    await context.setOffline(false);
  } finally {
    await broadsheet.pause();
    await broadsheet.resume({ BROADSHEET_SITE_ROOT: site });
    await rm(next, { recursive: true });
  }
});

test('pages with a token in the URL and files that are not pages are not cached', async ({ page, complaints }) => {
  complaints.expected.push(/404/);
  const feed = await openWithWorker(page);
  for (const path of ['/unsubscribe/AAAA', '/preferences/AAAA', '/confirm/AAAA', '/share?url=2510.20838', '/subscribe', '/papers/2999.99999']) {
    await page.goto(path);
  }
  await page.evaluate(() => Promise.all(['/healthz', '/feed.atom', '/bookmarks.bib'].map((path) => fetch(path))));
  await feed.open('/?sort=stars');
  await expect.poll(() => inCache(page, 'pages-1')).toEqual(['/?sort=new', '/?sort=stars']);
  const all = await page.evaluate(async () => {
    const names = await caches.keys();
    const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return keys.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(all.filter((path) => !/^\/(pkg\/|fonts\/|offline$|$)/.test(path))).toEqual([]);
});
