import { expect, test } from '../../fixtures/broadsheet';
import { Listing } from '../../pages/listing';

test('the link to the next page stays in place after the reader has scrolled to it', async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled !== false, 'With JavaScript the next page loads by itself.');
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  // The second page has 25 cards, most of them far from the window.
  await page.goto((await feed.more.getAttribute('href')) ?? '');
  // Scroll and measure in one step, so that no frame is drawn between them.
  const before = await feed.more.evaluate((link) => {
    link.scrollIntoView({ block: 'center', behavior: 'instant' });
    return link.getBoundingClientRect().top;
  });
  // A screenshot waits until frames are drawn. `requestAnimationFrame` does not run without JavaScript.
  await page.screenshot();
  expect(await feed.height(feed.more)).toBe(before);
});
