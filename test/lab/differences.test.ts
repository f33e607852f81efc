/** What makes no difference between two moments of one run. */
import { expect, test } from 'vitest';
import { compareSnapshots, describe } from '../../src/lab/differences';
import type { SchemaRow } from '../../src/lab/snapshot';

const withDefault = (value: string): readonly SchemaRow[] => [
  {
    kind: 'column',
    name: 'public.users.created_at',
    parent: 'public.users',
    aspect: 'existence',
    value: '',
    soft: false,
  },
  { kind: 'column', name: 'public.users.created_at', parent: 'public.users', aspect: 'default', value, soft: false },
];

test.each([
  [
    "'2026-01-05 10:00:00.123'::timestamp without time zone",
    "'2026-01-05 10:00:07.65+00'::timestamp with time zone",
    true,
  ],
  [
    "'2026-01-05 10:00:00.123456'::timestamp without time zone",
    "'2026-01-05 10:00:07.654321'::timestamp without time zone",
    true,
  ],
  [
    "'2026-01-05 10:00:00.123456+00'::timestamp with time zone",
    "'2026-01-05 10:00:07.65432+00'::timestamp with time zone",
    true,
  ],
  ["'2026-01-05 10:00:00'::timestamp without time zone", "'2026-01-05 10:00:07'::timestamp without time zone", false],
  ["'2026-01-05 10:00:00.123456+00'::timestamp with time zone", 'now()', false],
  [
    "'2026-01-05 10:00:00.123456'::timestamp without time zone",
    "'2025-01-05 10:00:07.654321'::timestamp without time zone",
    false,
  ],
])("%s, and %s: the moments of DEFAULT 'now()', %s", (before, after, isSame) => {
  expect(compareSnapshots(withDefault(before), withDefault(after)).map(describe)).toHaveLength(isSame ? 0 : 1);
});
