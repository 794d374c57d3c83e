// Finds the browser for the tests. `node chromium.js` prints its path, and fails if there is none.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = [
  ...(process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
  ...names.map((name) => join('/usr/bin', name)),
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of the browser: `CHROMIUM` if it is set, else the browser of Playwright, else one of the machine. */
export function browser() {
  return [process.env.CHROMIUM ?? '', chromium.executablePath(), ...places].find((path) => path && existsSync(path));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = browser();
  if (!path) process.exit(1);
  console.log(path);
}
