import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import type { Browser } from '@playwright/test';
import { bench, figure, median, openSession, slowPhone } from './bench';

const runs = 9;

bench('A slow phone (1.6 Mbit/s, 150 ms, a processor that is four times slower), median of 9', async ({ browser, site }) => {
  const copy = await serveStaticCopy(site);
  const ours: Times[] = [];
  const limit: Times[] = [];
  // Alternate between both, so that noise on the machine affects both in the same way.
  for (let run = 0; run < runs; run++) {
    limit.push(await times(browser, copy.url, false));
    ours.push(await times(browser, site, true));
  }
  copy.close();
  const paint = median(limit.map(({ paint }) => paint));
  const painted = median(ours.map(({ paint }) => paint));
  const ready = median(ours.map(({ ready }) => ready));
  figure('LCP of a static copy with its style inside', Math.round(paint), 'ms');
  figure('LCP of the front page', Math.round(painted), 'ms');
  figure('… ÷ static', painted / paint, '×', { most: 1.15 });
  figure('the front page is interactive', Math.round(ready), 'ms');
  figure('… ÷ static LCP', ready / paint, '×', { most: 3 });
});

/** Milliseconds from the start of the navigation. */
interface Times {
  /** Largest contentful paint. */
  paint: number;
  /** When the island is ready. */
  ready: number;
}

/** Opens a page on a slow phone and measures. `isInteractive`: whether the page has a script to wait for. */
async function times(browser: Browser, url: string, isInteractive: boolean): Promise<Times> {
  const context = await browser.newContext({ viewport: { width: 412, height: 839 }, deviceScaleFactor: 2.625, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  await slowPhone(await openSession(page));
  await page.addInitScript(() => {
    const times = { paint: 0, ready: 0 };
    Object.assign(window, { times });
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries()) times.paint = startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    new MutationObserver(() => {
      if (document.documentElement?.dataset.awake) times.ready ||= performance.now();
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-awake'] });
  });
  await page.goto(url, { waitUntil: 'load' });
  if (isInteractive) await page.waitForFunction(() => document.documentElement.dataset.awake);
  // A font that arrives late can still paint something larger.
  await page.waitForTimeout(1500);
  const times = await page.evaluate(() => (window as unknown as { times: Times }).times);
  await context.close();
  return times;
}

/** Serves a static copy of the front page: style inside, no scripts, the same fonts. It is the limit for this content. */
async function serveStaticCopy(site: string) {
  const text = async (path: string) => (await fetch(new URL(path, site))).text();
  const html = (await text('/'))
    .replace(/<script\b[^>]*>.*?<\/script>/gs, '')
    .replace(/<link rel="(?:module)?preload"[^>]*\/pkg\/[^>]*>/g, '');
  const page = brotliCompressSync(html);
  const server = createServer(async (request, answer) => {
    if (request.url === '/') {
      answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'br', 'content-length': page.length });
      return answer.end(page);
    }
    const file = await fetch(new URL(request.url ?? '/', site));
    answer.writeHead(file.status, { 'content-type': file.headers.get('content-type') ?? '', 'access-control-allow-origin': '*' });
    answer.end(Buffer.from(await file.arrayBuffer()));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
  };
}
