/** Knex's `raw`: a text with its bindings written in. Source: knexjs.org/guide/raw. */
import { type ChainStep, constantText } from '../code/values';
import { entryOf, literalOf, qualified } from './quoting';
import { argument, NotTranslated, writesRows } from './translation';

/** The SQL of `raw(text, bindings)`, or of a call that takes the same: `??` and `:name:` are names, `?` and `:name` are values. @throws NotTranslated */
export function interpolated(step: ChainStep): string {
  const text = constantText(argument(step, 0));
  if (text === undefined) throw new NotTranslated(`\`${step.name}\` of a text that is not constant`);
  const bindings = argument(step, 1);
  if (!bindings) return text;
  const write = (value: string | undefined): string => {
    if (value === undefined)
      throw new NotTranslated(`\`${step.name}\` with a binding that is not constant`, writesRows(text));
    return value;
  };
  const name = (value: string | undefined): string | undefined => (value === undefined ? undefined : qualified(value));
  if (bindings.kind === 'record')
    return text.replace(/(^|[^:\w]):(\w+)(:?)/g, (_, before: string, key: string, isName: string) => {
      const value = entryOf(bindings, key);
      return before + write(isName ? name(constantText(value)) : literalOf(value));
    });
  const values = bindings.kind === 'list' ? bindings.items : [bindings];
  let at = 0;
  return text.replace(/\\\?|\?\??/g, mark => {
    if (mark === '\\?') return '?';
    const value = values[at];
    at += 1;
    return write(mark === '??' ? name(constantText(value)) : literalOf(value));
  });
}
