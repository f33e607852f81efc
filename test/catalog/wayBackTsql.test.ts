/** The way back of a step on SQL Server, as it is written. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, emptyCatalog } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import { readDialect } from '../../src/catalog/readDialect';
import { wayBackDialect } from '../../src/catalog/wayBackDialect';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';
import { casesIn } from '../support/cases';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

function run(catalog: Catalog, text: string): Catalog {
  let now = catalog;
  for (const { operations } of readDialect(trees, text, 'transactsql')) {
    const { catalog: next, failures } = fold(now, operations);
    expect(failures.map(({ says }) => says)).toEqual([]);
    expect(operations.filter(each => each.kind === 'unread' && each.mayChangeSchema)).toEqual([]);
    now = next;
  }
  return now;
}

const nothing = emptyCatalog({ complete: true, dialect: 'transactsql' });

describe('SQL Server', () => {
  const [base, ...cases] = casesIn(join(import.meta.dirname, 'wayBackTsql.md'));
  for (const { title, blocks } of cases)
    test(title, () => {
      const [up, down] = blocks;
      const before = run(nothing, base?.blocks[0]?.text ?? '');
      const after = run(before, up?.text ?? '');
      const { statements, notes, obstacles } = wayBackDialect(after, before, 'transactsql', trees);
      const lines = obstacles.length > 0 ? obstacles.map(each => `refused: ${each}`) : statements;
      const written = [...lines, ...notes.map(({ says }) => `-- ${says}`)].join('\n');
      expect(written).toBe((down?.text ?? '').trimEnd());
    });
});
