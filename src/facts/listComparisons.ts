/** Comparisons of a column with what differs from turn to turn, and what they are for a list of that. */
import { namesOf } from '../libraries/names';
import type { LibraryModel, ListFormRow, Names } from '../libraries/vocabulary';
import type { ObservedCall } from '../program/analysis';
import type { Call, Expression, Span, Unit } from '../program/model';
import type { TogetherPiece } from './facts';

/** An edit of the text of a call, by what goes in there. */
export interface Change extends Span {
  readonly pieces: readonly TogetherPiece[];
  readonly column?: string;
}

/** Reads the comparisons in the calls of one query. */
export class ListComparisons {
  constructor(
    private readonly program: Unit,
    protected readonly table: LibraryModel | undefined,
    private readonly varying: ReadonlySet<string>,
  ) {}

  protected text({ start, end }: Span): string {
    return this.program.text.slice(start, end).replace(/\s*\n\s*/g, ' ');
  }

  protected isKey(value: Expression): boolean {
    if (value.kind === 'lambda' || value.kind === 'record' || value.kind === 'list' || value.kind === 'unit')
      return false;
    const text = this.text(value);
    return [...this.varying].some(name => mentionOf(name).test(text));
  }

  /** `where('order_id', order.id)`, `eq(lines.orderId, order.id)`: a call that compares, in its form for a list. */
  protected callForm({ node, target }: Pick<ObservedCall, 'node' | 'target'>): Change | undefined {
    const { table } = this;
    const { callee } = node;
    if (!table || callee.kind !== 'member') return undefined;
    const isCallOf = (names: readonly string[]): boolean =>
      target.kind === 'library' ? isNamed(table, names, target.name) : names.some(name => isMember(name, callee.name));
    const compared = comparedBy(node);
    if (!compared || !this.isKey(compared.value)) return undefined;
    const from = { start: callee.nameSpan.start, end: node.end };
    const key = { each: this.text(compared.value) };
    const column = this.text(compared.column);
    for (const { call, batched } of table.equalities ?? [])
      if (isCallOf(namesOf(call)))
        return {
          ...from,
          pieces: [`${batched}(${compared.quoted ? `'${compared.name}'` : column}, `, key, ')'],
          column: compared.name,
        };
    const form = (table.listForms ?? []).find(
      ({ of, call, operator }) =>
        of === 'call' &&
        call !== undefined &&
        isCallOf(namesOf(call)) &&
        (operator === undefined || operator === compared.operator),
    );
    return (
      form && {
        ...from,
        pieces: formed(form, compared.quoted ? `'${compared.name}'` : column, key.each),
        column: compared.name,
      }
    );
  }

  /** Comparisons in what a call is handed: entries of records, keywords, operators, calls that compare. */
  protected inArgument(value: Expression, keyword: string | undefined, call: Call): readonly Change[] {
    const { table } = this;
    if (!table) return [];
    const forms = table.listForms ?? [];
    if (keyword !== undefined) {
      const form = forms.find(({ of }) => of === 'keyword');
      if (!form || !this.isKey(value)) return [];
      const argument = call.arguments.find(each => each.value === value);
      const before = argument ? this.program.text.slice(call.start, value.start) : '';
      const start = value.start - (new RegExp(`${keyword}\\s*=\\s*$`).exec(before)?.[0].length ?? 0);
      return [{ start, end: value.end, pieces: formed(form, keyword, this.text(value)), column: keyword }];
    }
    const changes: Change[] = [];
    const visit = (each: Expression): void => {
      switch (each.kind) {
        case 'record': {
          const form =
            forms.find(({ of }) => of === 'entry')?.written ??
            (table.oneOfThese === undefined ? undefined : `{column}: ${table.oneOfThese.replace('…', '{each}')}`);
          const compared = each.entries.filter(({ key, value }) => typeof key === 'string' && this.isKey(value));
          if (compared.length > 1 && table.anyOf !== undefined) {
            const [before = '', after = ''] = table.anyOf.split('…');
            changes.push({ ...spanOf(each), pieces: [before, { each: this.text(each) }, after] });
            break;
          }
          for (const entry of each.entries)
            if (form !== undefined && typeof entry.key === 'string' && compared.includes(entry))
              changes.push({
                ...spanOf(entry),
                pieces: formed({ of: 'entry', written: form }, entry.key, this.text(entry.value)),
                column: entry.key,
              });
            else visit(entry.value);
          break;
        }
        case 'list':
          each.items.forEach(visit);
          break;
        case 'operation': {
          const [column, key] = each.operands;
          const form = /^={2,3}$/.test(each.operator) ? forms.find(({ of }) => of === '==') : undefined;
          if (form && column && key && this.isKey(key))
            changes.push({
              ...spanOf(each),
              pieces: formed(form, this.text(column), this.text(key)),
              column: memberOf(this.text(column)),
            });
          else each.operands.forEach(visit);
          break;
        }
        case 'call': {
          const name = each.callee.kind === 'name' || each.callee.kind === 'member' ? each.callee.name : '';
          const comparison = (table.keyedReads ?? []).find(({ comparedBy: by }) => by?.one === name)?.comparedBy;
          const [column, key] = each.arguments.map(argument => argument.value);
          if (comparison && column && key && this.isKey(key)) {
            changes.push({
              ...spanOf(each),
              pieces: [`${comparison.list}(${this.text(column)}, `, { each: this.text(key) }, ')'],
              column: memberOf(this.text(column)),
            });
            break;
          }
          const form = this.callForm({ node: each, target: { kind: 'unknown' } });
          if (form) changes.push(form);
          else {
            if (each.callee.kind === 'member') visit(each.callee.object);
            for (const argument of each.arguments) {
              if (argument.name === undefined) visit(argument.value);
              else changes.push(...this.inArgument(argument.value, argument.name, each));
            }
          }
          break;
        }
        default:
      }
    };
    visit(value);
    return changes;
  }
}

export const isWithin = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

export const spanOf = ({ start, end }: Span): Span => ({ start, end });

const memberOf = (column: string): string => column.slice(column.lastIndexOf('.') + 1);

const formed = ({ written }: ListFormRow, column: string, each: string): readonly TogetherPiece[] => {
  const [before = '', after = ''] = written.replaceAll('{column}', column).split('{each}');
  return [before, { each }, after];
};

/** `Model.get*` names `getLines` too; a name with `#` is of another package. */
export function isNamed(table: LibraryModel, names: Names, entity: string): boolean {
  return namesOf(names).some(name => {
    const packages = [table.package, ...(table.also ?? [])];
    return name.includes('#')
      ? name === entity
      : packages.some(each =>
          name.endsWith('*') ? entity.startsWith(`${each}#${name.slice(0, -1)}`) : entity === `${each}#${name}`,
        );
  });
}

export const hasMember = (names: Names, member: string): boolean => namesOf(names).some(name => isMember(name, member));

const isMember = (name: string, member: string): boolean => {
  const last = memberOf(name);
  return last.endsWith('*') ? new RegExp(`^${last.slice(0, -1)}[A-Z]`).test(member) : last === member;
};

export function entryOf(value: Expression | undefined, name: string): Expression | undefined {
  return value?.kind === 'record' ? value.entries.find(({ key }) => key === name)?.value : undefined;
}

interface ComparedBy {
  readonly column: Span;
  readonly name: string;
  /** The name of the column is a key of a record. */
  readonly quoted: boolean;
  readonly operator?: string;
  readonly value: Expression;
}

/** `where({ order_id: id })`, `where('order_id', id)`, `where('order_id', '=', id)`. */
function comparedBy({ arguments: args }: Call): ComparedBy | undefined {
  const [first, second, third, ...more] = args.map(({ value }) => value);
  if (first?.kind === 'record' && !second) {
    const [entry, ...others] = first.entries;
    return typeof entry?.key === 'string' && others.length === 0
      ? { column: entry, name: entry.key, quoted: true, value: entry.value }
      : undefined;
  }
  if (!first || !second || more.length > 0 || first.kind !== 'text') return undefined;
  const name = constantText(first);
  if (name === undefined) return undefined;
  if (!third) return { column: first, name, quoted: false, value: second };
  const operator = constantText(second);
  return operator === undefined ? undefined : { column: first, name, quoted: false, operator, value: third };
}

export function constantText(expression: Expression): string | undefined {
  const [part, ...more] = expression.kind === 'text' ? expression.parts : [];
  return part?.kind === 'part' && more.length === 0 ? part.value : undefined;
}
export const mentionOf = (name: string): RegExp =>
  new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$&')}(?![\\w$])`, 'g');
