/** Whether the spans of a module lie where its source says the same, told by the nodes' shape: no kind of node is left out. */
import type { Module, Unit } from '../../../src/program/model';

/** One line for each node that does not stand where its span says; empty when all is well. */
export function misplacedIn(module: Module, source: string): string[] {
  const problems: string[] = [];
  for (const unit of [module.top, ...module.units]) {
    const stands = source.slice(unit.start, unit.start + unit.text.length);
    if (stands !== unit.text) problems.push(`the text of ${unit.id} is ${JSON.stringify(stands)}`);
    checkNode(unit.function, { start: 0, end: unit.text.length }, unit, problems);
  }
  for (const comment of module.comments)
    if (source.slice(comment.start, comment.end) !== comment.text) problems.push(`comment ${comment.text}`);
  return problems;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function checkNode(node: unknown, around: Stretch, unit: Unit, problems: string[]): void {
  if (Array.isArray(node)) for (const each of node) checkNode(each, around, unit, problems);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  // an import declares in one place and names its module in another
  const whole = 'statement' in node ? node.statement : node;
  const span = typeof whole === 'object' && whole !== null && isStretch(whole) ? whole : around;
  const elsewhere = 'kind' in node && node.kind === 'import';
  if (!elsewhere && (span.start < around.start || span.end > around.end || span.start > span.end))
    problems.push(`${describe(node, unit)} is not inside ${JSON.stringify(unit.text.slice(around.start, around.end))}`);
  const said = contradiction(node, unit);
  if (said !== undefined) problems.push(`${describe(node, unit)}: ${said}`);
  for (const [key, child] of Object.entries(node))
    if (key !== 'escapes' && key !== 'statement') checkNode(child, span, unit, problems);
}

const isStretch = (node: object): node is Stretch =>
  'start' in node && 'end' in node && typeof node.start === 'number' && typeof node.end === 'number';

function describe(node: object, unit: Unit): string {
  const kind = 'kind' in node ? String(node.kind) : 'a node';
  const text = isStretch(node) ? JSON.stringify(unit.text.slice(node.start, node.end)) : '';
  return `${unit.id}: ${kind} ${text}`;
}

/** What the node says and the source at its span does not. */
function contradiction(node: object, unit: Unit): string | undefined {
  if (!('kind' in node) || !isStretch(node)) return undefined;
  const text = unit.text.slice(node.start, node.end);
  switch (node.kind) {
    case 'name':
    case 'variable':
      // what a default export is called, and the member that a default import reads, stand nowhere
      if (!('name' in node) || node.name === 'default') return undefined;
      return text === node.name ? undefined : `it is the name ${String(node.name)}`;
    case 'member': {
      if (!('nameSpan' in node && 'name' in node && typeof node.nameSpan === 'object' && node.nameSpan))
        return undefined;
      const name = isStretch(node.nameSpan) ? unit.text.slice(node.nameSpan.start, node.nameSpan.end) : undefined;
      return name === node.name || node.name === 'default' ? undefined : `its name stands at ${name}`;
    }
    case 'text':
      if (!('open' in node && 'close' in node)) return undefined;
      if (!text.startsWith(String(node.open))) return 'its opening delimiter differs';
      // behind a pattern's last slash stand its flags
      return node.open === '/' || text.endsWith(String(node.close)) ? undefined : 'its closing delimiter differs';
    case 'part':
      return 'value' in node ? mapping(text, String(node.value), 'escapes' in node ? node.escapes : []) : undefined;
    case 'hole':
      return text.startsWith('${') || text.startsWith('{') ? undefined : 'it does not begin with its delimiter';
    default:
      return undefined;
  }
}

/** Between two escapes, value and source are the same text. */
function mapping(source: string, value: string, escapes: unknown): string | undefined {
  let [valueAt, sourceAt] = [0, 0];
  for (const pair of Array.isArray(escapes) ? escapes : []) {
    const [inValue, inSource] = Array.isArray(pair) ? pair.map(Number) : [];
    if (inValue === undefined || inSource === undefined) return 'an escape is no pair of offsets';
    const [said, written] = [value.slice(valueAt, inValue), source.slice(sourceAt, inSource)];
    const plain = written.search(/\\|\r\n|\{\{|\}\}/);
    if (plain < 0 || said.slice(0, plain) !== written.slice(0, plain)) return `${said} is not ${written}`;
    [valueAt, sourceAt] = [inValue, inSource];
  }
  const [said, written] = [value.slice(valueAt), source.slice(sourceAt)];
  return said === written ? undefined : `${said} is not ${written}`;
}
