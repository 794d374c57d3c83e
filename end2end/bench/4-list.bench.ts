import type { CDPSession, Page } from '@playwright/test';
import { awake, bench, figure, median, stranger } from './bench';

const many = 2000;
const frame = 16.7;
/** Between two strokes of a key that is held, in milliseconds: none may be shown after the next. */
const held = 33;

bench(`A list of ${many} cards, scrolled through`, async ({ page }) => {
  const inside = await stranger(page);
  await page.goto('/?sort=new');
  await awake(page);
  const cards = page.locator('.feed .card');
  const [before, few] = [await heap(inside), await cards.count()];
  await page.evaluate(() => {
    const long: number[] = [];
    Object.assign(window, { long });
    new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  });
  await page.mouse.move(400, 400);
  const began = Date.now();
  while ((await cards.count()) < many) await page.mouse.wheel(0, 1200);
  figure('seconds to get there', (Date.now() - began) / 1000, 's');
  const long = await page.evaluate(() => (window as unknown as { long: number[] }).long);
  figure('long tasks (> 50 ms)', long.length, '', { most: 0 });
  figure('the longest', Math.round(Math.max(0, ...long)), 'ms', { most: 50 });
  const [after, now] = [await heap(inside), await cards.count()];
  const per = (key: keyof Heap) => (after[key] - before[key]) / ((now - few) / 1000) / 1_000_000;
  figure('script heap per 1,000 cards', per('script'), 'MB', { most: 6 });
  figure('nodes (the browser’s own heap) per 1,000 cards', per('nodes'), 'MB');
  for (const [how, pause, aim] of [['pressed', 150, { most: frame }], ['held down', held, { most: held }]] as const) {
    const strokes = await press(page, 'j', 60, pause);
    figure(`j among them, ${how}: keydown to the frame that shows it`, median(strokes), 'ms', aim);
    figure('… the slowest of 60', Math.max(...strokes), 'ms');
  }
});

bench('A filter, from the last byte of the answer to the paint', async ({ page }) => {
  const took: number[] = [];
  for (const order of ['New', 'Top', 'Stars', 'New', 'Top', 'Stars', 'New', 'Top', 'Stars']) {
    await page.goto('/?category=cs.LG');
    await awake(page);
    // Nobody presses before the page has come to rest.
    await page.waitForTimeout(500);
    await page.getByRole('list', { name: 'Order' }).getByRole('link', { name: order, exact: true }).click();
    await page.waitForURL(/sort=/);
    await awake(page);
    // The entry comes a moment after the paint it tells of.
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    took.push(
      await page.evaluate(() => {
        const [{ responseEnd }] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
        const [paint] = performance.getEntriesByName('first-contentful-paint');
        return paint.startTime - responseEnd;
      }),
    );
  }
  figure(`a new order, median of ${took.length}`, median(took), 'ms', { most: 100 });
  figure('… the slowest', Math.max(...took), 'ms');
});

interface Heap {
  script: number;
  nodes: number;
}

async function heap(inside: CDPSession): Promise<Heap> {
  await inside.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0 } = (await inside.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    embedderHeapUsedSize?: number;
  };
  return { script: usedSize, nodes: embedderHeapUsedSize };
}

/**
 * From each key going down to the frame that shows what it did: the task after the next animation frame. With a pause
 * between them, as hands press: a key right behind the frame of the last one waits a whole frame before anything.
 */
async function press(page: Page, key: string, times: number, pause: number): Promise<number[]> {
  await page.evaluate(() => {
    const strokes: number[] = [];
    const isNew = !('strokes' in window);
    Object.assign(window, { strokes });
    if (!isNew) return;
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const { strokes } = window as unknown as { strokes: number[] };
        const channel = new MessageChannel();
        channel.port1.onmessage = () => strokes.push(performance.now() - timeStamp);
        requestAnimationFrame(() => channel.port2.postMessage(''));
      },
      { capture: true },
    );
  });
  for (let time = 0; time < times; time++) {
    // Down again before it is up is a key held.
    await page.keyboard.down(key);
    if (pause > held) await page.keyboard.up(key);
    await page.waitForTimeout(pause);
  }
  await page.keyboard.up(key);
  await page.waitForFunction((count) => (window as unknown as { strokes: number[] }).strokes.length === count, times);
  return page.evaluate(() => (window as unknown as { strokes: number[] }).strokes);
}
