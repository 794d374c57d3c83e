import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

test.use({ instance: 'news' });

/** Writes a file of papers that are published now, as `broadsheet import` reads it. */
async function newPapers(name: string, ids: string[], category = 'cs.LG') {
  const file = join(tmpdir(), `broadsheet-news-${process.pid}-${name}.jsonl`);
  const rows = ids.map((id) =>
    JSON.stringify({ id, title: `Just in ${id}`, abstract: 'Words.', categories: category, published: new Date().toISOString() }),
  );
  await writeFile(file, rows.join('\n'));
  return file;
}

test('new papers are counted, and the listing stays in place until the reader asks for them', async ({ page, broadsheet, axe }) => {
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  const first = feed.cards.first();
  const before = { box: await first.boundingBox(), id: await first.getAttribute('id') };
  const added = await broadsheet.run('import', await newPapers('first', ['2611.00001', '2611.00002', '2611.00003']));
  expect(added.code, added.stderr).toBe(0);
  const pill = page.getByRole('link', { name: '3 new' });
  await expect(pill).toBeVisible({ timeout: 15_000 });
  expect(await first.boundingBox()).toEqual(before.box);
  expect(await first.getAttribute('id')).toBe(before.id);
  await axe();
  await pill.click();
  await expect(feed.cards.first()).toContainText('Just in 2611.0000');
  await expect(page.getByRole('link', { name: '3 new' })).toBeHidden();
});

test('only new papers that belong to the listing are counted', async ({ page, broadsheet }) => {
  const feed = new Listing(page);
  await feed.open('/?category=hep-th');
  await broadsheet.run('import', await newPapers('second', ['2611.00011', '2611.00012'], 'cs.CL'));
  await broadsheet.run('import', await newPapers('third', ['2611.00013'], 'hep-th'));
  await expect(page.getByRole('link', { name: '1 new' })).toBeVisible({ timeout: 15_000 });
});
