import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { test as base, type CDPSession, type Page } from '@playwright/test';
import { startBroadsheet } from '../fixtures/server';

const papers = resolve(import.meta.dirname, '../../../shared/data/hf_daily.jsonl.zst');

/** A Broadsheet with ten thousand real papers, shared by all measurements; without the papers there are none. */
export const bench = base.extend<object, { site: string }>({
  site: [
    async ({}, use) => {
      base.skip(!existsSync(papers), `there are no papers at ${papers}`);
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

/** What a figure should be: at most, or at least. */
type Aim = { most: number } | { least: number };

/** One line of the report. A missed aim is marked and no failure: machines are noisy. */
export function figure(what: string, value: number, unit: string, aim?: Aim) {
  const digits = Number.isInteger(value) ? 0 : value < 10 ? 2 : 1;
  const [sign, bound] = !aim ? ['', NaN] : 'most' in aim ? ['≤', aim.most] : ['≥', aim.least];
  const missed = sign === '≤' ? value > bound : value < bound;
  const wanted = aim ? `aim ${sign} ${bound}${missed ? '   MISSED' : ''}` : '';
  console.log(`  ${what.padEnd(58)} ${value.toFixed(digits).padStart(8)} ${unit.padEnd(3)} ${wanted}`.trimEnd());
}

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** A page of a reader who was never here, with the line to its browser's inside. */
export async function stranger(page: Page): Promise<CDPSession> {
  const inside = await page.context().newCDPSession(page);
  await inside.send('Network.enable');
  return inside;
}

/** The phone of profile B: 1.6 Mbit/s, answers after 150 ms (Lighthouse's slow 4G), a quarter of this processor. */
export async function slowPhone(inside: CDPSession) {
  const bytesPerSecond = 1_600_000 / 8;
  await inside.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond / 2,
  });
  await inside.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

/** Waits until the island acts. */
export async function awake(page: Page) {
  await page.locator('html[data-awake]').waitFor({ state: 'attached' });
}
