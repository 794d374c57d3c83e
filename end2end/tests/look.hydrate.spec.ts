import { join } from 'node:path';
import { expect, test } from '../fixtures/broadsheet';
import { states } from '../pages/states';

// Playwright's way to hide what changes from day to day is a style sheet inside the page, which our policy refuses.
test.use({ instance: 'look', deviceScaleFactor: 0.25, bypassCSP: true });

/** The height shows the head of a page and what it is about. */
const widths = { 390: 844, 768: 900, 1440: 900 };
/**
 * A quarter of the pixels across, so that all pictures together stay small. What a pixel and how many may differ was
 * measured: other hinting of the letters changes nothing, a page 12 px lower 0.6 % (where there is little on it) to 18 %.
 */
const pictures = {
  scale: 'device' as const,
  threshold: 0.2,
  maxDiffPixelRatio: 0.003,
  stylePath: join(import.meta.dirname, '../pages/today.css'),
};

test.beforeEach(({}, info) => test.skip(info.project.name !== 'desktop', 'one browser makes all the pictures'));

/** Their lines break where the day of today, written out, makes them. */
const ofToday = ['issue', 'preferences'];

for (const [name, reach] of Object.entries(states).filter(([name]) => !ofToday.includes(name))) {
  test(`${name} looks as it did`, async ({ page, broadsheet, complaints }) => {
    await reach({ page, broadsheet, address: `look-${name}@example.org`, expected: complaints.expected });
    await page.evaluate(() => document.fonts.ready);
    for (const [width, height] of Object.entries(widths)) {
      await page.setViewportSize({ width: Number(width), height });
      // Wherever the way here has scrolled: the head of the page, or what waits at the end of its list.
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
  test(`${what} would be noticed`, async ({ page, broadsheet }, info) => {
    test.skip(info.config.updateSnapshots === 'all' || info.config.updateSnapshots === 'changed', 'it would become the picture');
    await states['front-page']({ page, broadsheet, address: '', expected: [] });
    await page.setViewportSize({ width: 1440, height: widths[1440] });
    await page.evaluate(() => document.fonts.ready);
    await page.addStyleTag({ content: style });
    const same = expect(page).toHaveScreenshot('front-page-1440-light.png', { ...pictures, timeout: 2_000 });
    await expect(same).rejects.toThrow(/different/);
  });
}
