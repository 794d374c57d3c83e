import type { Page } from '@playwright/test';
import { awake, bench, figure, stranger } from './bench';

bench('What a visit to the front page transfers, as sent, headers included, without what the worker keeps for later', async ({ page, browser }) => {
  const first = await weigh(page);
  for (const [kind, bytes] of Object.entries(first).filter(([, bytes]) => bytes > 0)) figure(`first visit: ${kind}`, bytes / 1000, 'kB');
  figure('first visit: HTML and CSS', ((first.Document ?? 0) + (first.Stylesheet ?? 0)) / 1000, 'kB', { most: 15 });
  figure('first visit in all (must be < 200)', sum(first) / 1000, 'kB', { most: 150 });
  // What a worker fetches is not seen from the page. Without one the same comes from the browser's own cache; in another
  // window, so that nothing is left but what it keeps on its disk.
  const context = await browser.newContext();
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined }));
  await weigh(await context.newPage());
  const second = await weigh(await context.newPage());
  await context.close();
  figure('second visit in all', sum(second) / 1000, 'kB', { most: 30 });
});

/** Bytes by the browser's kind of request. */
async function weigh(page: Page): Promise<Record<string, number>> {
  const inside = await stranger(page);
  const kinds = new Map<string, string>();
  const bytes: Record<string, number> = {};
  inside.on('Network.responseReceived', ({ requestId, type, response }) => {
    // Modules are scripts and fetches to the browser; we want to know which is the WebAssembly.
    kinds.set(requestId, response.mimeType === 'application/wasm' ? 'WebAssembly' : type);
  });
  inside.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other';
    bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength;
  });
  await page.goto('/');
  await awake(page);
  await page.evaluate(() => document.fonts.ready);
  // The icon comes last, and `networkidle` never comes: news is a stream that stays open.
  await page.waitForTimeout(1000);
  return bytes;
}

const sum = (bytes: Record<string, number>) => Object.values(bytes).reduce((all, some) => all + some, 0);
