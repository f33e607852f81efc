/** What a table of Drizzle's is in the words of MySQL and SQLite. */
import type { DrizzleColumn, DrizzleDialect, Step } from './declared';
import type { DrizzleReader } from './tables';
import { type Quote, UNKNOWN_TYPE, Writer } from './writer';

const inBackticks: Quote = name => `\`${name.replaceAll('`', '``')}\``;

/** As MySQL or SQLite takes it. */
export class OtherWriter extends Writer {
  constructor(
    reader: DrizzleReader,
    open: Set<string>,
    private readonly dialect: Exclude<DrizzleDialect, 'postgresql'>,
  ) {
    super(reader, open, inBackticks);
  }

  protected override column({ name, type, counts, steps }: DrizzleColumn): string {
    const step = (called: string): Step | undefined => steps.find(each => each.name === called);
    const isMysql = this.dialect === 'mysql';
    const key = step('primaryKey');
    const counting = counts || step('autoincrement') || this.isCounting(key);
    const value = this.defaultOf(steps);
    const generated = step('generatedAlwaysAs');
    const expression = generated && this.generatedAs(generated);
    return [
      this.quote(name),
      type ?? this.quote(UNKNOWN_TYPE),
      key ? 'PRIMARY KEY' : '',
      counting ? (isMysql ? 'AUTO_INCREMENT' : 'AUTOINCREMENT') : '',
      expression === undefined ? '' : `GENERATED ALWAYS AS (${expression})`,
      value === undefined ? '' : `DEFAULT ${/^[\w'.(-]/.test(value) ? value : `(${value})`}`,
      step('notNull') || key || counts ? 'NOT NULL' : '',
      counts && !key ? 'UNIQUE' : '',
      step('onUpdateNow') ? 'ON UPDATE CURRENT_TIMESTAMP' : '',
    ]
      .filter(Boolean)
      .join(' ');
  }

  /** SQLite's `primaryKey({ autoIncrement: true })`. */
  private isCounting(key: Step | undefined): boolean {
    const option = key && this.reader.entry(key.arguments[0]?.value, key.scope, 'autoIncrement');
    return option?.value.kind === 'constant' && option.value.value === true;
  }

  protected override by(): string {
    return '';
  }
}
