import { existsSync } from 'node:fs';
import { defineConfig, devices, firefox, webkit } from '@playwright/test';
import type { Instance } from '../fixtures/broadsheet';
import suite from '../playwright.config';

/** The other engines, where Playwright has installed them (`npx playwright install firefox webkit`). */
const engines = [
  { name: 'firefox', engine: firefox, device: devices['Desktop Firefox'] },
  { name: 'webkit', engine: webkit, device: devices['Desktop Safari'] },
];
const installed = engines.filter(({ engine }) => existsSync(engine.executablePath()));
for (const { name } of engines.filter((engine) => !installed.includes(engine))) {
  console.log(`skipped: ${name} is not installed`);
}

/** Specs that take too long to run for every change: `make test-long`. */
export default defineConfig<object, Instance>(suite, {
  testDir: '.',
  testMatch: '*.spec.ts',
  projects: [
    ...(suite.projects ?? []),
    ...installed.map(({ name, device }) => ({ name, use: { ...device, launchOptions: {} } })),
  ],
});
