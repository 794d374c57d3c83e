import { expect, type Locator, type Page } from '@playwright/test';

/** The front page, an edition, the bookmarks: cards, and what comes after them. */
export class Listing {
  readonly cards: Locator;
  readonly more: Locator;
  readonly end: Locator;
  readonly search: Locator;
  readonly result: Locator;

  constructor(readonly page: Page) {
    this.cards = page.getByRole('feed').getByRole('article');
    this.more = page.getByRole('link', { name: 'More papers' });
    this.end = page.getByRole('heading', { name: 'You are caught up' });
    this.search = page.getByRole('searchbox');
    this.result = page.getByRole('main').locator('.result');
  }

  /** Opens an address and waits until it is all there: the script too, where there are scripts. */
  async open(path = '/') {
    await this.page.goto(path);
    await this.awake();
  }

  async awake() {
    if (await this.page.evaluate(() => matchMedia('(scripting: enabled)').matches)) {
      await this.page.locator('html[data-awake]').waitFor({ state: 'attached' });
    }
  }

  card(title: string | RegExp): Locator {
    return this.page.getByRole('article', { name: title });
  }

  /** What tells the papers shown from each other. */
  ids(): Promise<string[]> {
    return this.cards.evaluateAll((cards) => cards.map((card) => card.id));
  }

  /** Scrolls down until so many papers are there. */
  async scrollTo(count: number) {
    await expect(async () => {
      await this.page.keyboard.press('End');
      // Not by role: to compute the roles of 1,000 cards takes seconds on a busy machine.
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

  /** How far below the upper edge of the window a card begins. */
  async height(card: Locator): Promise<number> {
    return card.evaluate((card) => card.getBoundingClientRect().top);
  }
}

/** The button of a card, or of a paper's page, that keeps it. */
export const bookmark = (within: Locator) => within.getByRole('button', { name: 'Bookmark' });
