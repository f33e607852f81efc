/** Alembic: revisions that name what they go after. Source: alembic.sqlalchemy.org/en/latest/tutorial.html. */
import type { Module, Unit } from '../../program/model';
import { evaluateConstant } from '../code/evaluate';
import { constantText, type Value } from '../code/values';
import type { CodeDirection } from '../codeFiles';
import { baseName, type Format, folderOf } from '../contribution';
import { codeDirection } from './code';

export const alembic: Format = ({ file, module, imported }, projects) => {
  if (module?.language !== 'python') return [];
  const up = unitNamed(module, 'upgrade');
  const id = up && constantText(topValue(module, 'revision'));
  const before = topValue(module, 'down_revision');
  if (!up || id === undefined || before.kind === 'unknown') return [];
  const down = unitNamed(module, 'downgrade');
  return [
    {
      kind: 'migration',
      tool: 'alembic',
      folder: folderOf(file),
      key: file,
      name: baseName(file).replace(/\.py$/, ''),
      dialect: projects,
      revision: { id, after: names(before), needs: names(topValue(module, 'depends_on')) },
      up: codeDirection({ file, module, imported }, 'alembic', directionOf(up), projects),
      ...(down ? { down: codeDirection({ file, module, imported }, 'alembic', directionOf(down), projects) } : {}),
    },
  ];
};

const unitNamed = (module: Module, name: string): Unit | undefined =>
  module.units.find(unit => unit.ownerClass === undefined && unit.function.name === name);

const topValue = (module: Module, name: string): Value =>
  evaluateConstant(module, { kind: 'name', name, start: 0, end: 0 }, module.top.id);

const names = (value: Value): readonly string[] =>
  (value.kind === 'list' ? value.items : [value]).flatMap(each => constantText(each) ?? []);

function directionOf(unit: Unit): CodeDirection {
  const line = /^[^\n]*/.exec(unit.text)?.[0] ?? '';
  const start = Math.max(0, line.search(/\bdef\b/));
  return { function: unit.function, at: { unit: unit.id, start, end: line.trimEnd().length } };
}
