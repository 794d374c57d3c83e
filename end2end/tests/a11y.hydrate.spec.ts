import { test } from '../fixtures/broadsheet';
import { states } from '../pages/states';

test.use({ instance: 'a11y' });

for (const [name, open] of Object.entries(states)) {
  test(`${name} is accessible`, async ({ page, broadsheet, complaints, accessible }, info) => {
    await open({ page, broadsheet, address: `${name}-${info.project.name}@example.org`, expected: complaints.expected });
    await accessible();
  });
}
