import { expect, type Locator, type Page } from '@playwright/test';

/** A page with cards: the front page, an edition, the bookmarks. */
export class Listing {
  readonly cards: Locator;
  readonly more: Locator;
  readonly end: Locator;
  readonly search: Locator;
  readonly result: Locator;

  constructor(readonly page: Page) {
    this.cards = page.getByRole('feed').getByRole('article');
    this.more = page.getByRole('link', { name: 'Load more' });
    this.end = page.getByRole('heading', { name: 'You’re all caught up' });
    this.search = page.getByRole('searchbox');
    this.result = page.getByRole('main').locator('.result');
  }

  /** Opens a page and waits until it is loaded and, with JavaScript, until its script is ready. */
  async open(path = '/') {
    await this.page.goto(path);
    await this.awake();
  }

  /** Waits until the script of the page is ready. Without JavaScript it returns at once. */
  async awake() {
    if (await this.page.evaluate(() => matchMedia('(scripting: enabled)').matches)) {
      await this.page.locator('html[data-awake]').waitFor({ state: 'attached' });
    }
  }

  card(title: string | RegExp): Locator {
    return this.page.getByRole('article', { name: title });
  }

  /** The ids of the cards, which are unique for each paper. */
  ids(): Promise<string[]> {
    return this.cards.evaluateAll((cards) => cards.map((card) => card.id));
  }

  /** Scrolls down until there are at least `count` papers. */
  async scrollTo(count: number) {
    await expect(async () => {
      await this.page.keyboard.press('End');
      // Not by role, because computing the roles of 1,000 cards takes seconds on a busy machine.
      expect(await this.page.locator('[role="feed"] article:not(.is-muted)').count()).toBeGreaterThanOrEqual(count);
    }).toPass({ intervals: [50] });
  }

  async searchFor(words: string) {
    await this.search.fill(words);
    await this.search.press('Enter');
  }

  order(name: string): Locator {
    return this.page.getByRole('list', { name: 'Order' }).getByRole('link', { name, exact: true });
  }

  period(name: string): Locator {
    return this.page.getByRole('list', { name: 'Period' }).getByRole('link', { name, exact: true });
  }

  chip(what: string): Locator {
    return this.page.getByRole('link', { name: `${what} : remove this filter` });
  }

  /** The distance from the upper edge of the window to an element, in pixels. */
  async height(element: Locator): Promise<number> {
    return element.evaluate((element) => element.getBoundingClientRect().top);
  }

  /**
   * The same once it no longer changes: after a jump the next frames lay out the cards near the window at their real
   * height. Needs JavaScript.
   */
  async settledHeight(element: Locator): Promise<number> {
    return element.evaluate(async (element) => {
      const top = () => element.getBoundingClientRect().top;
      for (let last = top(); ; ) {
        for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
        const now = top();
        if (now === last) return now;
        last = now;
      }
    });
  }

  /**
   * Measures an element at the moment at which the page is left, as the reader last saw it. Returns how to ask for that
   * height later. Needs JavaScript.
   */
  async rememberHeightOnLeaving(element: Locator): Promise<() => Promise<number>> {
    await element.evaluate((element) =>
      addEventListener('pagehide', () => sessionStorage.setItem('test-height', String(element.getBoundingClientRect().top))),
    );
    return async () => Number(await this.page.evaluate(() => sessionStorage.getItem('test-height') ?? 'NaN'));
  }
}

/** The bookmark button of a card, or of the page of a paper. */
export const bookmark = (within: Locator) => within.getByRole('button', { name: 'Bookmark' });
