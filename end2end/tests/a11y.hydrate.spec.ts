import { test } from '../fixtures/broadsheet';
import { states } from '../pages/states';

test.use({ instance: 'a11y' });

for (const [name, reach] of Object.entries(states)) {
  test(`${name} can be read and used by everybody`, async ({ page, broadsheet, complaints, accessible }, info) => {
    await reach({ page, broadsheet, address: `${name}-${info.project.name}@example.org`, expected: complaints.expected });
    await accessible();
  });
}
