/** Laravel: a class with `up` and `down`, named or not, in a file that the time begins. Source: laravel.com/docs/migrations. */
import type { Module, Unit } from '../../program/model';
import type { Dialect } from '../../sql/dialect';
import type { CodeDirection } from '../codeFiles';
import { baseName, type Direction, type Format, folderOf } from '../contribution';
import { codeDirection } from './code';

export const laravel: Format = ({ file, module }, projects) => {
  const owner = module?.language === 'php' ? migrationIn(module) : undefined;
  const up = owner && unitOf(module, owner.methods.get('up'));
  if (!module || !up) return [];
  const down = unitOf(module, owner.methods.get('down'));
  return [
    {
      kind: 'migration',
      tool: 'laravel',
      folder: folderOf(file),
      key: file,
      name: baseName(file).replace(/\.php$/i, ''),
      dialect: projects,
      up: spelt(codeDirection({ file, module }, 'laravel', directionOf(up), projects), projects),
      ...(down
        ? { down: spelt(codeDirection({ file, module }, 'laravel', directionOf(down), projects), projects) }
        : {}),
    },
  ];
};

/** Names in the quotes of the server: what a builder makes is written for PostgreSQL. */
function spelt(direction: Direction, dialect: Dialect): Direction {
  if (dialect !== 'mysql' && dialect !== 'mariadb') return direction;
  const inBackticks = (sql: string): string =>
    sql
      .split(/('(?:[^']|'')*')/)
      .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('"', '`')))
      .join('');
  const statements = direction.script.statements.map(each =>
    each.pieces.length > 0 ? each : { ...each, sql: inBackticks(each.sql) },
  );
  return { ...direction, script: { ...direction.script, statements } };
}

const migrationIn = ({ classes }: Module) =>
  classes.find(
    each => each.methods.has('up') && each.extends?.kind === 'name' && /(?:^|\\)Migration$/.test(each.extends.name),
  );

const unitOf = (module: Module | undefined, id: string | undefined): Unit | undefined =>
  module?.units.find(unit => unit.id === id);

function directionOf(unit: Unit): CodeDirection {
  const line = /^[^\n{]*/.exec(unit.text)?.[0] ?? '';
  const start = Math.max(0, line.search(/\b(?:up|down)\b/));
  return {
    function: unit.function,
    at: { unit: unit.id, start, end: start + (line.includes('down') ? 4 : 2) },
    ...(unit.ownerClass === undefined ? {} : { ownerClass: unit.ownerClass }),
  };
}
