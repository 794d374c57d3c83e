import { availableParallelism } from 'node:os';
import { defineConfig, devices } from '@playwright/test';
import { browser } from './chromium.js';
import type { Instance } from './fixtures/broadsheet';

const desktop = devices['Desktop Chrome'];
const phone = devices['Pixel 7'];
const needsScripts = /\.hydrate\.spec\.ts$/;

/** Every test runs on a desktop and a phone, with JavaScript and without; `*.hydrate.spec.ts` only with. */
export default defineConfig<object, Instance>({
  testDir: 'tests',
  snapshotPathTemplate: 'snapshots/{arg}{ext}',
  forbidOnly: !!process.env.CI,
  workers: Math.min(2, availableParallelism()),
  // A core shared with the server, its first page and a browser that starts: slow once, not broken.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI ? 'list' : [['list'], ['html', { open: 'never' }]],
  use: {
    // Recording every test on two cores costs as much as the tests: `--trace retain-on-failure` when one is looked into.
    trace: 'off',
    timezoneId: 'Europe/Berlin',
    // What a worker fetches, `page.route` does not see, and every first page would be followed by the worker's own
    // requests. The offline specs allow it.
    serviceWorkers: 'block',
    // Two cores paint fades slowly, and tests look at what is there afterwards; `smoke.hydrate` leaves them on.
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
