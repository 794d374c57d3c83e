// The service worker: pages that were opened, and all bookmarks, stay readable without a network, and bookmarks can be
// changed. It is loaded apart from every page, and what it fetches to keep comes after what the reader asked for.
//
// Pages come from the network whenever it answers. Nobody can be caught on an old version by what is kept here: a kept
// page is shown only when the network does not answer, and with the very files it was made for.
//
// The server writes one line before this file: BUILD, with the files of the front end under today's names. They change
// with their content, so a new front end makes a new worker.

/* global BUILD */

/** The number is raised when what is kept changes its form; caches under other names are dropped. */
const CACHES = {
  /** What pages load: style, scripts, fonts. And the page that stands for one that is not kept. */
  shell: 'shell-1',
  /** Pages as they were opened. */
  pages: 'pages-1',
  /** Further pages of an endless list, without what surrounds them. */
  parts: 'parts-1',
  /** /bookmarks and the pages after it, all of one moment. */
  bookmarks: 'bookmarks-1',
  /** The pages of papers that were bookmarked. */
  papers: 'papers-1',
};

const MOST_PAGES = 40;
const MOST_PARTS = 120;
const MOST_PAPERS = 200;
/** 25 papers each: the last thousand bookmarks. */
const MOST_BOOKMARK_PAGES = 40;
/** Bookmarks that nobody has changed are asked for again after this. */
const FRESH = 60 * 60_000;
/** Several changes in a row are followed by one look at the list. */
const PAUSE = 1_500;
/** A bookmark that has not been answered by then waits; sending it twice is the same as once. */
const PATIENCE = 15_000;
/** A page that is kept is shown when nothing has come by then. */
const READERS_PATIENCE = 5_000;

/**
 * What may be kept. A list of what may, not of what may not: a page with a token in its address, or one that is added
 * later and forgotten here, is never kept.
 */
const KEPT = /^\/($|bookmarks$|views$|issues$|(papers|date|week|month|issues|about)\/)/;

addEventListener('install', (event) => {
  // No waiting for the last tab to close: an open page has loaded all it needs, and the next one fits this worker.
  event.waitUntil(fillShell().then(() => skipWaiting()));
});

addEventListener('activate', (event) => event.waitUntil(takeOver()));

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === 'POST' && url.pathname === '/fn/bookmark' && request.mode !== 'navigate') {
    event.respondWith(bookmark(event));
  } else if (request.method === 'POST' && url.pathname === '/fn/mark_read' && request.mode !== 'navigate') {
    // A mark may be what makes the reader, as a bookmark may.
    event.respondWith(inTurn(() => fetch(request)).catch(() => Response.error()));
  } else if (request.method !== 'GET') {
    return;
  } else if (request.mode === 'navigate') {
    event.respondWith(page(event, url));
  } else if (request.headers.has('x-fragment')) {
    event.respondWith(part(event, url));
  } else if (/^\/(pkg|fonts)\//.test(url.pathname)) {
    event.respondWith(fromShell(event, request));
  }
});

addEventListener('message', (event) => {
  const asked = event.data ?? {};
  if (asked.ask === 'state') event.waitUntil(state().then((said) => event.source.postMessage(said)));
  if (asked.ask === 'sync') event.waitUntil(sync(event.source, asked));
  // Chromium forgets at times that a worker wanted to skip the wait while another still had something in hand.
  if (asked.ask === 'take over') event.waitUntil(skipWaiting());
  if (asked.ask === 'heard') event.waitUntil(forget(asked.papers));
});

// Background Sync: the browser calls when there is a network again, even when no page is open. It calls again later
// when this fails.
addEventListener('sync', (event) => {
  event.waitUntil(
    sendWaiting().then((left) => {
      if (left > 0) throw new Error(`${left} wait`);
    }),
  );
});

// ── The shell ──────────────────────────────────────────────────────────────────────────────────────────────────────

async function fillShell() {
  await Promise.all(BUILD.shell.map(holdInShell));
  // As nobody would see it: it stands for every page, whoever reads.
  const offline = await fetch('/offline', { cache: 'no-store', credentials: 'omit' });
  if (!offline.ok) throw new Error('no page for offline');
  await put(CACHES.shell, '/offline', marked(await offline.text(), offline.headers, []), Infinity);
}

/** A name of the shell stands for one content for ever, so what is there need not be asked for again. */
async function holdInShell(name) {
  const shell = await caches.open(CACHES.shell);
  if (!(await shell.match(name, { ignoreVary: true }))) await shell.add(name);
}

/** Where nothing can be kept (a full disk, no storage allowed) the network still answers. */
async function fromShell(event, request) {
  const shell = await caches.open(CACHES.shell).catch(() => undefined);
  const held = await shell?.match(request.url, { ignoreVary: true }).catch(() => undefined);
  if (held) return held;
  const answer = await fetch(request);
  if (shell && answer.ok) event.waitUntil(shell.put(request.url, answer.clone()).catch(tooMuch));
  return answer;
}

async function takeOver() {
  const ours = Object.values(CACHES);
  for (const name of await caches.keys()) if (!ours.includes(name)) await caches.delete(name);
  await dropOldFiles();
  // While the worker starts, the browser asks for the page already.
  await registration.navigationPreload?.enable();
  await clients.claim();
}

/** Files of earlier front ends go, except those that a kept page needs. */
async function dropOldFiles() {
  const needed = new Set(BUILD.shell);
  for (const name of [CACHES.pages, CACHES.bookmarks, CACHES.papers]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request, { ignoreVary: true });
      for (const file of (kept?.headers.get('x-files') ?? '').split(' ')) needed.add(file);
    }
  }
  const shell = await caches.open(CACHES.shell);
  for (const request of await shell.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/pkg/') && !needed.has(pathname)) await shell.delete(request);
  }
}

// ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────────────

async function page(event, url) {
  try {
    const asked = (async () => (await event.preloadResponse) ?? fetch(event.request))();
    const answer = await Promise.race([asked, keptAfterAll(url)]);
    if (answer.headers.has('x-kept')) {
      // Nothing has come yet, and a reader on a train has waited long enough. What comes later is kept for next time.
      event.waitUntil(tell({ say: 'unreachable' }));
      event.waitUntil(asked.then((late) => isToKeep(url, late) && keepPage(addressOf(url), late)).catch(tooMuch));
      return answer;
    }
    if (!isAway(answer)) {
      event.waitUntil(knowReader(answer.headers).catch(tooMuch));
      if (isToKeep(url, answer)) event.waitUntil(keepPage(addressOf(url), answer.clone()).catch(tooMuch));
      if (url.pathname === '/offline' && answer.ok) return listed(await answer.text(), answer.headers);
      return answer;
    }
  } catch {
    // No network, or nobody there.
  }
  return (await kept(url)) ?? (await offlinePage(url));
}

/** What is kept of a page, when the network has let its reader wait for it too long; never, when nothing is. */
function keptAfterAll(url) {
  return new Promise((done) => {
    setTimeout(async () => {
      const held = await kept(url).catch(() => undefined);
      if (held) done(held);
    }, READERS_PATIENCE);
  });
}

async function part(event, url) {
  try {
    const answer = await fetch(event.request);
    if (!isAway(answer)) {
      if (isToKeep(url, answer)) event.waitUntil(put(CACHES.parts, addressOf(url), answer.clone(), MOST_PARTS).catch(tooMuch));
      return answer;
    }
  } catch {
    // As above.
  }
  event.waitUntil(tell({ say: 'unreachable' }));
  const address = addressOf(url);
  const parts = await caches.open(CACHES.parts);
  return (await parts.match(address, { ignoreVary: true })) ?? (await kept(url)) ?? Response.error();
}

/** There was no room, or a file of the page is gone: then it is not kept, which is no fault of the page. */
function tooMuch(error) {
  console.debug('not kept:', error);
}

/** A proxy before us says that we do not answer; what we say ourselves bears our policy. */
function isAway(answer) {
  return [502, 503, 504].includes(answer.status) && !answer.headers.get('content-security-policy')?.includes("frame-ancestors 'none'");
}

/** Only whole answers with a page in them; /bookmarks is kept as a whole list, by `refreshBookmarks`. */
function isToKeep(url, answer) {
  const isHtml = answer.headers.get('content-type')?.startsWith('text/html');
  return answer.status === 200 && !answer.redirected && isHtml && KEPT.test(url.pathname) && url.pathname !== '/bookmarks';
}

function addressOf(url) {
  return url.pathname + url.search;
}

/** What is kept of an address, wherever it is. */
async function kept(url) {
  const address = url.searchParams.has('removed') ? url.pathname : addressOf(url);
  for (const name of [CACHES.pages, CACHES.bookmarks, CACHES.papers]) {
    const found = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (found) return found;
  }
}

/** Keeps a page and every file it names. It is marked, so that it can say of when it is. */
async function keepPage(address, answer, cache = CACHES.pages, most = MOST_PAGES) {
  await knowReader(answer.headers);
  const html = await answer.text();
  // As the head names them; an abstract may speak of /pkg/ too.
  const files = [...new Set([...html.matchAll(/"(\/pkg\/[\w.]+)"/g)].map(([, file]) => file))];
  await Promise.all(files.map(holdInShell));
  // Meanwhile somebody else may have come.
  if ((await recall('facts', 'reader')) !== answer.headers.get('x-reader')) return;
  await put(cache, address, marked(html, answer.headers, files), most);
}

function marked(html, headers, files) {
  const now = new Date().toISOString();
  const own = new Headers(headers);
  for (const name of ['content-encoding', 'content-length']) own.delete(name);
  own.set('x-kept', now);
  own.set('x-files', files.join(' '));
  own.set('x-title', encodeURIComponent(html.match(/<title>(.*?)<\/title>/)?.[1] ?? ''));
  return new Response(html.replace('<head>', `<head><meta name="kept" content="${now}">`), { headers: own });
}

/** Puts an answer at the end of a cache, and drops what is first in it when it is full. */
async function put(name, address, answer, most) {
  const cache = await caches.open(name);
  await cache.delete(address, { ignoreVary: true });
  await cache.put(address, answer);
  const held = await cache.keys();
  for (const old of held.slice(0, Math.max(0, held.length - most))) await cache.delete(old, { ignoreVary: true });
}

/** Stands for a page that is not kept, and lists those that are. */
async function offlinePage(url) {
  const shell = await caches.open(CACHES.shell);
  const held = await shell.match('/offline', { ignoreVary: true });
  if (!held) return Response.error();
  const html = await held.text();
  const isAsked = url.pathname === '/offline';
  return listed(isAsked ? html : html.replace(/(<p id="missing"[^>]*?) hidden(="")?/, '$1'), held.headers);
}

/** The page with the list of what is kept; the list is made now, whenever the page was. */
async function listed(html, headers) {
  const own = new Headers(headers);
  for (const name of ['content-encoding', 'content-length']) own.delete(name);
  const rows = new Map();
  const known = await bookmarks();
  if (known.at > 0 && known.count > 0) rows.set('/bookmarks', row('/bookmarks', `Your bookmarks (${known.count})`, known.at));
  for (const name of [CACHES.pages, CACHES.papers]) {
    const cache = await caches.open(name);
    for (const request of (await cache.keys()).reverse()) {
      const { headers } = await cache.match(request, { ignoreVary: true });
      // Written by our server as HTML, and kept as that.
      const title = decodeURIComponent(headers.get('x-title') ?? '').replace(/ · Broadsheet$/, '');
      const address = addressOf(new URL(request.url));
      if (!rows.has(address)) rows.set(address, row(address, title, headers.get('x-kept')));
    }
  }
  html = html.replace(/<meta name="kept"[^>]*>/, '<meta name="kept" content="">');
  const list = `<ul id="kept">${[...rows.values()].join('')}</ul>`;
  return new Response(rows.size > 0 ? html.replace(/<ul id="kept">.*?<\/ul>/s, () => list) : html, { headers: own });
}

function row(address, title, moment) {
  const day = { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' };
  const href = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<li><a href="${href}">${title}</a> <small>as of ${new Date(moment).toLocaleString('en-GB', day)}</small></li>`;
}

/** What is kept of one reader is not shown to the next: it goes when an answer is for somebody else, or for nobody. */
async function knowReader(headers) {
  const reader = headers.get('x-reader');
  if (!reader) return;
  const before = await recall('facts', 'reader');
  if (before === reader) return;
  if (before && before !== 'nobody') {
    for (const name of [CACHES.pages, CACHES.parts, CACHES.bookmarks, CACHES.papers]) await caches.delete(name);
    await remember('facts', 'bookmarks', undefined);
    // What they wished and could not send cannot be sent for them any more, and must not be for another.
    for (const { paper } of await recallAll('wishes')) await remember('wishes', paper, undefined);
  }
  // Nobody has no bookmarks; of anybody else the list has to be asked for.
  if (reader === 'nobody') await remember('facts', 'bookmarks', { ids: [], complete: true, count: 0, at: Date.now() });
  await remember('facts', 'reader', reader);
}

// ── Bookmarks to read ──────────────────────────────────────────────────────────────────────────────────────────────

/** What the reader has kept, as far as is known: { ids, complete, count, at }. */
async function bookmarks() {
  return (await recall('facts', 'bookmarks')) ?? { ids: [], complete: false, count: 0, at: 0 };
}

/** Fetches the whole list, page by page, and puts it in the place of the last. Half a list is not kept. */
function refreshBookmarks() {
  return navigator.locks.request('bookmarks to read', { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const at = Date.now();
    const pages = [];
    for (let next = '/bookmarks'; next && pages.length < MOST_BOOKMARK_PAGES; ) {
      const answer = await fetch(next, { headers: { accept: 'text/html' }, cache: 'no-store' });
      if (answer.status !== 200) return;
      pages.push({ address: next, headers: answer.headers, html: await answer.text() });
      next = answer.headers.get('link')?.match(/<([^>]*)>; rel="next"/)?.[1];
    }
    const complete = !pages.at(-1).headers.has('link');
    const addresses = pages.map(({ address }) => address);
    const cache = await caches.open(CACHES.bookmarks);
    for (const { address, headers, html } of pages) {
      await keepPage(address, new Response(html, { headers }), CACHES.bookmarks, Infinity);
    }
    for (const request of await cache.keys()) {
      if (!addresses.includes(addressOf(new URL(request.url)))) await cache.delete(request, { ignoreVary: true });
    }
    const ids = pages.flatMap(({ html }) => [...html.matchAll(/name="paper" value="([^"]+)"/g)].map(([, id]) => id));
    const count = Number(pages[0].html.match(/class="count">\s*(\d*)/)?.[1] ?? 0);
    await remember('facts', 'bookmarks', { ids: [...new Set(ids)], complete, count, at });
  });
}

let changed = 0;

/** After a change that the server has: the list anew, once the reader has paused. */
async function refreshSoon() {
  const mine = ++changed;
  await new Promise((done) => setTimeout(done, PAUSE));
  if (mine === changed) await refreshBookmarks().catch(() => {});
}

/** The page of a paper that was just bookmarked, to be read offline. */
async function keepPaper(paper) {
  const answer = await fetch(`/papers/${paper}`, { headers: { accept: 'text/html' } });
  if (answer.status === 200) await keepPage(`/papers/${paper}`, answer, CACHES.papers, MOST_PAPERS);
}

// ── Bookmarks to change ────────────────────────────────────────────────────────────────────────────────────────────

/** One at a time, whichever page asks: the first makes the reader, and two at once would make two. */
function inTurn(what) {
  return navigator.locks.request('bookmarks to change', what);
}

/** Sends a change; when nobody is there it waits here, and the page is told so by 202. */
async function bookmark(event) {
  const fields = new URLSearchParams(await event.request.text());
  const wish = { paper: fields.get('paper'), bookmarked: fields.get('bookmarked') === 'true', at: Date.now() };
  const done = inTurn(async () => {
    const answer = await send(wish);
    if (!answer) {
      await remember('wishes', wish.paper, wish);
      registration.sync?.register('bookmarks').catch(() => {});
      return Response.json({ waiting: true }, { status: 202 });
    }
    // An older change to the same paper is overtaken. (A browser that remembers nothing has none.)
    if (answer.ok) await noted(wish).catch(() => {});
    return answer;
  }).catch(() => Response.error());
  event.waitUntil(
    done.then(async (answer) => {
      if (answer.ok) await tell(await state());
      if (answer.status === 200) await Promise.allSettled([wish.bookmarked && keepPaper(wish.paper), refreshSoon()]);
    }),
  );
  return done;
}

/** The answer to a change, or nothing when there was none. */
async function send({ paper, bookmarked }) {
  try {
    const answer = await fetch('/fn/bookmark', {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ paper, bookmarked }),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    return isAway(answer) ? undefined : answer;
  } catch {
    return undefined;
  }
}

/** The server has this change now. */
async function noted({ paper, bookmarked }) {
  await remember('wishes', paper, undefined);
  const known = await bookmarks();
  const ids = known.ids.filter((id) => id !== paper);
  if (bookmarked) ids.unshift(paper);
  await remember('facts', 'bookmarks', { ...known, ids, count: known.count + ids.length - known.ids.length });
}

/**
 * Sends what waits, oldest first. What is refused is taken out of the row and told to the reader; what the server cannot
 * take for the moment stays, and so does everything after it. Answers how many are left.
 */
async function sendWaiting() {
  const sent = [];
  const left = await inTurn(async () => {
    const row = await waiting();
    while (row.length > 0) {
      const wish = row[0];
      const answer = await send(wish);
      if (!answer || answer.status === 429 || answer.status >= 500) break;
      if (answer.ok) {
        await noted(wish);
        sent.push(wish);
      } else {
        const problem = await answer.json().catch(() => ({}));
        await remember('wishes', wish.paper, { ...wish, why: problem.detail ?? `The server answered ${answer.status}.` });
      }
      row.shift();
    }
    return row.length;
  });
  if (sent.length > 0) {
    await tell({ say: 'sent', sent: sent.length, left });
    await tell(await state());
    await Promise.allSettled([...sent.filter(({ bookmarked }) => bookmarked).map(({ paper }) => keepPaper(paper)), refreshBookmarks()]);
  }
  return left;
}

async function waiting() {
  const wishes = await recallAll('wishes');
  return wishes.filter(({ why }) => !why).sort((a, b) => a.at - b.at);
}

/** The reader has read why these were refused. */
async function forget(papers) {
  for (const paper of papers) {
    const wish = await recall('wishes', paper);
    if (wish?.why) await remember('wishes', paper, undefined);
  }
}

/** What a page must know to show the truth: it was made before the changes that wait, and a kept one before others. */
async function state() {
  const { ids, complete, count, at } = await bookmarks();
  const wishes = await waiting();
  const refused = (await recallAll('wishes')).filter(({ why }) => why);
  // What the changes that wait will make of the number of bookmarks.
  const by = wishes.reduce((sum, { paper, bookmarked }) => {
    const before = complete || ids.includes(paper) ? ids.includes(paper) : !bookmarked;
    return sum + Number(bookmarked) - Number(before);
  }, 0);
  return { say: 'state', waiting: wishes, refused, ids, complete, count: at > 0 ? count : undefined, by };
}

/** A page is here, and the network too as far as it knows. */
async function sync(source, { count, keep }) {
  await sendWaiting();
  source.postMessage(await state());
  // This page was opened before there was a worker to keep it.
  const url = new URL(source.url);
  if (keep && KEPT.test(url.pathname)) {
    const answer = await fetch(url, { headers: { accept: 'text/html' } }).catch(() => undefined);
    if (answer && isToKeep(url, answer)) await keepPage(addressOf(url), answer);
  }
  const known = await bookmarks();
  const has = count > 0 || known.ids.length > 0;
  // Whoever saves data keeps what changes bring.
  const isOld = Date.now() - known.at > FRESH && !navigator.connection?.saveData;
  if (has && (count !== known.count || isOld)) await refreshBookmarks().catch(() => {});
}

async function tell(what) {
  for (const client of await clients.matchAll({ type: 'window', includeUncontrolled: true })) client.postMessage(what);
}

// ── What is remembered ─────────────────────────────────────────────────────────────────────────────────────────────

/** Two tables: wishes (changes to bookmarks by paper) and facts. */
function database() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open('broadsheet', 1);
    opening.onupgradeneeded = () => ['wishes', 'facts'].forEach((name) => opening.result.createObjectStore(name));
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => failed(opening.error);
  });
}

async function transact(table, mode, what) {
  const opened = await database();
  try {
    return await new Promise((done, failed) => {
      const transaction = opened.transaction(table, mode);
      const asked = what(transaction.objectStore(table));
      transaction.oncomplete = () => done(asked.result);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    opened.close();
  }
}

const recall = (table, key) => transact(table, 'readonly', (rows) => rows.get(key));
const recallAll = (table) => transact(table, 'readonly', (rows) => rows.getAll());
/** `undefined` forgets. */
const remember = (table, key, value) =>
  transact(table, 'readwrite', (rows) => (value === undefined ? rows.delete(key) : rows.put(value, key)));
