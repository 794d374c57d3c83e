import type { CDPSession, Page } from '@playwright/test';
import { awake, bench, figure, median, openSession } from './bench';

const many = 2000;
const frame = 16.7;
/** Milliseconds between two repeats of a key that is held down. Each must be visible before the next. */
const held = 33;

bench(`A listing of ${many} cards, scrolled to its end`, async ({ page }) => {
  const session = await openSession(page);
  await page.goto('/?sort=new');
  await awake(page);
  const cards = page.locator('.feed .card');
  const [before, few] = [await heap(session), await cards.count()];
  await page.evaluate(() => {
    const long: number[] = [];
    Object.assign(window, { long });
    new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  });
  await page.mouse.move(400, 400);
  const began = Date.now();
  while ((await cards.count()) < many) await page.mouse.wheel(0, 1200);
  figure('time to get there', (Date.now() - began) / 1000, 's');
  const long = await page.evaluate(() => (window as unknown as { long: number[] }).long);
  figure('long tasks (> 50 ms)', long.length, '', { most: 0 });
  figure('the longest', Math.round(Math.max(0, ...long)), 'ms', { most: 50 });
  const [after, now] = [await heap(session), await cards.count()];
  const per = (key: keyof Heap) => (after[key] - before[key]) / ((now - few) / 1000) / 1_000_000;
  figure('script heap per 1,000 cards', per('script'), 'MB', { most: 6 });
  figure('nodes (the heap of the browser) per 1,000 cards', per('nodes'), 'MB');
  for (const [how, pause, limit] of [['pressed', 150, { most: frame }], ['held down', held, { most: held }]] as const) {
    const strokes = await press(page, 'j', 60, pause);
    figure(`key j in this listing, ${how}: from keydown to its frame`, median(strokes), 'ms', limit);
    figure('… the slowest of 60', Math.max(...strokes), 'ms');
  }
});

bench('A new order: from the last byte of the response to the paint', async ({ page }) => {
  const times: number[] = [];
  for (const order of ['New', 'Top', 'Stars', 'New', 'Top', 'Stars', 'New', 'Top', 'Stars']) {
    await page.goto('/?category=cs.LG');
    await awake(page);
    // A reader does not press a link while the page still loads.
    await page.waitForTimeout(500);
    await page.getByRole('list', { name: 'Order' }).getByRole('link', { name: order, exact: true }).click();
    await page.waitForURL(/sort=/);
    await awake(page);
    // The browser adds the entry shortly after the paint.
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    times.push(
      await page.evaluate(() => {
        const [{ responseEnd }] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
        const [paint] = performance.getEntriesByName('first-contentful-paint');
        return paint.startTime - responseEnd;
      }),
    );
  }
  figure(`median of ${times.length}`, median(times), 'ms', { most: 100 });
  figure('… the slowest', Math.max(...times), 'ms');
});

interface Heap {
  script: number;
  nodes: number;
}

async function heap(session: CDPSession): Promise<Heap> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    embedderHeapUsedSize?: number;
  };
  return { script: usedSize, nodes: embedderHeapUsedSize };
}

/**
 * Presses a key several times and measures the milliseconds from each keydown to the task after the next animation frame,
 * which shows the result. There is a pause between the presses, because a key that is pressed just after a frame waits for
 * the whole next frame.
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
    // A second `down` without an `up` is a repeat of a key that is held down.
    await page.keyboard.down(key);
    if (pause > held) await page.keyboard.up(key);
    await page.waitForTimeout(pause);
  }
  await page.keyboard.up(key);
  await page.waitForFunction((count) => (window as unknown as { strokes: number[] }).strokes.length === count, times);
  return page.evaluate(() => (window as unknown as { strokes: number[] }).strokes);
}
