/**
 * Which openings in the conditions of a document database a client's data is proven to reach as an object: not where what
 * comes in is always text, where a middleware or a declared type checks it, or where the service strips operators.
 */
import { fileOf, type UnitId } from '../engine/place';
import type { Analysis } from '../program/analysis';
import { UNKNOWN } from '../program/lattice';
import type { Type } from '../program/model';
import type { OperatorOpening, QueryExecution } from './facts';
import type { InputPaths } from './requestInput';
import type { Setting } from './setting';

/** The queries with the openings that are proven; each other one is left as it is. */
export function withProvenOpenings(
  setting: Setting,
  units: readonly UnitId[],
  paths: InputPaths,
): (query: QueryExecution) => QueryExecution {
  if (STRIPS.some(name => setting.dependencies.has(name))) return withoutOpenings;
  const nests = nestsQueries(setting.dependencies);
  const checked = checkedHandlers(setting, units);
  return query => {
    const { rows } = query;
    if (!rows || rows.openings.length === 0) return query;
    const openings = checked(query.call)
      ? []
      : rows.openings
          .map((opening): OperatorOpening => ({ ...opening, ...paths.proven(opening) }))
          .filter(
            ({ inputLabel, inputPath, from, how }) =>
              inputPath !== undefined &&
              (how === 'code' ||
                inputLabel === 'the request body' ||
                inputLabel === 'the request' ||
                inputLabel === 'the message of a client' ||
                (nests && inputLabel === 'the query string')) &&
              !isDeclared(setting.analysis, inputPath[0]?.at ?? query.at, from),
          );
    return { ...query, rows: { ...rows, openings } };
  };
}

/** Packages that take operators out of what comes in, for the whole service. */
const STRIPS = ['npm:express-mongo-sanitize', 'npm:@exortek/express-mongo-sanitize', 'npm:koa-mongo-sanitize'];

const withoutOpenings = (query: QueryExecution): QueryExecution =>
  query.rows && query.rows.openings.length > 0 ? { ...query, rows: { ...query.rows, openings: [] } } : query;

/** Whether the query string may hold objects: Express reads `?a[$gt]=` as one, the others do not. */
const nestsQueries = (dependencies: ReadonlySet<string>): boolean =>
  ['npm:express', 'npm:@nestjs/core', 'npm:@nestjs/common'].some(name => dependencies.has(name)) ||
  !['npm:fastify', 'npm:koa', 'npm:hono', 'npm:next'].some(name => dependencies.has(name));

/** Middlewares and options of a route that check what comes in. */
const CHECKS = /valid|schema|celebrate|joi\b|zod|ajv|sanit|\bbody\(|\bcheck\(|\bquery\(|\bdto\b|typebox|rules?\b/i;

/** The functions of routes that something in front of them checks for. */
function checkedHandlers(
  { analysis, tables }: Setting,
  units: readonly UnitId[],
): (call: QueryExecution['call']) => boolean {
  let known: ReadonlySet<string> | undefined;
  const handlers = (): ReadonlySet<string> => {
    const found = new Set<string>();
    for (const unit of units)
      for (const call of analysis.unit(unit).calls) {
        if (call.target.kind !== 'library' || !tables.routes.has(call.target.name)) continue;
        if (
          !call.arguments.some(({ source, value }) =>
            value.shape.kind !== 'function' && value.shape.kind !== 'lambda'
              ? CHECKS.test(source.slice(0, 400))
              : false,
          )
        )
          continue;
        for (const { value } of call.arguments) if (value.shape.kind === 'function') found.add(value.shape.unit);
      }
    return found;
  };
  return call => {
    known ??= handlers();
    return known.has(call.unit);
  };
}

/** What comes in is a declared class whose fields say what they take: `@IsString() email: string`. */
function isDeclared(
  analysis: Analysis,
  entry: { readonly unit: UnitId; readonly start: number },
  from: OperatorOpening['from'],
): boolean {
  const owners = [entry.unit, ...from.flatMap(source => (source.kind === 'parameter' ? [source.unit] : []))];
  return owners.some(unit => {
    const parameters = analysis.source(unit)?.function.parameters ?? [];
    const parameter =
      parameters.find(each => unit === entry.unit && each.start <= entry.start && entry.start < each.end) ??
      parameters[indexIn(from, unit)];
    return parameter?.type !== undefined && hasDecoratedFields(analysis, unit, parameter.type);
  });
}

const indexIn = (from: OperatorOpening['from'], unit: UnitId): number =>
  from.flatMap(source => (source.kind === 'parameter' && source.unit === unit ? [source.index] : []))[0] ?? -1;

function hasDecoratedFields(analysis: Analysis, unit: UnitId, type: Type): boolean {
  if (type.kind !== 'named') return false;
  const { shape } = analysis.environment(fileOf(unit)).variables.get(type.name) ?? UNKNOWN;
  if (shape.kind !== 'class') return false;
  const declared = analysis.environment(shape.file).classes.get(shape.name);
  if (!declared) return false;
  // a class made of another, `PartialType(CreateUserDto)`, has its checks
  return (
    declared.class.fields.some(field => (field.decorators ?? []).length > 0) || declared.class.extends !== undefined
  );
}
