import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { ParsedMail } from 'mailparser';
import { expect, test } from '../fixtures/broadsheet';
import { emailsTo, emailTo, header, link } from '../fixtures/outbox';
import type { Broadsheet } from '../fixtures/server';
import { Listing } from '../pages/listing';

test.use({ instance: 'subscribe' });

const confirmation = /Please confirm/;
const digest = /^\w+day \d.*: \d+ papers?$/m;
const newAddress = () => `${randomUUID().slice(0, 8)}@example.org`;
/**
 * Moments at which a digest is due for a subscriber who has just confirmed: today, if today is a working day in UTC
 * and in
 * Berlin, else also Monday. They are not later, because Broadsheet skips a digest that is late and includes its
 * papers in
 * the next one.
 */
function momentsDue(): string[] {
  const now = new Date();
  // The date in Berlin: an hour or two before midnight in UTC it is tomorrow there, and the next digest is due tomorrow.
  const nine = new Date(`${now.toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' })}T09:00:00Z`);
  const soon = new Date(Math.max(now.getTime() + 60_000, nine.getTime()));
  const berlin = new Date(now.toLocaleString('en-US', { timeZone: 'Europe/Berlin' }));
  const isWorkingDay = (day: number) => day >= 1 && day <= 5;
  if (isWorkingDay(now.getUTCDay()) && isWorkingDay(berlin.getDay())) return [soon.toISOString()];
  const monday = new Date(nine.getTime() + ((8 - now.getUTCDay()) % 7 || 7) * 86_400_000);
  return [soon.toISOString(), monday.toISOString()];
}
const due = momentsDue();

/** Subscribes and confirms without a browser. The result is the new address. */
async function subscribed(page: Page, broadsheet: Broadsheet): Promise<string> {
  const address = newAddress();
  const headers = { origin: broadsheet.url };
  await page.request.post('/fn/subscribe', { headers, form: { email: address, zone: 'Europe/Berlin' } });
  const email = await emailTo(broadsheet, address, confirmation);
  expect((await page.request.post(link(email, '/confirm/'), { headers })).status()).toBe(200);
  return address;
}

/** Sends the digests that are due. A second call sends nothing more. */
async function sendDigests(broadsheet: Broadsheet) {
  for (const moment of due) {
    const ran = await broadsheet.run('digest', 'send', '--now', moment);
    expect(ran.stderr + ran.stdout).toContain('queued');
    expect(ran.code).toBe(0);
  }
}

test('an invalid address stays in the form, with an error', async ({ page, complaints }) => {
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

interface Browsing {
  page: Page;
  javaScriptEnabled: boolean | undefined;
  isMobile: boolean;
}

async function subscribeInBanner({ page, javaScriptEnabled, isMobile }: Browsing, address: string) {
  const feed = new Listing(page);
  await feed.open();
  const banner = page.getByRole('region', { name: 'Email digest' });
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
}

async function confirmByEmail({ page, javaScriptEnabled }: Browsing, broadsheet: Broadsheet, address: string) {
  const request = await emailTo(broadsheet, address, confirmation);
  const confirm = link(request, '/confirm/');
  // Opening the link confirms nothing, because email scanners open links too.
  for (let times = 0; times < 2; times++) {
    await page.goto(confirm);
    await expect(page.getByRole('main')).toContainText(address);
    await expect(page.getByRole('heading', { name: 'Confirm your subscription' })).toBeVisible();
  }
  if (javaScriptEnabled !== false) await expect(page.getByRole('main')).toContainText('at 08:00, Monday to Friday (Berlin time)');
  await sendDigests(broadsheet);
  expect(await emailsTo(broadsheet, address, digest)).toHaveLength(0);

  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('heading', { name: 'You are subscribed' })).toBeVisible();
  await page.goto('/');
  await expect(page.getByRole('region', { name: 'Email digest' })).toHaveCount(0);
}

async function checkDigest(page: Page, email: ParsedMail, broadsheet: Broadsheet) {
  expect(email.text).toContain(`${broadsheet.url}/papers/`);
  expect(email.html).toContain(`${broadsheet.url}/papers/`);
  expect(email.html).not.toMatch(/<img|<script/i);
  expect(header(email, 'List-Unsubscribe')).toMatch(/^<http\S+\/unsubscribe\/[\w-]+>$/);
  expect(header(email, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
  expect(header(email, 'Auto-Submitted')).toBe('auto-generated');
  expect(header(email, 'Precedence')).toBe('bulk');
  expect(header(email, 'List-Id')).toBeTruthy();
  const papers = new Set(email.text?.match(/\S+\/papers\/\S+/g));
  expect(papers.size).toBe(10);
  const [first] = papers;
  await page.goto(first);
  await expect(page.getByRole('article')).toBeVisible();
}

/** The link in the email changes the schedule and the number of papers, without a password. */
async function changePreferences({ page, javaScriptEnabled }: Browsing, email: ParsedMail, address: string) {
  await page.goto(link(email, '/preferences/'));
  await expect(page.getByRole('main')).toContainText(address);
  // The form shows the stored time zone, not the time zone of the browser.
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
}

async function unsubscribeByEmail(page: Page, email: ParsedMail) {
  const unsubscribe = link(email, '/unsubscribe/');
  await page.goto(unsubscribe);
  await page.goto(unsubscribe);
  await expect(page.getByRole('heading', { name: 'Unsubscribe' })).toBeVisible();
  await page.getByRole('button', { name: 'Unsubscribe' }).click();
  await expect(page.getByRole('heading', { name: 'You’re unsubscribed' })).toBeVisible();
  await page.goto(unsubscribe);
  await expect(page.getByRole('heading', { name: 'You’re unsubscribed' })).toBeVisible();
}

test('a reader subscribes in the banner, gets the digest, changes its settings and unsubscribes', async ({ page, broadsheet, javaScriptEnabled, isMobile }) => {
  const address = newAddress();
  const browsing = { page, javaScriptEnabled, isMobile };
  await subscribeInBanner(browsing, address);
  await confirmByEmail(browsing, broadsheet, address);
  await sendDigests(broadsheet);
  const email = await emailTo(broadsheet, address, digest);
  await checkDigest(page, email, broadsheet);
  await changePreferences(browsing, email, address);
  await unsubscribeByEmail(page, email);
});

test('the digest of a day is sent only once', async ({ page, broadsheet }) => {
  const address = await subscribed(page, broadsheet);
  await sendDigests(broadsheet);
  const { messageId } = await emailTo(broadsheet, address, digest);
  await sendDigests(broadsheet);
  await sendDigests(broadsheet);
  expect((await emailsTo(broadsheet, address, digest)).map((email) => email.messageId)).toEqual([messageId]);
});

test('an email program unsubscribes with one request, without a cookie or a page', async ({ page, playwright, broadsheet }) => {
  const address = await subscribed(page, broadsheet);
  await sendDigests(broadsheet);
  const email = await emailTo(broadsheet, address, digest);
  const unsubscribe = header(email, 'List-Unsubscribe')?.slice(1, -1) ?? '';
  const emailProgram = await playwright.request.newContext();
  for (let times = 0; times < 2; times++) {
    const answer = await emailProgram.post(unsubscribe, { form: { 'List-Unsubscribe': 'One-Click' }, maxRedirects: 0 });
    expect(answer.status()).toBe(200);
    expect(answer.headers()['set-cookie']).toBeUndefined();
  }
  await emailProgram.dispose();
  await page.goto(unsubscribe);
  await expect(page.getByRole('heading', { name: 'You’re unsubscribed' })).toBeVisible();
});

test('the banner does not appear again after it is dismissed', async ({ page }) => {
  const feed = new Listing(page);
  await feed.open();
  const banner = page.getByRole('region', { name: 'Email digest' });
  await banner.getByRole('button', { name: 'Dismiss the banner' }).click();
  await expect(banner).toHaveCount(0);
  await feed.open();
  await expect(feed.cards.first()).toBeVisible();
  await expect(banner).toHaveCount(0);
});

for (const kind of ['confirm', 'unsubscribe', 'preferences']) {
  test(`the page of an incomplete ${kind} link says that the link does not work`, async ({ page, complaints }) => {
    complaints.expected.push(/404/);
    const answer = await page.goto(`/${kind}/cut`);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'This link isn’t valid' })).toBeVisible();
  });
}
