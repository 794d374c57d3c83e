import lighthouse, { type RunnerResult } from 'lighthouse';
import { chromium } from '@playwright/test';
import { browser } from '../chromium.js';
import { bench, figure } from './bench';

const port = 9333;
/** The report shows the median of this many runs, because the score of the first run is often too low. */
const runs = 3;

for (const [name, find] of Object.entries({ 'the front page': 'a.name, .name a', 'a paper': '.card-title a' })) {
  bench(`Lighthouse with its phone settings, ${name}`, async ({ page, site }) => {
    await page.goto('/');
    const url = await page.locator(find).first().evaluate((link: HTMLAnchorElement) => link.href);
    await page.close();
    const results: RunnerResult['lhr'][] = [];
    for (let run = 0; run < runs; run++) {
      const chrome = await chromium.launch({
        executablePath: browser(),
        args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
      });
      const result = await lighthouse(url, { port, logLevel: 'error' });
      await chrome.close();
      if (!result) throw new Error(`Lighthouse returned no result for ${url} (${site})`);
      results.push(result.lhr);
    }
    results.sort((a, b) => score(a, 'performance') - score(b, 'performance'));
    const median = results[Math.floor(runs / 2)];
    for (const category of Object.keys(median.categories)) {
      figure(category, score(median, category), '', { least: category === 'performance' ? 95 : 100 });
    }
    const value = (audit: string) => median.audits[audit].numericValue ?? NaN;
    figure('cumulative layout shift', value('cumulative-layout-shift'), '', { most: 0 });
    figure('total blocking time', Math.round(value('total-blocking-time')), 'ms', { most: 150 });
    figure('largest contentful paint', Math.round(value('largest-contentful-paint')), 'ms');
    for (const line of failedAudits(median)) console.log(`    ${line}`);
  });
}

function score(lhr: RunnerResult['lhr'], category: string): number {
  return Math.round((lhr.categories[category].score ?? 0) * 100);
}

/** The audits that lower the scores, and what they found. */
function failedAudits({ categories, audits }: RunnerResult['lhr']): string[] {
  return Object.values(categories).flatMap(({ id, auditRefs }) =>
    auditRefs
      .filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < (id === 'performance' ? 1 : 0.995))
      .map((ref) => {
        const { title, displayValue = '', score, details } = audits[ref.id];
        const items = details && 'items' in details ? JSON.stringify(details.items).slice(0, 400) : '';
        return `${id}: ${title} ${displayValue} (${Math.round((score ?? 0) * 100)} of 100) ${id === 'performance' ? '' : items}`;
      }),
  );
}
