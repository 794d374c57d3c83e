import { expect, type Page } from '@playwright/test';
import { letter, letters, link } from '../fixtures/outbox';
import type { Broadsheet } from '../fixtures/server';
import { bookmark, Listing } from './listing';

/** Who comes to a state: with scripts, never here before. */
export interface Reader {
  page: Page;
  broadsheet: Broadsheet;
  /** Nobody else's. */
  address: string;
  /** What the browser may complain about on the way. */
  expected: RegExp[];
}

/** Every state that a page can be in, and how a reader comes there. */
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
    await feed.cards.first().getByText('why it is here').click();
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
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  },
  retry: async ({ page, expected }) => {
    expected.push(/after=/);
    const feed = new Listing(page);
    await page.route(/after=/, (route) => route.abort());
    await feed.open();
    await page.keyboard.press('End');
    // Whenever the end comes into sight again the page is asked for again, and the button is another one.
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
  bookmarks: keepTwo,
  'bookmarks-undo': async (reader) => {
    await keepTwo(reader);
    await bookmark(new Listing(reader.page).cards.first()).click();
    await expect(reader.page.getByRole('button', { name: 'Undo' })).toBeVisible();
  },
  'bookmarks-no-match': async (reader) => {
    await keepTwo(reader);
    await new Listing(reader.page).open('/bookmarks?q=zzzznothing');
  },
  'bookmark-refused': async ({ page, expected }) => {
    expected.push(/507/);
    const words = 'Not kept: the disk of this Broadsheet is full. What you kept before is safe.';
    const body = JSON.stringify({ type: 'about:blank', title: 'Not done', status: 507, detail: words });
    await page.route('**/fn/bookmark', (route) => route.fulfill({ status: 507, contentType: 'application/problem+json', body }));
    const feed = new Listing(page);
    await feed.open();
    await bookmark(feed.cards.first()).click();
    await expect(feed.cards.first().getByRole('alert')).toHaveText(words);
  },
  'lists-none': at('/views'),
  lists: async ({ page }) => {
    await new Listing(page).open('/?sort=new&category=cs.LG');
    const kept = page.waitForResponse('**/fn/save_view');
    await page.getByRole('button', { name: 'Keep this list' }).click();
    await kept;
    await new Listing(page).open('/views');
    await page.getByText('Change', { exact: true }).click();
  },
  'banner-open': openBanner,
  'banner-error': async (reader) => {
    reader.expected.push(/422/);
    await openBanner(reader);
    await sendBanner(reader.page, 'someone@nowhere');
    await expect(reader.page.getByRole('region', { name: 'Papers by mail' }).getByRole('alert')).toBeVisible();
  },
  'banner-sent': async (reader) => {
    await openBanner(reader);
    await sendBanner(reader.page, reader.address);
    await expect(reader.page.getByRole('region', { name: 'Papers by mail' }).getByRole('status')).toContainText('Check your inbox');
  },
  subscribe: at('/subscribe'),
  'subscribe-to-a-list': async ({ page }) => {
    await new Listing(page).open('/?sort=new&category=cs.LG');
    await page.getByRole('link', { name: 'Subscribe to this view' }).first().click();
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
    await reader.page.goto(link(await asked(reader), '/confirm/'));
  },
  confirmed,
  preferences: async (reader) => {
    await reader.page.goto(link(await digest(reader), '/preferences/'));
    await expect(reader.page.getByRole('heading', { name: 'Email preferences' })).toBeVisible();
  },
  issue: async (reader) => {
    await reader.page.goto(link(await digest(reader), '/issues/'));
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

/** A page that is there when its address is opened. */
function at(path: string) {
  return ({ page }: Reader) => new Listing(page).open(path);
}

function missing(path: string) {
  return async ({ page, expected }: Reader) => {
    expected.push(/404/);
    await new Listing(page).open(path);
  };
}

async function keepTwo({ page }: Reader) {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  for (const index of [0, 1]) {
    await bookmark(feed.cards.nth(index)).click();
    await expect(bookmark(feed.cards.nth(index))).not.toHaveAttribute('aria-busy');
  }
  await feed.open('/bookmarks');
  await expect(feed.cards).toHaveCount(2);
}

/** Both forms of the banner open: one for a wide window, one that a press unfolds in a narrow one. */
async function openBanner({ page }: Reader) {
  await new Listing(page).open();
  await page.locator('.banner details').evaluate((details: HTMLDetailsElement) => (details.open = true));
}

async function sendBanner(page: Page, address: string) {
  const field = page.getByRole('region', { name: 'Papers by mail' }).getByRole('textbox').filter({ visible: true });
  await field.fill(address);
  await field.press('Enter');
}

async function subscribe(page: Page, address: string) {
  await new Listing(page).open('/subscribe');
  await page.getByRole('main').getByRole('textbox').fill(address);
  await page.getByRole('main').getByRole('button', { name: 'Subscribe' }).click();
}

const asked = ({ broadsheet, address }: Reader) => letter(broadsheet, address, /Please confirm/);

async function confirmed(reader: Reader) {
  await subscribe(reader.page, reader.address);
  await reader.page.goto(link(await asked(reader), '/confirm/'));
  await reader.page.getByRole('button', { name: 'Confirm' }).click();
  await expect(reader.page.getByRole('heading', { name: 'You are subscribed' })).toBeVisible();
}

/** The first issue. Monday, nine o'clock: wherever one is and whenever this runs, it is due by then or was sent before. */
async function digest(reader: Reader) {
  await confirmed(reader);
  const monday = new Date(Date.now() + ((8 - new Date().getUTCDay()) % 7 || 7) * 86_400_000).toISOString().slice(0, 10);
  for (const moment of [new Date(Date.now() + 60_000).toISOString(), `${monday}T09:00:00Z`]) {
    await reader.broadsheet.run('digest', 'send', '--now', moment);
  }
  const [mail] = await letters(reader.broadsheet, reader.address, /^\w+day \d.*: \d+ papers?$/m);
  return mail;
}

async function unsubscribe(reader: Reader) {
  await subscribe(reader.page, reader.address);
  const mail = await asked(reader);
  await reader.page.goto(/<(\S+)>/.exec(mail.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? '')?.[1] ?? '');
}
