import { defineConfig } from '@playwright/test';
import type { Instance } from '../fixtures/broadsheet';
import suite from '../playwright.config';

/** What takes too long for every change: `make test-long`. */
export default defineConfig<object, Instance>(suite, { testDir: '.', testMatch: '*.spec.ts', snapshotPathTemplate: undefined });
