import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';
import { header, letter, link } from '../fixtures/outbox';

test.use({ instance: 'views' });

const list = '/?sort=new&category=cs.LG';

test('a filtered list is had by mail in three steps, chosen and changed by the links in it', async ({ page, broadsheet, axe }, info) => {
  const address = `views-${info.project.name}-${Date.now()}@example.org`;
  const feed = new Listing(page);
  await feed.open(list);
  await page.getByRole('link', { name: 'Subscribe to this view' }).first().click();
  await expect(page.getByRole('main')).toContainText('Newest first in cs.LG');
  await expect(page.getByRole('heading', { name: 'Preview' })).toBeVisible();
  await page.getByText('Schedule and length').click();
  await page.getByLabel('How often').selectOption('Every day');
  await page.getByLabel('Papers', { exact: true }).selectOption('Up to 5');
  // Midnight has passed today, wherever this runs: the first mail comes at once.
  await page.getByLabel('Hour', { exact: true }).selectOption('00:00');
  await axe();
  await page.getByRole('main').getByLabel('Email address').fill(address);
  await page.getByRole('main').getByRole('button', { name: 'Subscribe' }).click();
  await expect(page.getByRole('heading', { name: 'Check your inbox' })).toBeVisible();

  const asking = await letter(broadsheet, address, /Please confirm/);
  expect(asking.text).toContain('Newest first in cs.LG');
  await page.goto(link(asking, '/confirm/'));
  await axe();
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('heading', { name: 'You are subscribed' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Newest first in cs.LG' })).toBeVisible();

  await broadsheet.run('digest', 'send');
  const mail = await letter(broadsheet, address, / \+ 4 more papers/);
  expect(header(mail, 'List-Unsubscribe')).toBeTruthy();
  await page.goto(link(mail, '/issues/'));
  await expect(page.getByText('Email edition')).toBeVisible();
  await axe();

  await page.goto(link(mail, '/preferences/'));
  await page.getByLabel('Name', { exact: true }).fill('My learning');
  await page.getByLabel('Add a search').fill(`${broadsheet.url}/?q=diffusion`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true }).first()).toHaveValue('My learning');
  await expect(page.getByRole('main')).toContainText('Best match first for “diffusion”');
  await axe();
  await page.getByRole('checkbox', { name: 'Remove this search' }).last().check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('main')).not.toContainText('diffusion');
});

test('a list is kept at hand, renamed and let go', async ({ page, axe }) => {
  const feed = new Listing(page);
  await feed.open(list);
  // The form leads back to the list; a link that is pressed before takes its place.
  await Promise.all([page.waitForEvent('domcontentloaded'), page.getByRole('button', { name: 'Keep this list' }).click()]);
  await page.getByRole('link', { name: 'Your lists' }).first().click();
  await expect(page.getByRole('heading', { name: 'Newest first in cs.LG' })).toBeVisible();
  await axe();
  await page.getByText('Change', { exact: true }).click();
  await page.getByLabel('Your name for it').fill('Learning');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('heading', { name: 'Learning' })).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'OPML for feed readers' }).click();
  expect((await download).suggestedFilename()).toBe('broadsheet.opml');
  await page.getByRole('heading', { name: 'Learning' }).getByRole('link').click();
  await expect(feed.result).toContainText('Newest first in cs.LG');
  await page.goto('/views');
  await page.getByText('Change', { exact: true }).click();
  await page.getByRole('button', { name: 'Let go of Learning' }).click();
  await expect(page.getByRole('heading', { name: 'No lists kept yet' })).toBeVisible();
});
