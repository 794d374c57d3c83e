import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/broadsheet';
import { header, letter, letters, link } from '../fixtures/outbox';
import type { Broadsheet } from '../fixtures/server';
import { Listing } from '../pages/listing';

test.use({ instance: 'subscribe' });

const confirmation = /Please confirm/;
const digest = /^\w+day \d.*: \d+ papers?$/m;
const someone = () => `${randomUUID().slice(0, 8)}@example.org`;
/**
 * Moments at which whoever confirmed just now is due, and not so late that the mail is folded into the next: today, if it
 * is a working day here and in Berlin; else also on Monday.
 */
function moments(): string[] {
  const now = new Date();
  const nine = new Date(`${now.toISOString().slice(0, 10)}T09:00:00Z`);
  const soon = new Date(Math.max(now.getTime() + 60_000, nine.getTime()));
  const berlin = new Date(now.toLocaleString('en-US', { timeZone: 'Europe/Berlin' }));
  const works = (day: number) => day >= 1 && day <= 5;
  if (works(now.getUTCDay()) && works(berlin.getDay())) return [soon.toISOString()];
  const monday = new Date(nine.getTime() + ((8 - now.getUTCDay()) % 7 || 7) * 86_400_000);
  return [soon.toISOString(), monday.toISOString()];
}
const due = moments();

/** Subscribes and confirms without a browser, for tests of what comes after. */
async function subscribed(page: Page, broadsheet: Broadsheet): Promise<string> {
  const address = someone();
  const headers = { origin: broadsheet.url };
  await page.request.post('/fn/subscribe', { headers, form: { email: address, zone: 'Europe/Berlin' } });
  const mail = await letter(broadsheet, address, confirmation);
  expect((await page.request.post(link(mail, '/confirm/'), { headers })).status()).toBe(200);
  return address;
}

/** Sends what is due; the same day again sends nothing more. */
async function send(broadsheet: Broadsheet) {
  for (const moment of due) {
    const ran = await broadsheet.run('digest', 'send', '--now', moment);
    expect(ran.stderr + ran.stdout).toContain('queued');
    expect(ran.code).toBe(0);
  }
}

test('an address that cannot be one is given back with the reason', async ({ page, complaints }) => {
  complaints.expected.push(/422/);
  await page.goto('/subscribe');
  const field = page.getByRole('main').getByRole('textbox', { name: 'Email address' });
  await field.fill('someone@nowhere');
  const answered = page.waitForResponse('**/fn/subscribe');
  await page.getByRole('main').getByRole('button', { name: 'Subscribe' }).click();
  expect((await answered).status()).toBe(422);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(field).toHaveValue('someone@nowhere');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(new RegExp((await page.getByRole('alert').textContent()) ?? ''));
});

test('from the banner to the daily mail and out again', async ({ page, broadsheet, javaScriptEnabled, isMobile }) => {
  const address = someone();
  const feed = new Listing(page);
  await feed.open();
  const banner = page.getByRole('region', { name: 'Papers by mail' });
  if (isMobile) {
    await expect(banner.getByText('Get trending papers in your email inbox!', { exact: true })).toBeVisible();
    await expect(banner.getByRole('textbox')).toHaveCount(0);
    await banner.getByText('Subscribe', { exact: true }).filter({ visible: true }).click();
  } else {
    await expect(banner.getByText('Get trending papers in your email inbox once a day!', { exact: true })).toBeVisible();
  }
  await expect(banner.getByRole('textbox', { name: 'Email address' })).toBeInViewport();
  await banner.getByRole('textbox', { name: 'Email address' }).fill(address);
  await banner.getByRole('button', { name: isMobile ? 'Send' : 'Subscribe', exact: true }).click();
  if (javaScriptEnabled === false) {
    await expect(page.getByRole('heading', { name: 'Check your inbox' })).toBeVisible();
  } else {
    await expect(banner.getByRole('status')).toContainText('Check your inbox');
    await expect(page).toHaveURL('/');
    await expect(feed.cards.first()).toBeVisible();
  }

  const asking = await letter(broadsheet, address, confirmation);
  const confirm = link(asking, '/confirm/');
  // Whoever only opens the link, a mail scanner say, confirms nothing.
  for (let times = 0; times < 2; times++) {
    await page.goto(confirm);
    await expect(page.getByRole('main')).toContainText(address);
    await expect(page.getByRole('heading', { name: 'Confirm your subscription' })).toBeVisible();
  }
  if (javaScriptEnabled !== false) await expect(page.getByRole('main')).toContainText('at 08:00, Monday to Friday (Europe/Berlin)');
  await send(broadsheet);
  expect(await letters(broadsheet, address, digest)).toHaveLength(0);

  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('heading', { name: 'You are subscribed' })).toBeVisible();
  await page.goto('/');
  await expect(banner).toHaveCount(0);

  await send(broadsheet);
  const mail = await letter(broadsheet, address, digest);
  expect(mail.text).toContain(`${broadsheet.url}/papers/`);
  expect(mail.html).toContain(`${broadsheet.url}/papers/`);
  expect(mail.html).not.toMatch(/<img|<script/i);
  expect(header(mail, 'List-Unsubscribe')).toMatch(/^<http\S+\/unsubscribe\/[\w-]+>$/);
  expect(header(mail, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
  expect(header(mail, 'Auto-Submitted')).toBe('auto-generated');
  expect(header(mail, 'Precedence')).toBe('bulk');
  expect(header(mail, 'List-Id')).toBeTruthy();
  const papers = new Set(mail.text?.match(/\S+\/papers\/\S+/g));
  expect(papers.size).toBe(10);
  const [first] = papers;
  await page.goto(first);
  await expect(page.getByRole('article')).toBeVisible();

  // When and how much is changed without a password, by the link in the mail.
  await page.goto(link(mail, '/preferences/'));
  await expect(page.getByRole('main')).toContainText(address);
  // The zone that is stored, not that of the machine one happens to sit at.
  const zone = javaScriptEnabled === false ? 'UTC' : 'Europe/Berlin';
  await expect(page.getByLabel('Time zone')).toHaveValue(zone);
  await page.getByLabel('Time zone').fill('Asia/Tokyo');
  await page.getByRole('checkbox', { name: 'Sunday' }).check();
  await page.getByLabel('Hour').selectOption('18:00');
  await page.getByRole('radio', { name: 'Up to 5' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('at 18:00, on Mon, Tue, Wed, Thu, Fri, Sun');
  await expect(page.getByRole('radio', { name: 'Up to 5' })).toBeChecked();
  await page.reload();
  await expect(page.getByLabel('Time zone')).toHaveValue('Asia/Tokyo');

  const unsubscribe = link(mail, '/unsubscribe/');
  await page.goto(unsubscribe);
  await page.goto(unsubscribe);
  await expect(page.getByRole('heading', { name: 'Unsubscribe' })).toBeVisible();
  await page.getByRole('button', { name: 'Unsubscribe' }).click();
  await expect(page.getByRole('heading', { name: 'You’re unsubscribed' })).toBeVisible();
  await page.goto(unsubscribe);
  await expect(page.getByRole('heading', { name: 'You’re unsubscribed' })).toBeVisible();
});

test('a day that was mailed is not mailed again', async ({ page, broadsheet }) => {
  const address = await subscribed(page, broadsheet);
  await send(broadsheet);
  const { messageId } = await letter(broadsheet, address, digest);
  await send(broadsheet);
  await send(broadsheet);
  expect((await letters(broadsheet, address, digest)).map((mail) => mail.messageId)).toEqual([messageId]);
});

test('a mail program unsubscribes in one click, without cookie or page', async ({ page, playwright, broadsheet }) => {
  const address = await subscribed(page, broadsheet);
  await send(broadsheet);
  const mail = await letter(broadsheet, address, digest);
  const unsubscribe = header(mail, 'List-Unsubscribe')?.slice(1, -1) ?? '';
  const program = await playwright.request.newContext();
  for (let times = 0; times < 2; times++) {
    const answer = await program.post(unsubscribe, { form: { 'List-Unsubscribe': 'One-Click' }, maxRedirects: 0 });
    expect(answer.status()).toBe(200);
    expect(answer.headers()['set-cookie']).toBeUndefined();
  }
  await program.dispose();
  await page.goto(unsubscribe);
  await expect(page.getByRole('heading', { name: 'You’re unsubscribed' })).toBeVisible();
});

test('the banner stays away once it is dismissed', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  const banner = page.getByRole('region', { name: 'Papers by mail' });
  await banner.getByRole('button', { name: 'Dismiss the banner' }).click();
  await expect(banner).toHaveCount(0);
  await feed.open();
  await expect(feed.cards.first()).toBeVisible();
  await expect(banner).toHaveCount(0);
});

for (const kind of ['confirm', 'unsubscribe', 'preferences']) {
  test(`a ${kind} link that was cut says so`, async ({ page, complaints }) => {
    complaints.expected.push(/404/);
    const answer = await page.goto(`/${kind}/cut`);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'This link isn’t valid' })).toBeVisible();
  });
}
