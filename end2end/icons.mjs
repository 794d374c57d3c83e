// Draws the icons of the installed application from the favicon: `node icons.mjs` writes them into frontend/public/icons.
// They have 16 shades from paper to ink, so a pixel has four bits and a file has 1 to 3 kB.
import { readFile, writeFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { browser } from './chromium.js';

const paper = [0xfb, 0xfa, 0xf7];
const ink = [0x1a, 0x1a, 0x18];
/** The size in pixels, and the share of it that the drawing takes. A mask may leave only a circle of 80 %. */
const icons = { 'icon-192': [192, 0.86], 'icon-512': [512, 0.86], 'maskable-512': [512, 0.6], 'apple-touch-180': [180, 0.78] };

const svg = await readFile(new URL('../frontend/public/favicon.svg', import.meta.url), 'utf8');
const drawing = svg.match(/<path d=[^>]*>/g).join('');
const chrome = await chromium.launch({ executablePath: browser(), args: ['--no-sandbox', '--disable-gpu'] });
const page = await chrome.newPage();
for (const [name, [size, share]] of Object.entries(icons)) {
  const at = (32 - 32 * share) / 2;
  const image = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 32 32"><path fill="#fff" d="M0 0h32v32H0z"/><g transform="translate(${at} ${at}) scale(${share})">${drawing}</g></svg>`;
  // How dark each pixel is, from 0 to 15.
  const shades = await page.evaluate(
    async ([image, size]) => {
      const picture = new Image();
      picture.src = `data:image/svg+xml,${encodeURIComponent(image)}`;
      await picture.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size }).getContext('2d');
      canvas.drawImage(picture, 0, 0);
      return [...canvas.getImageData(0, 0, size, size).data].filter((_, i) => i % 4 === 0).map((v) => Math.round(((255 - v) * 15) / 255));
    },
    [image, size],
  );
  const png = indexed(shades, size);
  await writeFile(new URL(`../frontend/public/icons/${name}.png`, import.meta.url), png);
  console.log(`${name}.png ${png.length} bytes`);
}
await chrome.close();

/** A PNG with four bits per pixel and a palette from paper to ink. */
function indexed(shades, size) {
  const row = size / 2 + 1;
  const data = Buffer.alloc(row * size);
  shades.forEach((shade, i) => (data[Math.floor(i / size) * row + 1 + Math.floor((i % size) / 2)] |= i % 2 ? shade : shade << 4));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([4, 3], 8);
  const palette = Buffer.from([...Array(16).keys()].flatMap((n) => paper.map((p, c) => Math.round(p + ((ink[c] - p) * n) / 15))));
  const chunk = (kind, body) => {
    const named = Buffer.concat([Buffer.from(kind), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const parts = [chunk('IHDR', head), chunk('PLTE', palette), chunk('IDAT', deflateSync(data, { level: 9 })), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}
