import { join } from 'node:path';
import { expect, test } from '../fixtures/broadsheet';
import { states } from '../pages/states';

// Playwright hides parts of a page with a style sheet inside the page. Our content security policy forbids that, so these
// tests bypass it.
test.use({ instance: 'look', deviceScaleFactor: 0.25, bypassCSP: true });

/** The heights of the window by its width, in pixels. They show the head of a page and its main content. */
const widths = { 390: 844, 768: 900, 1440: 900 };
/**
 * With `deviceScaleFactor: 0.25` a picture has a quarter of the width and height, so that all pictures together are small.
 * The limits were measured: other font hinting changes nothing; a page that is 12 px lower changes 0.6 % to 18 % of the
 * pixels.
 */
const pictures = {
  scale: 'device' as const,
  threshold: 0.2,
  maxDiffPixelRatio: 0.003,
  stylePath: join(import.meta.dirname, '../pages/today.css'),
};

test.beforeEach(({}, info) => test.skip(info.project.name !== 'desktop', 'only one project makes pictures, at all widths'));

/** States that contain today's date in words. Its length moves the line breaks. */
const withToday = ['issue', 'preferences'];

for (const [name, open] of Object.entries(states).filter(([name]) => !withToday.includes(name))) {
  test(`${name} looks as in its picture`, async ({ page, broadsheet, complaints }) => {
    await open({ page, broadsheet, address: `look-${name}@example.org`, expected: complaints.expected });
    await page.evaluate(() => document.fonts.ready);
    for (const [width, height] of Object.entries(widths)) {
      await page.setViewportSize({ width: Number(width), height });
      // Undo any scrolling: show the head of the page, or the message at the end of its listing.
      await page.evaluate(() => {
        scrollTo(0, 0);
        document.querySelector('.retry, .end')?.scrollIntoView({ block: 'end' });
      });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expect.soft(page).toHaveScreenshot(`${name}-${width}-${colorScheme}.png`, pictures);
      }
    }
  });
}

for (const [what, style] of Object.entries({
  'a page moved by 12 px': 'main { position: relative; top: 12px }',
  'a card that is missing': '.card:nth-child(2) { visibility: hidden }',
  'a column that is missing': '.aside { visibility: hidden }',
})) {
  test(`${what} is noticed`, async ({ page, broadsheet }, info) => {
    test.skip(info.config.updateSnapshots === 'all' || info.config.updateSnapshots === 'changed', 'would overwrite the right picture');
    await states['front-page']({ page, broadsheet, address: '', expected: [] });
    await page.setViewportSize({ width: 1440, height: widths[1440] });
    await page.evaluate(() => document.fonts.ready);
    await page.addStyleTag({ content: style });
    const same = expect(page).toHaveScreenshot('front-page-1440-light.png', { ...pictures, timeout: 2_000 });
    await expect(same).rejects.toThrow(/different/);
  });
}
