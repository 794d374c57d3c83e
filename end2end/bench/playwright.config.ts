import { defineConfig, devices } from '@playwright/test';
import suite from '../playwright.config';

/** `make bench-browser`: one thing at a time, because everything here is timed or weighed. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  workers: 1,
  timeout: 15 * 60_000,
  // The figures are the report.
  reporter: './reporter.ts',
  use: { ...devices['Desktop Chrome'], launchOptions: suite.use?.launchOptions, timezoneId: 'Europe/Berlin' },
});
