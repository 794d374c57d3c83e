import { expect, test } from '../../fixtures/broadsheet';
import { Listing } from '../../pages/listing';

test('"More papers" does not move after the reader has scrolled to it', async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled !== false, 'With JavaScript the next page comes by itself.');
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  // The second page has 25 cards, most of them far from the window.
  await page.goto((await feed.more.getAttribute('href')) ?? '');
  // In one step, so that no frame comes between.
  const before = await feed.more.evaluate((link) => {
    link.scrollIntoView({ block: 'center', behavior: 'instant' });
    return link.getBoundingClientRect().top;
  });
  // A picture needs finished frames. Without JavaScript, no animation frame calls back.
  await page.screenshot();
  expect(await feed.height(feed.more)).toBe(before);
});
