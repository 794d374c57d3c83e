// @ts-check
/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="webworker" />

// The service worker. Pages that the reader opened, and all bookmarks, stay readable without a network. Bookmarks can
// be
// changed without a network too: the changes wait here until they can be sent.
//
// This file is one file because the server sends it as it is: no bundler joins modules into it. Its sections are:
// events,
// the shell, pages, the list of cached pages, bookmarks to read, bookmarks to change, the database.
//
// Pages come from the network whenever it answers. A cached page is shown only when the network does not answer, and it
// uses the same style and script files as on the day it was cached. So the cache never keeps a reader on an old
// version.
//
// The server writes one line before this file: BUILD, with the names of the files of the front end. The names change
// with
// the content, so a new front end makes a new worker.
//
// The cache names, the stores of the database, the headers that begin with `x-`, and `<meta name="kept">` are on the
// devices of readers. The messages are a protocol with `app/src/behaviour`. Do not rename them.

/* global BUILD */

/**
 * A change to one bookmark that waits to be sent. `at` is the time of the change in milliseconds. `why` is there if the
 * server refused it.
 * @typedef {{ paper: string, bookmarked: boolean, at: number, why?: string }} Change
 */

/**
 * The bookmarks of the reader as far as this device knows: the ids of papers, whether the list is complete, the
 * number of bookmarks, and when the list was read from the server, in milliseconds (0: never).
 * @typedef {{ ids: string[], complete: boolean, count: number, at: number }} Bookmarks
 */

// @ts-expect-error The server writes BUILD before this file.
const SHELL_FILES = /** @type {string[]} */ (BUILD.shell);

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** Each name ends with a version. Raise it when the form of the entries changes; old caches are then deleted. */
const CACHES = {
  /** What pages load: style, scripts, fonts. Also the page that is shown instead of a page that is not cached. */
  shell: 'shell-1',
  /** The pages that the reader opened. */
  pages: 'pages-1',
  /** Further pages of an endless listing: only the cards. */
  fragments: 'parts-1',
  /** /bookmarks and its further pages, all read at the same time. */
  bookmarks: 'bookmarks-1',
  /** The pages of bookmarked papers. */
  papers: 'papers-1',
};

const MAX_PAGES = 40;
const MAX_FRAGMENTS = 120;
const MAX_PAPERS = 200;
/** A page has 25 papers, so this is the last thousand bookmarks. */
const MAX_BOOKMARK_PAGES = 40;
/** The list of bookmarks is read again when it is older than this, in milliseconds. */
const MAX_BOOKMARKS_AGE = 60 * 60_000;
/** Pause after a change before the list is read again, in milliseconds. Several quick changes cause one reading. */
const REFRESH_DELAY = 1_500;
/** After this many milliseconds without an answer a change waits here. To send it twice does no harm. */
const SEND_TIMEOUT = 15_000;
/** After this many milliseconds without an answer the cached page is shown, if there is one. */
const PAGE_TIMEOUT = 5_000;

/**
 * The paths of pages that may be cached. It lists what is allowed, not what is forbidden: so a page with a token in its
 * address is never cached, even if the page is added later and this list does not change.
 */
const CACHEABLE = /^\/($|bookmarks$|searches$|issues$|(papers|date|week|month|issues|about)\/)/;

// ── Events ─────────────────────────────────────────────────────────────────────────────────────────────────────────

worker.addEventListener('install', (event) => {
  // Do not wait until the last tab closes. An open page has loaded all its files, and the next page fits this worker.
  event.waitUntil(fillShell().then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => event.waitUntil(activate()));

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === 'POST' && url.pathname === '/fn/bookmark' && request.mode !== 'navigate') {
    event.respondWith(changeBookmark(event));
  } else if (request.method === 'POST' && url.pathname === '/fn/mark_read' && request.mode !== 'navigate') {
    // The first read mark of a visitor creates a reader, as the first bookmark does.
    event.respondWith(oneAtATime(() => fetch(request)).catch(() => Response.error()));
  } else if (request.method !== 'GET') {
    return;
  } else if (request.mode === 'navigate') {
    event.respondWith(servePage(event, url));
  } else if (request.headers.has('x-fragment')) {
    event.respondWith(serveFragment(event, url));
  } else if (/^\/(pkg|fonts)\//.test(url.pathname)) {
    event.respondWith(serveFile(event, request));
  }
});

worker.addEventListener('message', (event) => {
  const message = event.data ?? {};
  const sender = /** @type {WindowClient} */ (event.source);
  if (message.ask === 'state') event.waitUntil(currentState().then((state) => sender.postMessage(state)));
  if (message.ask === 'sync') event.waitUntil(syncWith(sender, message));
  // Chromium sometimes forgets `skipWaiting` when the previous worker was still busy.
  if (message.ask === 'take over') event.waitUntil(worker.skipWaiting());
  if (message.ask === 'heard') event.waitUntil(deleteRefused(message.papers));
});

// Background Sync: the browser sends this event when there is a network again, even if no page is open. It sends the
// event
// again later if the promise is rejected.
worker.addEventListener('sync', (/** @type {any} */ event) => {
  event.waitUntil(
    sendWaitingChanges().then((left) => {
      if (left > 0) throw new Error(`${left} bookmark changes still wait`);
    }),
  );
});

// ── The shell ──────────────────────────────────────────────────────────────────────────────────────────────────────

async function fillShell() {
  await Promise.all(SHELL_FILES.map(addToShell));
  // Without cookies, because every reader sees this page.
  const offline = await fetch('/offline', { cache: 'no-store', credentials: 'omit' });
  if (!offline.ok) throw new Error(`/offline answered ${offline.status}`);
  await putLast(CACHES.shell, '/offline', cachedCopy(await offline.text(), offline.headers, []), Infinity);
}

/** Fetches a file if it is not cached. A file of the shell never changes under its name. */
async function addToShell(name) {
  const shell = await caches.open(CACHES.shell);
  if (!(await shell.match(name, { ignoreVary: true }))) await shell.add(name);
}

/** Serves a file from the shell, else from the network. Caches can fail: a full disk, or storage that is forbidden. */
async function serveFile(event, request) {
  const shell = await caches.open(CACHES.shell).catch(() => undefined);
  const cached = await shell?.match(request.url, { ignoreVary: true }).catch(() => undefined);
  if (cached) return cached;
  const response = await fetch(request);
  if (shell && response.ok) event.waitUntil(shell.put(request.url, response.clone()).catch(logNotCached));
  return response;
}

async function activate() {
  const current = Object.values(CACHES);
  for (const name of await caches.keys()) if (!current.includes(name)) await caches.delete(name);
  await deleteOldFiles();
  // The browser requests the page while the worker starts.
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

/** Deletes the files of earlier front ends, except those that a cached page needs. */
async function deleteOldFiles() {
  const needed = new Set(SHELL_FILES);
  for (const name of [CACHES.pages, CACHES.bookmarks, CACHES.papers]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const cached = await cache.match(request, { ignoreVary: true });
      for (const file of (cached?.headers.get('x-files') ?? '').split(' ')) needed.add(file);
    }
  }
  const shell = await caches.open(CACHES.shell);
  for (const request of await shell.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/pkg/') && !needed.has(pathname)) await shell.delete(request);
  }
}

// ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────────────

async function servePage(event, url) {
  try {
    const fetched = (async () => (await event.preloadResponse) ?? fetch(event.request))();
    const response = await Promise.race([fetched, cachedAfterTimeout(url)]);
    if (response.headers.has('x-kept')) {
      // The network is too slow, so the reader gets the cached page. A later answer of the network is cached for next
      // time.
      event.waitUntil(postToPages({ say: 'unreachable' }));
      event.waitUntil(fetched.then((late) => shouldCache(url, late) && cachePage(addressOf(url), late)).catch(logNotCached));
      return response;
    }
    if (!isGatewayError(response)) {
      event.waitUntil(checkReader(response.headers).catch(logNotCached));
      if (shouldCache(url, response)) event.waitUntil(cachePage(addressOf(url), response.clone()).catch(logNotCached));
      if (url.pathname === '/offline' && response.ok) return withCachedPages(await response.text(), response.headers);
      return response;
    }
  } catch {
    // There is no network, or the server does not answer.
  }
  return (await findCached(url)) ?? (await offlinePage(url));
}

/** Resolves to the cached page after `PAGE_TIMEOUT`. Never resolves if the page is not cached. */
function cachedAfterTimeout(url) {
  return new Promise((resolve) => {
    setTimeout(async () => {
      const cached = await findCached(url).catch(() => undefined);
      if (cached) resolve(cached);
    }, PAGE_TIMEOUT);
  });
}

async function serveFragment(event, url) {
  try {
    const response = await fetch(event.request);
    if (!isGatewayError(response)) {
      if (shouldCache(url, response)) {
        event.waitUntil(putLast(CACHES.fragments, addressOf(url), response.clone(), MAX_FRAGMENTS).catch(logNotCached));
      }
      return response;
    }
  } catch {
    // There is no network, or the server does not answer.
  }
  event.waitUntil(postToPages({ say: 'unreachable' }));
  const address = addressOf(url);
  const fragments = await caches.open(CACHES.fragments);
  return (await fragments.match(address, { ignoreVary: true })) ?? (await findCached(url)) ?? Response.error();
}

/** The disk is full, or a file of the page is gone. The reader still gets the page; it is only not cached. */
function logNotCached(error) {
  console.debug('not cached:', error);
}

/** Whether a proxy in front of Broadsheet says that Broadsheet does not answer. Our own errors carry our policy. */
function isGatewayError(response) {
  return [502, 503, 504].includes(response.status) && !response.headers.get('content-security-policy')?.includes("frame-ancestors 'none'");
}

/** Whether a response is a complete page that may be cached. `refreshBookmarks` caches /bookmarks, with all its pages. */
function shouldCache(url, response) {
  const isHtml = response.headers.get('content-type')?.startsWith('text/html');
  return response.status === 200 && !response.redirected && isHtml && CACHEABLE.test(url.pathname) && url.pathname !== '/bookmarks';
}

function addressOf(url) {
  return url.pathname + url.search;
}

/** The cached page of a URL, from any cache. */
async function findCached(url) {
  const address = url.searchParams.has('removed') ? url.pathname : addressOf(url);
  for (const name of [CACHES.pages, CACHES.bookmarks, CACHES.papers]) {
    const found = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (found) return found;
  }
}

/** Caches a page and every file that it names. */
async function cachePage(address, response, cache = CACHES.pages, max = MAX_PAGES) {
  await checkReader(response.headers);
  const html = await response.text();
  // The quotation mark is part of the pattern because an abstract may contain "/pkg/" too.
  const files = [...new Set([...html.matchAll(/"(\/pkg\/[\w.]+)"/g)].map(([, file]) => file))];
  await Promise.all(files.map(addToShell));
  // The reader may have changed while the files loaded.
  if ((await read('facts', 'reader')) !== response.headers.get('x-reader')) return;
  await putLast(cache, address, cachedCopy(html, response.headers, files), max);
}

/** A copy of a page that says when it was cached, for the page itself and for `withCachedPages`. */
function cachedCopy(html, headers, files) {
  const now = new Date().toISOString();
  const own = withoutEncoding(headers);
  own.set('x-kept', now);
  own.set('x-files', files.join(' '));
  own.set('x-title', encodeURIComponent(html.match(/<title>(.*?)<\/title>/)?.[1] ?? ''));
  return new Response(html.replace('<head>', `<head><meta name="kept" content="${now}">`), { headers: own });
}

/** The headers for a body that is already decoded, and that may have another length. */
function withoutEncoding(headers) {
  const own = new Headers(headers);
  for (const name of ['content-encoding', 'content-length']) own.delete(name);
  return own;
}

/** Puts a response at the end of a cache. If the cache is full, the oldest entries are deleted. */
async function putLast(name, address, response, max) {
  const cache = await caches.open(name);
  await cache.delete(address, { ignoreVary: true });
  await cache.put(address, response);
  const requests = await cache.keys();
  for (const old of requests.slice(0, Math.max(0, requests.length - max))) await cache.delete(old, { ignoreVary: true });
}

/** Deletes what is cached for one reader when a response is for another reader, or for a visitor without a cookie. */
async function checkReader(headers) {
  const reader = headers.get('x-reader');
  if (!reader) return;
  const before = await read('facts', 'reader');
  if (before === reader) return;
  if (before && before !== 'nobody') {
    for (const name of [CACHES.pages, CACHES.fragments, CACHES.bookmarks, CACHES.papers]) await caches.delete(name);
    await write('facts', 'bookmarks', undefined);
    // Their waiting changes cannot be sent for them any more, and must not be sent for the next reader.
    for (const { paper } of await readAll('wishes')) await write('wishes', paper, undefined);
  }
  // A visitor without a cookie has no bookmarks. For a reader the list must be fetched.
  if (reader === 'nobody') await write('facts', 'bookmarks', { ids: [], complete: true, count: 0, at: Date.now() });
  await write('facts', 'reader', reader);
}

// ── The list of cached pages ───────────────────────────────────────────────────────────────────────────────────────

/** The page that is shown instead of a page that is not cached. It lists the pages that are cached. */
async function offlinePage(url) {
  const shell = await caches.open(CACHES.shell);
  const cached = await shell.match('/offline', { ignoreVary: true });
  if (!cached) return Response.error();
  const html = await cached.text();
  const isWanted = url.pathname === '/offline';
  return withCachedPages(isWanted ? html : html.replace(/(<p id="missing"[^>]*?) hidden(="")?/, '$1'), cached.headers);
}

/** Puts the list of cached pages into /offline. The list is always current, even if the page around it is old. */
async function withCachedPages(html, headers) {
  const own = withoutEncoding(headers);
  const items = new Map();
  const known = await knownBookmarks();
  // The bookmarks are known a moment before their pages are cached.
  const areCached = await (await caches.open(CACHES.bookmarks)).match('/bookmarks', { ignoreVary: true });
  if (areCached && known.at > 0 && known.count > 0) {
    items.set('/bookmarks', listItem('/bookmarks', `Your bookmarks (${known.count})`, known.at));
  }
  const added = (await waitingChanges()).filter(({ paper, bookmarked }) => bookmarked && !known.ids.includes(paper)).length;
  if (added > 0) {
    const papers = added === 1 ? '1 paper that you bookmarked offline joins' : `${added} papers that you bookmarked offline join`;
    items.set('waiting', `<li>${papers} your bookmarks when you’re back online.</li>`);
  }
  for (const name of [CACHES.pages, CACHES.papers]) {
    const cache = await caches.open(name);
    for (const request of [...(await cache.keys())].reverse()) {
      const cached = await cache.match(request, { ignoreVary: true });
      // The title comes from the HTML of our server, so it is escaped already.
      const title = decodeURIComponent(cached.headers.get('x-title') ?? '').replace(/ · Broadsheet$/, '');
      const address = addressOf(new URL(request.url));
      if (!items.has(address)) items.set(address, listItem(address, title, cached.headers.get('x-kept')));
    }
  }
  html = html.replace(/<meta name="kept"[^>]*>/, '<meta name="kept" content="">');
  const list = `<ul id="kept">${[...items.values()].join('')}</ul>`;
  return new Response(items.size > 0 ? html.replace(/<ul id="kept">.*?<\/ul>/s, () => list) : html, { headers: own });
}

function listItem(address, title, moment) {
  const format = /** @type {const} */ ({ day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
  const href = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<li><a href="${href}">${title}</a> <small>saved ${new Date(moment).toLocaleString('en-GB', format)}</small></li>`;
}

// ── Bookmarks to read ──────────────────────────────────────────────────────────────────────────────────────────────

/** @returns {Promise<Bookmarks>} */
async function knownBookmarks() {
  return (await read('facts', 'bookmarks')) ?? { ids: [], complete: false, count: 0, at: 0 };
}

/** Fetches the whole list of bookmarks, page by page, and replaces the cached one. If a page fails, nothing changes. */
function refreshBookmarks() {
  return navigator.locks.request('bookmarks to read', { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const at = Date.now();
    const pages = [];
    for (let next = '/bookmarks'; next && pages.length < MAX_BOOKMARK_PAGES; ) {
      const response = await fetch(next, { headers: { accept: 'text/html' }, cache: 'no-store' });
      if (response.status !== 200) return;
      pages.push({ address: next, headers: response.headers, html: await response.text() });
      next = response.headers.get('link')?.match(/<([^>]*)>; rel="next"/)?.[1];
    }
    const complete = !pages.at(-1).headers.has('link');
    const addresses = pages.map(({ address }) => address);
    const cache = await caches.open(CACHES.bookmarks);
    for (const { address, headers, html } of pages) {
      await cachePage(address, new Response(html, { headers }), CACHES.bookmarks, Infinity);
    }
    for (const request of await cache.keys()) {
      if (!addresses.includes(addressOf(new URL(request.url)))) await cache.delete(request, { ignoreVary: true });
    }
    // These two patterns read the forms of the cards, and the number beside the link to the bookmarks.
    const ids = pages.flatMap(({ html }) => [...html.matchAll(/name="paper" value="([^"]+)"/g)].map(([, id]) => id));
    const count = Number(pages[0].html.match(/class="count[^"]*">\s*(\d*)/)?.[1] ?? 0);
    await write('facts', 'bookmarks', { ids: [...new Set(ids)], complete, count, at });
  });
}

let changeCount = 0;

/** Reads the list of bookmarks again after `REFRESH_DELAY`, unless another change has come in the meantime. */
async function refreshSoon() {
  const mine = ++changeCount;
  await new Promise((resolve) => setTimeout(resolve, REFRESH_DELAY));
  if (mine === changeCount) await refreshBookmarks().catch(() => {});
}

/** Caches the page of a paper that was just bookmarked. */
async function cachePaper(paper) {
  const response = await fetch(`/papers/${paper}`, { headers: { accept: 'text/html' } });
  if (response.status === 200) await cachePage(`/papers/${paper}`, response, CACHES.papers, MAX_PAPERS);
}

// ── Bookmarks to change ────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Runs one task at a time, for all pages. The first change of a visitor creates a reader; two first changes at the same
 * time would create two readers.
 * @template T
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
function oneAtATime(task) {
  return /** @type {Promise<any>} */ (navigator.locks.request('bookmarks to change', task));
}

/** Sends a change to the server. If the server does not answer, the change waits here and the page gets status 202. */
async function changeBookmark(event) {
  const fields = new URLSearchParams(await event.request.text());
  /** @type {Change} */
  const change = { paper: fields.get('paper'), bookmarked: fields.get('bookmarked') === 'true', at: Date.now() };
  const answered = oneAtATime(async () => {
    const response = await sendChange(change);
    if (!response) {
      await write('wishes', change.paper, change);
      // Not all browsers have Background Sync, and TypeScript does not know it.
      /** @type {any} */ (worker.registration).sync?.register('bookmarks').catch(() => {});
      return Response.json({ waiting: true }, { status: 202 });
    }
    // This also deletes an older change to the same paper. If the database fails, there is no older change.
    if (response.ok) await recordSent(change).catch(() => {});
    return response;
  }).catch(() => Response.error());
  event.waitUntil(
    answered.then(async (response) => {
      if (response.ok) await postToPages(await currentState());
      if (response.status === 200) await Promise.allSettled([change.bookmarked && cachePaper(change.paper), refreshSoon()]);
    }),
  );
  return answered;
}

/**
 * Sends a change. The result is `undefined` if Broadsheet did not answer.
 * @param {Change} change
 */
async function sendChange({ paper, bookmarked }) {
  try {
    const response = await fetch('/fn/bookmark', {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ paper, bookmarked: String(bookmarked) }),
      redirect: 'error',
      signal: AbortSignal.timeout(SEND_TIMEOUT),
    });
    return isGatewayError(response) ? undefined : response;
  } catch {
    return undefined;
  }
}

/**
 * Records a change that the server has accepted.
 * @param {Change} change
 */
async function recordSent({ paper, bookmarked }) {
  await write('wishes', paper, undefined);
  const known = await knownBookmarks();
  const ids = known.ids.filter((id) => id !== paper);
  if (bookmarked) ids.unshift(paper);
  await write('facts', 'bookmarks', { ...known, ids, count: known.count + ids.length - known.ids.length });
}

/**
 * Sends the waiting changes, oldest first. A refused change is marked with the reason, for the pages to show. If the
 * server is busy or fails, this change and all later ones keep waiting. The result is how many are still waiting.
 */
async function sendWaitingChanges() {
  const sent = [];
  const left = await oneAtATime(async () => {
    const queue = await waitingChanges();
    while (queue.length > 0) {
      const change = queue[0];
      const response = await sendChange(change);
      if (!response || response.status === 429 || response.status >= 500) break;
      if (response.ok) {
        await recordSent(change);
        sent.push(change);
      } else {
        const problem = await response.json().catch(() => ({}));
        await write('wishes', change.paper, { ...change, why: problem.detail ?? `The server answered ${response.status}.` });
      }
      queue.shift();
    }
    return queue.length;
  });
  if (sent.length > 0) {
    await postToPages({ say: 'sent', sent: sent.length, left });
    await postToPages(await currentState());
    await Promise.allSettled([...sent.filter(({ bookmarked }) => bookmarked).map(({ paper }) => cachePaper(paper)), refreshBookmarks()]);
  }
  return left;
}

/** @returns {Promise<Change[]>} */
async function waitingChanges() {
  const changes = await readAll('wishes');
  return changes.filter(({ why }) => !why).sort((a, b) => a.at - b.at);
}

/**
 * Deletes refused changes after a page has shown the reasons.
 * @param {string[]} papers
 */
async function deleteRefused(papers) {
  for (const paper of papers) {
    const change = await read('wishes', paper);
    if (change?.why) await write('wishes', paper, undefined);
  }
}

/**
 * What a page needs to show its bookmark buttons correctly. The page was made before the waiting changes, and a cached
 * page also before other changes. `by` is how much the waiting changes will add to the number of bookmarks.
 */
async function currentState() {
  const { ids, complete, count, at } = await knownBookmarks();
  const changes = await waitingChanges();
  const refused = (await readAll('wishes')).filter(({ why }) => why);
  const by = changes.reduce((sum, { paper, bookmarked }) => {
    const before = complete || ids.includes(paper) ? ids.includes(paper) : !bookmarked;
    return sum + Number(bookmarked) - Number(before);
  }, 0);
  return { say: 'state', waiting: changes, refused, ids, complete, count: at > 0 ? count : undefined, by };
}

/** A page has opened or has a network again: sends the waiting changes, and refreshes what is cached. */
async function syncWith(client, { count, keep }) {
  await sendWaitingChanges();
  client.postMessage(await currentState());
  // `keep`: the page was opened before the first worker started, so it is not cached yet.
  const url = new URL(client.url);
  if (keep && CACHEABLE.test(url.pathname)) {
    const response = await fetch(url, { headers: { accept: 'text/html' } }).catch(() => undefined);
    if (response && shouldCache(url, response)) await cachePage(addressOf(url), response);
  }
  const known = await knownBookmarks();
  const hasBookmarks = count > 0 || known.ids.length > 0;
  // With the data saver on, the list is read again only after a change.
  const savesData = /** @type {any} */ (navigator).connection?.saveData;
  const isOld = Date.now() - known.at > MAX_BOOKMARKS_AGE && !savesData;
  if (hasBookmarks && (count !== known.count || isOld)) await refreshBookmarks().catch(() => {});
}

async function postToPages(message) {
  for (const client of await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })) client.postMessage(message);
}

// ── The database ───────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Opens the database. It has two stores: `wishes` has the waiting and refused changes by paper, `facts` has `reader`
 * and
 * `bookmarks`.
 * @returns {Promise<IDBDatabase>}
 */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('broadsheet', 1);
    opening.onupgradeneeded = () => ['wishes', 'facts'].forEach((name) => opening.result.createObjectStore(name));
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

/**
 * Runs one request in its own transaction.
 * @param {'wishes' | 'facts'} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} makeRequest
 * @returns {Promise<any>}
 */
async function transact(name, mode, makeRequest) {
  const database = await openDatabase();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode);
      const request = makeRequest(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

const read = (name, key) => transact(name, 'readonly', (store) => store.get(key));
const readAll = (name) => transact(name, 'readonly', (store) => store.getAll());
/** Writes a value. `undefined` deletes the entry. */
const write = (name, key, value) =>
  transact(name, 'readwrite', (store) => (value === undefined ? store.delete(key) : store.put(value, key)));
