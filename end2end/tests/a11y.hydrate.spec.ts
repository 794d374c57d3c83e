import { expect, test } from '../fixtures/broadsheet';
import { letter, letters, link } from '../fixtures/outbox';
import { bookmark, Listing } from '../pages/listing';

test.use({ instance: 'a11y' });

const pages = {
  'the front page': '/',
  'a search': '/?q=strong+convergence&category=cs.LG&has=code',
  'a search without a match': '/?q=zzzznothing&has=code&category=cs.LG',
  'an address with faults': '/?sort=banana&from=2025-13-45&q=Goldilocks',
  'an edition': '/month/2025-10',
  'a paper': '/papers/2510.06062',
  'bookmarks without any': '/bookmarks',
  'the form to subscribe': '/subscribe',
  'the page after subscribing': '/subscribe?sent',
  'how papers are ranked': '/about/ranking',
  'where papers come from': '/about/sources',
};

for (const [name, path] of Object.entries(pages)) {
  test(`${name} is accessible by day and by night`, async ({ page, axe }) => {
    await new Listing(page).open(path);
    await axe();
    await page.emulateMedia({ colorScheme: 'dark' });
    await axe('color-contrast');
  });
}

test('an address that does not exist is accessible', async ({ page, complaints, axe }) => {
  complaints.expected.push(/404/);
  await page.goto('/nowhere');
  await axe();
});

test('a card with everything unfolded is accessible', async ({ page, axe }) => {
  const feed = new Listing(page);
  await feed.open();
  await feed.cards.first().getByText('more', { exact: true }).click();
  await feed.cards.first().getByText('why it is here').click();
  await page.getByText('Filters', { exact: true }).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await axe();
  await page.keyboard.press('Escape');
  await axe();
});

test('a paper whose arXiv id is not known is accessible', async ({ page, axe }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new&q=Goldilocks');
  await feed.cards.first().getByRole('heading').getByRole('link').click();
  await expect(page.getByRole('link', { name: 'Find on arXiv' })).toBeVisible();
  await axe();
});

test('bookmarks, and one just taken back, are accessible', async ({ page, axe }) => {
  const feed = new Listing(page);
  await feed.open();
  for (const index of [0, 1]) {
    await bookmark(feed.cards.nth(index)).click();
    await expect(bookmark(feed.cards.nth(index))).not.toHaveAttribute('aria-busy');
  }
  await feed.open('/bookmarks');
  await expect(feed.cards).toHaveCount(2);
  await axe();
  await bookmark(feed.cards.first()).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await axe();
});

test('the error of the form to subscribe is accessible', async ({ page, complaints, axe }) => {
  complaints.expected.push(/422/);
  await page.goto('/subscribe');
  await page.getByRole('main').getByRole('textbox').fill('someone@nowhere');
  await page.getByRole('main').getByRole('button', { name: 'Subscribe' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await axe();
});

test('the pages behind the links of a letter are accessible', async ({ page, broadsheet, axe, isMobile }) => {
  const address = `axe-${isMobile ? 'phone' : 'desktop'}@example.org`;
  await page.goto('/subscribe');
  await page.getByRole('main').getByRole('textbox').fill(address);
  await page.getByRole('main').getByRole('button', { name: 'Subscribe' }).click();
  const mail = await letter(broadsheet, address, /Please confirm/);
  await page.goto(link(mail, '/confirm/'));
  await axe();
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('heading', { name: 'You are subscribed' })).toBeVisible();
  await axe();
  // Monday, nine o'clock: wherever one is and whenever this runs, it is due by then or was sent before.
  const monday = new Date(Date.now() + ((8 - new Date().getUTCDay()) % 7 || 7) * 86_400_000).toISOString().slice(0, 10);
  for (const moment of [new Date(Date.now() + 60_000).toISOString(), `${monday}T09:00:00Z`]) {
    await broadsheet.run('digest', 'send', '--now', moment);
  }
  const [digest] = await letters(broadsheet, address, /^\w+day \d.*: \d+ papers?$/m);
  await page.goto(link(digest, '/preferences/'));
  await expect(page.getByRole('heading', { name: 'Your mail' })).toBeVisible();
  await axe();
  const unsubscribe = /<(\S+)>/.exec(mail.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? '')?.[1];
  await page.goto(unsubscribe ?? '');
  await axe();
  await page.getByRole('button', { name: 'Unsubscribe' }).click();
  await expect(page.getByRole('heading', { name: 'The mail has stopped' })).toBeVisible();
  await axe();
});
