import { availableParallelism } from 'node:os';
import { defineConfig, devices } from '@playwright/test';
import { browser } from './chromium.js';
import type { Instance } from './fixtures/broadsheet';

const desktop = devices['Desktop Chrome'];
const phone = devices['Pixel 7'];
const needsScripts = /\.hydrate\.spec\.ts$/;

/** Every test runs on a desktop and a phone, with and without JavaScript. `*.hydrate.spec.ts` runs only with JavaScript. */
export default defineConfig<object, Instance>({
  testDir: 'tests',
  snapshotPathTemplate: 'snapshots/{arg}{ext}',
  forbidOnly: !!process.env.CI,
  workers: Math.min(2, availableParallelism()),
  // The first test of a worker is slow: the server and the browser start on the same core.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI ? 'list' : [['list'], ['html', { open: 'never' }]],
  use: {
    // On two cores, recording takes as long as the tests. To study a failure, use `--trace retain-on-failure`.
    trace: 'off',
    timezoneId: 'Europe/Berlin',
    // `page.route` does not see requests of a service worker, and a worker makes requests of its own after the first page.
    // `offline.hydrate.spec.ts` allows it.
    serviceWorkers: 'block',
    // Fades are slow on two cores, and most tests do not need them. `smoke.hydrate.spec.ts` has them on.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: browser(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: { ...desktop } },
    { name: 'phone', use: { ...phone } },
    { name: 'desktop-nojs', use: { ...desktop, javaScriptEnabled: false }, testIgnore: needsScripts },
    { name: 'phone-nojs', use: { ...phone, javaScriptEnabled: false }, testIgnore: needsScripts },
  ],
});
