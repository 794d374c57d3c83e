import { defineConfig, devices } from '@playwright/test';
import type { Instance } from '../fixtures/broadsheet';
import suite from '../playwright.config';

/** Makes pictures to look at: `npm run shots`. They are compared with nothing. */
export default defineConfig<object, Instance>({
  ...suite,
  testDir: '.',
  reporter: 'list',
  projects: [
    { name: '390', use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 }, deviceScaleFactor: 1 } },
    { name: '768', use: { ...devices['Desktop Chrome'], viewport: { width: 768, height: 900 } } },
    { name: '1440', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } } },
  ],
});
