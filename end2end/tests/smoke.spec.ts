import { expect, test } from '../fixtures/broadsheet';

test('the front page shows papers', async ({ page, axe }) => {
  await page.goto('/');
  await expect(page.getByRole('article').first()).toBeVisible();
  await axe();
});
