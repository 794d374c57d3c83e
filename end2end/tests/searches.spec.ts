import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';
import { emailTo, header, link } from '../fixtures/outbox';

test.use({ instance: 'searches' });

const list = '/?sort=top&category=cs.LG';

test('a reader subscribes to a filtered listing in three steps, and changes it by the links in the email', async ({ page, broadsheet, axe }, info) => {
  const address = `searches-${info.project.name}-${Date.now()}@example.org`;
  const feed = new Listing(page);
  await feed.open(list);
  await page.getByRole('link', { name: 'Subscribe to this search' }).first().click();
  await expect(page.getByRole('main')).toContainText('Most upvoted in cs.LG');
  await expect(page.getByRole('heading', { name: 'Preview' })).toBeVisible();
  await page.getByText('Schedule and length').click();
  await page.getByLabel('How often').selectOption('Every day');
  await page.getByLabel('Papers', { exact: true }).selectOption('Up to 5');
  // It is after midnight everywhere today, so the first digest is due at once.
  await page.getByLabel('Hour', { exact: true }).selectOption('00:00');
  await axe();
  await page.getByRole('main').getByLabel('Email address').fill(address);
  await page.getByRole('main').getByRole('button', { name: 'Subscribe' }).click();
  await expect(page.getByRole('heading', { name: 'Check your inbox' })).toBeVisible();

  const request = await emailTo(broadsheet, address, /Please confirm/);
  expect(request.text).toContain('Most upvoted in cs.LG');
  await page.goto(link(request, '/confirm/'));
  await axe();
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('heading', { name: 'You are subscribed' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Most upvoted in cs.LG' })).toBeVisible();

  await broadsheet.run('digest', 'send');
  const email = await emailTo(broadsheet, address, /\+ 4 more papers/);
  expect(header(email, 'List-Unsubscribe')).toBeTruthy();
  await page.goto(link(email, '/issues/'));
  await expect(page.getByText('Email edition')).toBeVisible();
  await axe();

  await page.goto(link(email, '/preferences/'));
  await page.getByLabel('Name', { exact: true }).first().fill('My learning');
  await page.getByLabel('Add a search').fill(`${broadsheet.url}/?q=diffusion`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true }).first()).toHaveValue('My learning');
  await expect(page.getByRole('main')).toContainText('Results for “diffusion”');
  await axe();
  await page.getByRole('checkbox', { name: 'Remove this search' }).last().check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('main')).not.toContainText('diffusion');
});

test('a listing can be saved, renamed, exported as OPML and removed', async ({ page, axe }) => {
  const feed = new Listing(page);
  await feed.open(list);
  await page.getByRole('button', { name: 'Save this search' }).click();
  await expect(page).toHaveURL(/\/searches$/);
  await expect(page.getByRole('heading', { name: 'Most upvoted in cs.LG' })).toBeVisible();
  await axe();
  await page.getByText('Edit', { exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill('Learning');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('heading', { name: 'Learning' })).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'OPML for feed readers' }).click();
  expect((await download).suggestedFilename()).toBe('broadsheet.opml');
  await page.getByRole('heading', { name: 'Learning' }).getByRole('link').click();
  await expect(feed.result).toHaveText(/^\d+ results?$/);
  await expect(feed.chip('cs.LG')).toBeVisible();
  await page.goto('/searches');
  await page.getByText('Edit', { exact: true }).click();
  await page.getByRole('button', { name: 'Remove Learning' }).click();
  await expect(page.getByRole('heading', { name: 'No saved searches yet' })).toBeVisible();
});
