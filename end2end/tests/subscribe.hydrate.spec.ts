import { expect, test } from '../fixtures/broadsheet';
import { Listing } from '../pages/listing';

test.use({ instance: 'subscribe' });

test('an invalid address in the banner shows an error beside the field, on the same page', async ({ page, complaints, isMobile }) => {
  complaints.expected.push(/422/);
  const feed = new Listing(page);
  await feed.open('/?sort=new');
  const banner = page.getByRole('region', { name: 'Email digest' });
  if (isMobile) await banner.getByText('Subscribe', { exact: true }).filter({ visible: true }).click();
  const field = banner.getByRole('textbox', { name: 'Email address' });
  await field.fill('someone@nowhere');
  await field.press('Enter');
  await expect(banner.getByRole('alert')).toBeVisible();
  await expect(field).toHaveValue('someone@nowhere');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(/domain/);
  await expect(page).toHaveURL('/?sort=new');
  await field.fill('someone@example.org');
  await field.press('Enter');
  await expect(banner.getByRole('status')).toContainText('Check your inbox');
  await expect(banner.getByRole('alert')).toHaveCount(0);
});
