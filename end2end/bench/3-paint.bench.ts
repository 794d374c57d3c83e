import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import type { Browser } from '@playwright/test';
import { bench, figure, median, slowPhone, stranger } from './bench';

const runs = 9;

bench('A slow phone (1.6 Mbit/s, 150 ms, a quarter of the processor), median of 9', async ({ browser, site }) => {
  const still = await serveStill(site);
  const ours: Times[] = [];
  const limit: Times[] = [];
  // In turns, so that both meet the same noise.
  for (let run = 0; run < runs; run++) {
    limit.push(await times(browser, still.url, false));
    ours.push(await times(browser, site, true));
  }
  still.close();
  const paint = median(limit.map(({ paint }) => paint));
  const painted = median(ours.map(({ paint }) => paint));
  const acts = median(ours.map(({ acts }) => acts));
  figure('LCP of the same page, static, style inside', Math.round(paint), 'ms');
  figure('LCP of the front page', Math.round(painted), 'ms');
  figure('… ÷ static', painted / paint, '×', { most: 1.15 });
  figure('the front page acts', Math.round(acts), 'ms');
  figure('… ÷ static LCP', acts / paint, '×', { most: 3 });
});

interface Times {
  paint: number;
  acts: number;
}

/** When the largest thing was painted, and when the island was awake. */
async function times(browser: Browser, url: string, wakes: boolean): Promise<Times> {
  const context = await browser.newContext({ viewport: { width: 412, height: 839 }, deviceScaleFactor: 2.625, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  await slowPhone(await stranger(page));
  await page.addInitScript(() => {
    const seen = { paint: 0, acts: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries()) seen.paint = startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    new MutationObserver(() => {
      if (document.documentElement?.dataset.awake) seen.acts ||= performance.now();
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-awake'] });
  });
  await page.goto(url, { waitUntil: 'load' });
  if (wakes) await page.waitForFunction(() => document.documentElement.dataset.awake);
  // A face that arrives late can still paint something larger.
  await page.waitForTimeout(1500);
  const seen = await page.evaluate(() => (window as unknown as { seen: Times }).seen);
  await context.close();
  return seen;
}

/** The front page as a file: its style inside, no scripts, the same faces. What no page of this content can beat. */
async function serveStill(site: string) {
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
