// Pictures of every state of Broadsheet at three widths, light and dark, for looking at: `node shots.mjs [folder]`.
// A Broadsheet of its own is needed at BROADSHEET_URL, with its outbox in BROADSHEET_OUTBOX.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { simpleParser } from 'mailparser';
import { browser } from './chromium.js';

const folder = process.argv[2] ?? '/tmp/w/shots';
const site = process.env.BROADSHEET_URL ?? 'http://localhost:3000';
const outbox = process.env.BROADSHEET_OUTBOX ?? 'outbox';
const widths = [390, 768, 1440];
const themes = ['light', 'dark'];

await mkdir(folder, { recursive: true });
const chrome = await chromium.launch({ executablePath: browser(), args: ['--no-sandbox', '--disable-gpu'] });

/** A page of a new reader, and how to take its picture. */
async function reader(width, colorScheme, serviceWorkers = 'block') {
  const context = await chrome.newContext({
    baseURL: site,
    colorScheme,
    serviceWorkers,
    viewport: { width, height: width < 500 ? 844 : 900 },
    hasTouch: width < 500,
    isMobile: width < 500,
    timezoneId: 'Europe/Berlin',
  });
  const page = await context.newPage();
  const shoot = async (name, path) => {
    if (path) await page.goto(path);
    await page.locator('html[data-awake]').waitFor({ state: 'attached' });
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
  };
  return { context, page, shoot };
}

/** The pages that the letters to an address lead to, by what they do. */
async function letters(address) {
  const links = {};
  for (const name of await readdir(outbox)) {
    const mail = await simpleParser(await readFile(join(outbox, name)));
    if (mail.to?.text !== address) continue;
    const [confirm] = mail.text.match(/\S+\/confirm\/\S+/) ?? [];
    links.confirm ??= confirm;
    links.unsubscribe = mail.headers.get('list').unsubscribe.url;
  }
  return links;
}

for (const width of widths) {
  for (const theme of themes) {
    const { context, page, shoot } = await reader(width, theme);
    await shoot('feed', '/');
    await shoot('search', '/?q=strong+convergence&category=cs.LG&has=code');
    await page.getByText('Filters', { exact: true }).click();
    await shoot('filters');
    await shoot('notices', '/?sort=banana&from=2025-13-45&after=zz');
    await shoot('nothing', '/?q=zzzznothing&has=code&category=cs.LG');
    await shoot('bookmarks-empty', '/bookmarks');
    await page.goto('/?sort=new');
    for (const index of [0, 1, 2]) {
      const kept = page.waitForResponse('**/fn/bookmark');
      await page.getByRole('article').nth(index).getByRole('button', { name: 'Bookmark' }).click();
      await kept;
    }
    await shoot('bookmarks', '/bookmarks');
    await page.getByRole('article').first().getByRole('button', { name: 'Bookmark' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await shoot('bookmarks-undo');
    await shoot('bookmarks-no-match', '/bookmarks?q=zzzznothing');
    await shoot('paper', '/papers/2510.06062');
    await page.goto('/?sort=new&q=Goldilocks');
    await page.getByRole('article').first().getByRole('heading').getByRole('link').click();
    await shoot('paper-without-id');
    await shoot('edition', '/month/2025-10');
    await shoot('about', '/about/ranking');
    await shoot('share', '/share?url=https://arxiv.org/abs/2510.20838');
    await shoot('share-nothing', '/share?title=strong+convergence');
    await shoot('not-found', '/papers/2999.99999');
    await page.goto('/?sort=new&q=Goldilocks');
    await shoot('end');

    await page.goto('/');
    await page.route(/after=/, (route) => route.abort());
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'Retry' }).scrollIntoViewIfNeeded();
    await shoot('retry');
    await page.unrouteAll();

    const banner = page.getByRole('region', { name: 'Papers by mail' });
    await page.goto('/');
    if (width < 500) await banner.getByText('Subscribe', { exact: true }).filter({ visible: true }).click();
    await shoot('banner-open');
    await banner.getByRole('textbox').fill('a@b');
    await banner.getByRole('button', { name: /Subscribe|Send/ }).click();
    await banner.getByRole('alert').waitFor();
    await shoot('banner-error');
    const address = `shots-${width}-${theme}-${Date.now()}@example.org`;
    await banner.getByRole('textbox').fill(address);
    await banner.getByRole('button', { name: /Subscribe|Send/ }).click();
    await banner.getByRole('status').waitFor();
    await shoot('banner-sent');
    await shoot('subscribe', '/subscribe');
    await page.getByRole('textbox').fill('a@b');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByRole('alert').waitFor();
    await shoot('subscribe-error');
    await shoot('subscribe-sent', '/subscribe?sent');
    let links = {};
    for (const end = Date.now() + 20_000; !links.confirm && Date.now() < end; ) links = await letters(address);
    await shoot('confirm', links.confirm);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await shoot('confirmed');
    await shoot('unsubscribe', links.unsubscribe);
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByRole('heading', { name: 'The mail has stopped' }).waitFor();
    await shoot('unsubscribed');
    await context.close();

    const traveller = await reader(width, theme, 'allow');
    await traveller.page.goto('/?sort=new');
    await traveller.page.waitForFunction(() => navigator.serviceWorker.controller);
    await traveller.shoot('online', '/?sort=top');
    await traveller.context.setOffline(true);
    await traveller.page.getByRole('article').first().getByRole('button', { name: 'Bookmark' }).click();
    await traveller.page.getByText('Kept on this device').waitFor();
    await traveller.shoot('offline-line');
    await traveller.shoot('offline-list', '/about/sources');
    await traveller.context.close();
  }
}
await chrome.close();
