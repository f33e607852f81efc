import { expect, test } from 'vitest';
import { remembered } from '../../src/sql/remembered';
import { remembering } from '../../src/sql/remembering';

test('a text is looked at once, also when the answer is nothing', () => {
  const seen: string[] = [];
  const find = remembered(text => {
    seen.push(text);
    return text === 'none' ? undefined : text.length;
  });
  expect([find('SELECT 1'), find('none'), find('SELECT 1'), find('none')]).toEqual([8, undefined, 8, undefined]);
  expect(seen).toEqual(['SELECT 1', 'none']);
});

test('what was found long ago is forgotten, so that memory stays bounded', () => {
  let looks = 0;
  const find = remembered(text => {
    looks += 1;
    return text;
  });
  for (let index = 0; index <= 4000; index++) find(`SELECT ${index}`);
  looks = 0;
  find('SELECT 4000');
  expect(looks).toBe(0);
  find('SELECT 0');
  expect(looks).toBe(1);
});

test('a very long text is not kept', () => {
  let looks = 0;
  const find = remembered(() => {
    looks += 1;
  });
  const dump = 'x'.repeat(20_001);
  find(dump);
  find(dump);
  expect(looks).toBe(2);
});

test('reading and accepting are remembered apart', () => {
  const parser = remembering({ dialect: 'mysql', read: () => [], accepts: text => text === 'SELECT 1' });
  expect(parser.read('SELECT 1')).toEqual([]);
  expect(parser.accepts('SELECT 1')).toBe(true);
  expect(parser.dialect).toBe('mysql');
});
