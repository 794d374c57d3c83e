import { defineConfig, devices } from '@playwright/test';
import suite from '../playwright.config';

/** `make bench-browser`: one measurement at a time, so that they do not slow each other down. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  workers: 1,
  timeout: 15 * 60_000,
  // The figures are the report.
  reporter: './reporter.ts',
  use: { ...devices['Desktop Chrome'], launchOptions: suite.use?.launchOptions, timezoneId: 'Europe/Berlin' },
});
