import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { test as base, type CDPSession, type Page } from '@playwright/test';
import { startBroadsheet } from '../fixtures/server';

const papers = resolve(import.meta.dirname, '../../../shared/data/hf_daily.jsonl.zst');

/** All measurements share a server with 10,000 real papers. They are skipped if the file of papers is missing. */
export const bench = base.extend<object, { site: string }>({
  site: [
    async ({}, use) => {
      base.skip(!existsSync(papers), `${papers} is missing`);
      const broadsheet = await startBroadsheet({ BROADSHEET_SAMPLE: 'off' });
      for (const command of [['import', papers], ['rank']]) {
        const { code, stderr } = await broadsheet.run(...command);
        if (code !== 0) throw new Error(`broadsheet ${command[0]}: ${stderr}`);
      }
      await use(broadsheet.url);
      await broadsheet.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ site }, use) => use(site),
});

/** The limit that a figure should keep. */
type Limit = { most: number } | { least: number };

/** Prints one line of the report. A missed limit is marked but does not fail, because timings vary between runs. */
export function figure(what: string, value: number, unit: string, limit?: Limit) {
  const digits = Number.isInteger(value) ? 0 : value < 10 ? 2 : 1;
  const [sign, bound] = !limit ? ['', NaN] : 'most' in limit ? ['≤', limit.most] : ['≥', limit.least];
  const missed = sign === '≤' ? value > bound : value < bound;
  const comparison = limit ? `limit ${sign} ${bound}${missed ? '   MISSED' : ''}` : '';
  console.log(`  ${what.padEnd(58)} ${value.toFixed(digits).padStart(8)} ${unit.padEnd(3)} ${comparison}`.trimEnd());
}

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Opens a DevTools session for a page, with network events. */
export async function openSession(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  return session;
}

/** A slow phone: 1.6 Mbit/s and 150 ms (slow 4G in Lighthouse), and a processor that is four times slower than this one. */
export async function slowPhone(session: CDPSession) {
  const bytesPerSecond = 1_600_000 / 8;
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond / 2,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

/** Waits until the island is ready. */
export async function awake(page: Page) {
  await page.locator('html[data-awake]').waitFor({ state: 'attached' });
}
