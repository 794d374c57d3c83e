import type { Page } from '@playwright/test';
import { awake, bench, figure, openSession } from './bench';

bench('Bytes that a visit to the front page transfers: compressed, with headers, without the requests of the service worker', async ({ page, browser }) => {
  const first = await transferred(page);
  for (const [kind, bytes] of Object.entries(first).filter(([, bytes]) => bytes > 0)) figure(`first visit: ${kind}`, bytes / 1000, 'kB');
  figure('first visit: HTML and CSS', ((first.Document ?? 0) + (first.Stylesheet ?? 0)) / 1000, 'kB', { most: 15 });
  figure('first visit: total (must be < 200)', sum(first) / 1000, 'kB', { most: 150 });
  // The page does not see requests of a service worker. Without one, the same files come from the cache of the browser. The
  // second visit is in a new window, so that only the disk cache is left.
  const context = await browser.newContext();
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined }));
  await transferred(await context.newPage());
  const second = await transferred(await context.newPage());
  await context.close();
  figure('second visit: total', sum(second) / 1000, 'kB', { most: 30 });
});

/** Opens the front page and counts the transferred bytes by the browser's type of request. */
async function transferred(page: Page): Promise<Record<string, number>> {
  const session = await openSession(page);
  const kinds = new Map<string, string>();
  const bytes: Record<string, number> = {};
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    // The browser reports WebAssembly as a script or a fetch.
    kinds.set(requestId, response.mimeType === 'application/wasm' ? 'WebAssembly' : type);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other';
    bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength;
  });
  await page.goto('/');
  await awake(page);
  await page.evaluate(() => document.fonts.ready);
  // The icon loads last. `networkidle` never happens, because the stream /events stays open.
  await page.waitForTimeout(1000);
  return bytes;
}

const sum = (bytes: Record<string, number>) => Object.values(bytes).reduce((all, some) => all + some, 0);
