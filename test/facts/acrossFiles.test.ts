/** What rules see of what lies in other files: one program of several files for each way in which code is wired. */
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { casesIn } from '../support/cases';
import { reviews } from '../support/fixtures';

const rules = ['n-plus-one', 'sql-injection'];

for (const name of ['acrossFiles', 'injection', 'awilix', 'wiring', 'higherOrder'])
  describe(name, () => {
    for (const each of casesIn(join(import.meta.dirname, `${name}.md`)))
      test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
  });
