import { expect, type Page } from '@playwright/test';
import { emailTo, emailsTo, link } from '../fixtures/outbox';
import type { Broadsheet } from '../fixtures/server';
import { bookmark, Listing } from './listing';

/** A new reader, with JavaScript. */
export interface Reader {
  page: Page;
  broadsheet: Broadsheet;
  /** An email address that no other test uses. */
  address: string;
  /** Errors of the browser that do not fail the test. */
  expected: RegExp[];
}

/** Every state that a page can be in, and how a reader gets there. The names are part of the names of the pictures. */
export const states: Record<string, (reader: Reader) => Promise<void>> = {
  'front-page': at('/'),
  newest: at('/?sort=new'),
  filters: async ({ page }) => {
    await new Listing(page).open('/?category=cs.LG&has=code');
    await page.getByText('Filters', { exact: true }).click();
  },
  search: at('/?q=strong+convergence&category=cs.LG&has=code'),
  'no-match': at('/?q=zzzznothing&has=code&category=cs.LG'),
  notices: at('/?sort=banana&from=2025-13-45&q=Goldilocks'),
  unfolded: async ({ page }) => {
    const feed = new Listing(page);
    await feed.open();
    await feed.cards.first().getByText('more', { exact: true }).click();
    await feed.cards.first().getByText('Why?').click();
  },
  focused: async ({ page }) => {
    const feed = new Listing(page);
    await feed.open();
    await page.keyboard.press('j');
    await expect(feed.cards.first()).toBeFocused();
  },
  keys: async ({ page }) => {
    await new Listing(page).open();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  },
  retry: async ({ page, expected }) => {
    expected.push(/after=/);
    const feed = new Listing(page);
    await page.route(/after=/, (route) => route.abort());
    await feed.open();
    await page.keyboard.press('End');
    // The page is requested again whenever the end of the listing comes into view, and then the button is a new
    // element.
    await expect(() => page.getByRole('button', { name: 'Retry' }).scrollIntoViewIfNeeded({ timeout: 1_000 })).toPass();
  },
  end: async ({ page }) => {
    const feed = new Listing(page);
    await feed.open('/?sort=new&q=Goldilocks');
    await feed.end.scrollIntoViewIfNeeded();
  },
  month: at('/month/2025-10'),
  paper: at('/papers/2510.06062'),
  'paper-without-id': async ({ page }) => {
    const feed = new Listing(page);
    await feed.open('/?sort=new&q=Goldilocks');
    await feed.cards.first().getByRole('heading').getByRole('link').click();
    await expect(page.getByRole('link', { name: 'Find on arXiv' })).toBeVisible();
  },
  'bookmarks-none': at('/bookmarks'),
  bookmarks: bookmarkTwo,
  'bookmarks-undo': async (reader) => {
    await bookmarkTwo(reader);
    await bookmark(new Listing(reader.page).cards.first()).click();
    await expect(reader.page.getByRole('button', { name: 'Undo' })).toBeVisible();
  },
  'bookmarks-no-match': async (reader) => {
    await bookmarkTwo(reader);
    await new Listing(reader.page).open('/bookmarks?q=zzzznothing');
  },
  'bookmark-refused': async ({ page, expected }) => {
    expected.push(/507/);
    const words = 'Not saved: the server’s disk is full. Earlier bookmarks are safe.';
    const body = JSON.stringify({ type: 'about:blank', title: 'Not done', status: 507, detail: words });
    await page.route('**/fn/bookmark', (route) => route.fulfill({ status: 507, contentType: 'application/problem+json', body }));
    const feed = new Listing(page);
    await feed.open();
    await bookmark(feed.cards.first()).click();
    await expect(feed.cards.first().getByRole('alert')).toHaveText(words);
  },
  'searches-none': at('/searches'),
  searches: async ({ page }) => {
    await new Listing(page).open('/?sort=new&category=cs.LG');
    const saved = page.waitForResponse('**/fn/save_search');
    await page.getByRole('button', { name: 'Save this search' }).click();
    await saved;
    await new Listing(page).open('/searches');
    await page.getByText('Edit', { exact: true }).click();
  },
  'banner-open': openBanner,
  'banner-error': async (reader) => {
    reader.expected.push(/422/);
    await openBanner(reader);
    await submitBanner(reader.page, 'someone@nowhere');
    await expect(reader.page.getByRole('region', { name: 'Email digest' }).getByRole('alert')).toBeVisible();
  },
  'banner-sent': async (reader) => {
    await openBanner(reader);
    await submitBanner(reader.page, reader.address);
    await expect(reader.page.getByRole('region', { name: 'Email digest' }).getByRole('status')).toContainText('Check your inbox');
  },
  subscribe: at('/subscribe'),
  'subscribe-to-a-search': async ({ page }) => {
    await new Listing(page).open('/?sort=new&category=cs.LG');
    await page.getByRole('link', { name: 'Subscribe to this search' }).first().click();
    await page.getByText('Schedule and length').click();
  },
  'subscribe-error': async ({ page, expected }) => {
    expected.push(/422/);
    await subscribe(page, 'someone@nowhere');
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'subscribe-sent': at('/subscribe?sent'),
  confirm: async (reader) => {
    await subscribe(reader.page, reader.address);
    await reader.page.goto(link(await confirmationEmail(reader), '/confirm/'));
  },
  confirmed,
  preferences: async (reader) => {
    await reader.page.goto(link(await digestEmail(reader), '/preferences/'));
    await expect(reader.page.getByRole('heading', { name: 'Email preferences' })).toBeVisible();
  },
  issue: async (reader) => {
    await reader.page.goto(link(await digestEmail(reader), '/issues/'));
  },
  unsubscribe,
  unsubscribed: async (reader) => {
    await unsubscribe(reader);
    await reader.page.getByRole('button', { name: 'Unsubscribe' }).click();
    await expect(reader.page.getByRole('heading', { name: 'You’re unsubscribed' })).toBeVisible();
  },
  'spent-link': missing('/preferences/0000'),
  ranking: at('/about/ranking'),
  sources: at('/about/sources'),
  'no-page': missing('/nowhere'),
  'no-paper': missing('/papers/2999.99999'),
};

/** A state that needs only the address of its page. */
function at(path: string) {
  return ({ page }: Reader) => new Listing(page).open(path);
}

/** A page with status 404. */
function missing(path: string) {
  return async ({ page, expected }: Reader) => {
    expected.push(/404/);
    await new Listing(page).open(path);
  };
}

async function bookmarkTwo({ page }: Reader) {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  for (const index of [0, 1]) {
    await bookmark(feed.cards.nth(index)).click();
    await expect(bookmark(feed.cards.nth(index))).not.toHaveAttribute('aria-busy');
  }
  await feed.open('/bookmarks');
  await expect(feed.cards).toHaveCount(2);
}

/** Opens the form of the banner in narrow windows. In wide windows the form is always open. */
async function openBanner({ page }: Reader) {
  await new Listing(page).open();
  await page.locator('.banner details').evaluate((details: HTMLDetailsElement) => (details.open = true));
}

async function submitBanner(page: Page, address: string) {
  const field = page.getByRole('region', { name: 'Email digest' }).getByRole('textbox').filter({ visible: true });
  await field.fill(address);
  await field.press('Enter');
}

async function subscribe(page: Page, address: string) {
  await new Listing(page).open('/subscribe');
  await page.getByRole('main').getByRole('textbox').fill(address);
  await page.getByRole('main').getByRole('button', { name: 'Subscribe' }).click();
}

const confirmationEmail = ({ broadsheet, address }: Reader) => emailTo(broadsheet, address, /Please confirm/);

async function confirmed(reader: Reader) {
  await subscribe(reader.page, reader.address);
  await reader.page.goto(link(await confirmationEmail(reader), '/confirm/'));
  await reader.page.getByRole('button', { name: 'Confirm' }).click();
  await expect(reader.page.getByRole('heading', { name: 'You are subscribed' })).toBeVisible();
}

/** The first digest. It is due now or, on a weekend, by Monday at 09:00 UTC. */
async function digestEmail(reader: Reader) {
  await confirmed(reader);
  const monday = new Date(Date.now() + ((8 - new Date().getUTCDay()) % 7 || 7) * 86_400_000).toISOString().slice(0, 10);
  for (const moment of [new Date(Date.now() + 60_000).toISOString(), `${monday}T09:00:00Z`]) {
    await reader.broadsheet.run('digest', 'send', '--now', moment);
  }
  const [email] = await emailsTo(reader.broadsheet, reader.address, /^\w+day \d.*: \d+ papers?$/m);
  return email;
}

async function unsubscribe(reader: Reader) {
  await subscribe(reader.page, reader.address);
  const email = await confirmationEmail(reader);
  await reader.page.goto(/<(\S+)>/.exec(email.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? '')?.[1] ?? '');
}
