/** What one call of an ORM for all items of a loop would look like, for the hover, in the program's own names. */
import type { QueryExecution } from '../../facts/facts';
import type { CodeWriter } from '../../program/writer';

/**
 * `await prisma.line.findMany({ where: { orderId: order.id } })` in a loop over `orders`, as one call:
 * `await prisma.line.findMany({ where: { orderId: { in: orders.map(order => order.id) } } })`. Nothing where the item goes
 * in anywhere else than as the value of one entry of the filter.
 */
export function batchedFilter(
  { rewrite, oneOfThese, batchedBy, label }: QueryExecution,
  writer: CodeWriter,
): string | undefined {
  const loop = rewrite?.loop;
  if (!loop || oneOfThese === undefined || !/^[\p{L}_$][\w$]*(?:\.[\p{L}_$][\w$]*)*$/u.test(loop.source))
    return undefined;
  const { item, source, awaited } = loop;
  if (item === undefined) return undefined;
  const mention = `(?<![\\w$.])${item.replace(/[$]/g, '\\$&')}(?![\\w$]|\\s*:)`;
  const entries = [
    ...awaited.source.matchAll(new RegExp(`(?<=[\\w$'"]\\s*:\\s*)${mention}(?:\\.[\\w$]+)*(?=\\s*[,}])`, 'g')),
  ];
  const [entry, ...others] = entries;
  if (!entry || others.length > 0) return undefined;
  if ([...awaited.source.matchAll(new RegExp(mention, 'g'))].length !== 1) return undefined;
  const keys = entry[0] === item ? source : writer.mapped(source, item, entry[0]);
  const text =
    awaited.source.slice(0, entry.index) +
    oneOfThese.replace('…', keys) +
    awaited.source.slice(entry.index + entry[0].length);
  const method = /\.([\w$]+)\(\)$/.exec(label)?.[1];
  const named = batchedBy === undefined ? text : text.replace(`.${method}(`, `.${batchedBy}(`);
  return `\`\`\`\n${named}\n\`\`\``;
}
