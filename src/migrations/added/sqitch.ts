/**
 * New changes of Sqitch's: a script for each way, one that verifies where the others have one, and a line of the plan.
 * Source: sqitch.org/docs/manual/sqitchplan, sqitch.org/docs/manual/sqitchtutorial.
 */
import type { FileId } from '../../engine/place';
import type { HistoryStep } from '../history';
import type { WriteNew } from './newMigration';

/** The folder that holds `deploy`, with what parts it from a name. */
const topOf = ({ file }: HistoryStep): string => file.replace(/deploy\/.*$/, '');
const verifyOf = (newest: HistoryStep): FileId => newest.file.replace(/(^|\/)deploy\//, '$1verify/');

export const sqitchLists = (newest: HistoryStep): readonly FileId[] => [
  `${topOf(newest)}sqitch.plan`,
  verifyOf(newest),
];

export const newInSqitch: WriteNew = ({ newest, text, lists, now }, { name }, migration, before) => {
  const { comments, up, down, alone, does } = migration;
  const top = topOf(newest);
  const plan = lists.get(`${top}sqitch.plan`);
  // who plans a change is told by the last one
  const planner = [...(plan ?? '').matchAll(/\dT\d\d:\d\d:\d\dZ\s+([^<\n#]+<[^>\n]*>)/g)].at(-1)?.[1];
  if (plan === undefined || planner === undefined) return undefined;
  const [, project = '', engine] = /^-- Deploy (?:([^:\s]+:)?)\S+ to (\S+)/m.exec(text) ?? [];
  const head = (what: string): string =>
    engine === undefined ? '' : `-- ${what.replace('%', project + name)} ${engine}\n\n`;
  const inOne = (statements: readonly string[]): string => {
    const lines = statements.map(each => `${each}\n`).join('');
    return alone ? lines : `BEGIN;\n\n${lines}\nCOMMIT;\n`;
  };
  const time = now.toISOString().replace(/\.\d+/, '');
  const line = `${name} [${before?.name ?? newest.name}] ${time} ${planner} # ${does}`;
  const said = comments.map(each => `-- ${each}\n`).join('');
  const verifies = lists.has(verifyOf(newest));
  return [
    { file: `${top}deploy/${name}.sql`, text: `${head('Deploy % to')}${said}${said === '' ? '' : '\n'}${inOne(up)}` },
    {
      file: `${top}revert/${name}.sql`,
      text: `${head('Revert % from')}${down.length > 0 ? inOne(down) : '-- Nothing to take back.\n'}`,
    },
    ...(verifies
      ? [
          {
            file: `${top}verify/${name}.sql`,
            text: `${head('Verify % on')}BEGIN;\n\n-- What it does either fails or is done.\n\nROLLBACK;\n`,
          },
        ]
      : []),
    { file: `${top}sqitch.plan`, text: `${plan.trimEnd()}\n${line}\n` },
  ];
};
