import { describe, expect, test } from 'vitest';
import { messageOf } from '../../src/engine/finding';
import { reviewProgram } from '../support/reviewProgram';
import { folders } from './folders';

const RULES = { rules: ['irreversible-migration'] };

describe('the one wrong down among fifty migrations', () => {
  test.each(folders().map(folder => [folder.format, folder] as const))('of %s', async (_, { files, wrong }) => {
    const reviews = await reviewProgram(files, RULES);
    expect(reviews.flatMap(({ notifications }) => notifications)).toEqual([]);
    const found = reviews.flatMap(({ findings }) => findings);
    expect(found.map(finding => `${finding.at.file}: ${messageOf(finding)}`)).toEqual([
      expect.stringContaining(`${wrong.file}: `),
    ]);
    expect(found.map(messageOf).join()).toContain(wrong.object);
  });
});
