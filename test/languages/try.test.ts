import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { printModule } from '../../src/program/print';
import { readModel } from '../program/readModel';
import { lower } from './typescript/lower';

test('x', async () => {
  const file = process.env.TRY_FILE ?? '';
  const m = await lower(readFileSync(file, 'utf8'), file.split('/').at(-1));
  const p = printModule(m);
  console.log(p);
  const q = printModule(readModel(p));
  if (q !== p) {
    const a = p.split('\n'),
      b = q.split('\n');
    const i = a.findIndex((l, i) => l !== b[i]);
    console.log('DIFFERS', a[i], '|', b[i]);
  }
});
