/** Which functions run once for every request: what routes are given, what is written like a handler, what platforms call by name. */
import { fileOf, type Place, type UnitId } from '../engine/place';
import { placeIn } from '../program/analysis';
import { inherited } from '../program/members';
import type { Function as FunctionNode, Parameter } from '../program/model';
import { visitNodes } from '../program/traverse';
import type { EntityName } from '../program/value';
import type { LibraryTables } from './libraryTables';
import type { Setting } from './setting';

export interface Handlers {
  /** The unit as a whole handles requests. */
  readonly whole: boolean;
  /** Functions inside it that do. */
  readonly inner: readonly Place[];
}

const NONE: Handlers = { whole: false, inner: [] };

/** Kept in the analysis' memory. */
export function handlersIn(setting: Setting, unit: UnitId): Handlers {
  return setting.analysis.remember<Handlers | undefined>(`handlers ${unit}`, () => find(setting, unit)) ?? NONE;
}

function find(setting: Setting, unit: UnitId): Handlers {
  const source = setting.analysis.source(unit);
  if (!source) return NONE;
  const whole =
    fileOf(unit) !== unit &&
    (isHandler(source.function) ||
      isDecorated(source.function) ||
      isRegistered(setting, unit, source.function) ||
      isCalledByPlatform(unit, source.function) ||
      routedUnits(setting, fileOf(unit)).has(unit));
  const routed = setting.analysis
    .unit(unit)
    .calls.filter(({ target }) => target.kind === 'library' && setting.tables.routes.has(target.name))
    .flatMap(call =>
      call.node.arguments.flatMap(({ value }) => (value.kind === 'lambda' ? [placeIn(unit, value)] : [])),
    );
  const inner = [...routed];
  visitNodes(source.function.body, node => {
    if (node.kind === 'lambda' && isHandler(node.function)) inner.push(placeIn(unit, node));
    return true;
  });
  return whole || inner.length > 0 ? { whole, inner } : NONE;
}

/** Functions that calls of this file register as handlers. */
function routedUnits({ analysis, tables }: Setting, file: string): ReadonlySet<UnitId> {
  const routed = new Set<UnitId>();
  for (const { target, arguments: args } of analysis.unit(file).calls) {
    if (target.kind !== 'library' || !tables.routes.has(target.name)) continue;
    for (const { value } of args) if (value.shape.kind === 'function') routed.add(value.shape.unit);
  }
  return routed;
}

const REQUEST = /^_?(?:req|request)$/;
const RESPONSE = /^_?(?:res|response|reply|resp)$/;

const nameOf = (parameter: Parameter | undefined): string =>
  parameter?.target.kind === 'variable' ? parameter.target.name : '';

/** `(req, res) => …`, and `(error, req, res, next) => …` */
const isHandler = ({ parameters }: FunctionNode): boolean =>
  parameters.some(
    (parameter, index) => REQUEST.test(nameOf(parameter)) && RESPONSE.test(nameOf(parameters[index + 1])),
  );

/** A framework fills its parameters from the request: `list(@Query() filter: Filter)`. */
const isDecorated = ({ parameters, decorators = [] }: FunctionNode): boolean =>
  decorators.length > 0 && parameters.some(({ decorators: marks = [] }) => marks.length > 0);

/** What registers it stands above it: `@app.get("/orders")`. */
const isRegistered = ({ analysis, tables }: Setting, unit: UnitId, { decorators = [] }: FunctionNode): boolean =>
  decorators.length > 0 &&
  tables.inputHandlers.size > 0 &&
  analysis
    .unit(unit)
    .calls.some(
      ({ node, target }) =>
        target.kind === 'library' && decorators.includes(node) && registers(tables, target.name) !== undefined,
    );

/** What a decorator's functions are handed, for messages; those of a type that inherits it, `FastAPI.get`, are handed the same. */
export function registers({ inputHandlers, semantics }: LibraryTables, name: EntityName): string | undefined {
  const end = name.lastIndexOf('.');
  const [type, member] = end > name.indexOf('#') ? [name.slice(0, end), name.slice(end)] : [name, ''];
  for (const each of inherited(semantics, type)) {
    const label = inputHandlers.get(`${each}${member}`);
    if (label !== undefined) return label;
  }
  return undefined;
}

/** Functions that a platform calls by their name, once a request. */
const EVENT_HANDLER = /^(?:handler|lambdaHandler)$/;
const METHOD_HANDLER = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;
const PAGE_HANDLER = /^(?:getServerSideProps|loader|action)$/;
const EVENT = /^_?(?:event|evt|e|req|request)$/;

function isCalledByPlatform(unit: UnitId, { name = '', parameters }: FunctionNode): boolean {
  if (METHOD_HANDLER.test(name)) return true;
  if (PAGE_HANDLER.test(name)) return parameters.length > 0;
  return EVENT_HANDLER.test(name) && unit.endsWith(`#${name}`) && EVENT.test(nameOf(parameters[0]));
}
