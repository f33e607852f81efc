/** A resource's contract, drawn from its table: OpenAPI schemas, validation, files by the workspace's own folders. */
import { ownerOf } from './fill';
import type { ColumnFacts, StackFacts, TableFacts } from './grounding';

export interface Property {
  readonly name: string;
  /** OpenAPI 3.1, one line of YAML flow. */
  readonly schema: string;
  readonly required: boolean;
  readonly rule: string;
}

/** Columns that a client never sends: keys, times, who it is. */
export function isServersOwn(column: ColumnFacts, table: TableFacts): boolean {
  return (
    column.filled !== undefined ||
    table.primaryKey.includes(column.name) ||
    /^(?:created|updated|deleted|placed|captured|cancelled)_at$/.test(column.name) ||
    column.name === ownerOf(table)?.columns[0] ||
    /^(?:tenant_id|status|role|is_admin|version)$/.test(column.name) ||
    /^(?:password|secret|token)/.test(column.name)
  );
}

/** What never leaves, whatever the table holds. */
export const isHidden = ({ name }: ColumnFacts): boolean =>
  /password|secret|token|_hash$|ssn|iban|card_number/.test(name);

export function propertyOf(column: ColumnFacts, table: TableFacts): Property {
  const { schema, rule } = typed(column, table);
  return { name: camelCase(column.name), schema, required: column.notNull && column.default === undefined, rule };
}

const BOOLEAN = { schema: '{ type: boolean }', rule: 'true or false' };

function typed({ name, type }: ColumnFacts, table: TableFacts): { schema: string; rule: string } {
  const listed = listedValues(name, table);
  if (listed)
    return {
      schema: `{ type: string, enum: [${listed.join(', ')}] }`,
      rule: `one of ${listed.map(each => `\`${each}\``).join(', ')}`,
    };
  const length = /^(?:character varying|varchar|character|char)\((\d+)\)/.exec(type)?.[1];
  if (/^uuid/.test(type)) return { schema: '{ type: string, format: uuid }', rule: 'a UUID' };
  if (/^bigint/.test(type))
    return {
      schema: '{ type: string, pattern: "^[0-9]+$" }',
      rule: 'a whole number, as text: JSON numbers lose digits beyond 2^53',
    };
  if (/^(?:tinyint\(1\)|bit$)/.test(type)) return BOOLEAN;
  if (/^(?:(?:tiny|small|medium)?int|integer)\b/.test(type))
    return {
      schema: `{ type: integer, minimum: ${/cents|count|quantity|amount/.test(name) ? 0 : -2147483648}, maximum: 2147483647 }`,
      rule: `a whole number${/cents|count|quantity|amount/.test(name) ? ', not negative' : ''}, at most 2147483647`,
    };
  if (/^(?:numeric|decimal)/.test(type))
    return { schema: '{ type: string, pattern: "^-?[0-9]+(\\\\.[0-9]+)?$" }', rule: 'a decimal, as text' };
  if (/^(?:real|double|float)/.test(type)) return { schema: '{ type: number }', rule: 'a finite number' };
  if (/^boolean/.test(type)) return BOOLEAN;
  if (/^(?:timestamp|datetime)/.test(type))
    return { schema: '{ type: string, format: date-time }', rule: 'RFC 3339 with an offset' };
  if (/^date/.test(type)) return { schema: '{ type: string, format: date }', rule: 'a date' };
  if (/^json/.test(type))
    return {
      schema: '{ type: object, additionalProperties: false, properties: {} }',
      rule: 'an object of a stated shape and size: say which',
    };
  if (/\[\]$/.test(type))
    return {
      schema: '{ type: array, maxItems: 100, items: { type: string, maxLength: 200 } }',
      rule: 'at most 100 items',
    };
  const longest = length ?? (/name|title|sku|code|reason|currency|phone|email/.test(name) ? '200' : '5000');
  const format = /email/.test(name) ? ', format: email' : '';
  return {
    schema: `{ type: string, minLength: 1, maxLength: ${longest}${format} }`,
    rule: `text of 1 to ${longest} characters${format === '' ? '' : ', an address'}`,
  };
}

/** The values that a CHECK lists for a column: `status IN ('a', 'b')`, and its form as the server prints it. */
function listedValues(name: string, { checks }: TableFacts): readonly string[] | undefined {
  const check = checks.find(
    ({ columns, expression }) => columns.length === 1 && columns[0] === name && /\bin\b|any/i.test(expression),
  );
  const values = check?.expression.match(/'((?:[^']|'')*)'/g)?.map(value => value.slice(1, -1));
  return values && values.length > 0 && values.every(value => /^[\w-]+$/.test(value)) ? values : undefined;
}

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Where the parts of an endpoint go: beside what is there already, else by the custom of the language. */
export function filesFor(
  resource: string,
  files: readonly string[],
  { language }: StackFacts,
): readonly { readonly file: string; readonly holds: string; readonly exists: boolean }[] {
  const ending =
    language === 'python'
      ? 'py'
      : language === 'go'
        ? 'go'
        : language === 'java'
          ? 'java'
          : language === 'php'
            ? 'php'
            : 'ts';
  const parts: readonly (readonly [RegExp, string, string])[] = [
    [
      /^(.*\/)?(routes?|controllers?|handlers?|endpoints|views|api)\/[^/]+$/,
      'routes',
      'takes the request: validation, who may, status codes',
    ],
    [/^(.*\/)?(services?|usecases?|domain)\/[^/]+$/, 'services', 'the business operation, and its transaction'],
    [/^(.*\/)?(repositor(?:y|ies)|dao|models?|db)\/[^/]+$/, 'repositories', 'the statements, parameterised'],
  ];
  const found = parts.map(([pattern, custom, holds]) => {
    const folder = mostUsed(
      files
        .filter(file => file.endsWith(`.${ending}`) && !/test|spec|node_modules/.test(file))
        .flatMap(file => {
          const match = pattern.exec(file);
          return match ? [`${match[1] ?? ''}${match[2] ?? ''}`] : [];
        }),
    );
    const file = `${folder ?? `src/${custom}`}/${resource}.${ending}`;
    return { file, holds, exists: files.includes(file) };
  });
  const tests = mostUsed(
    files.filter(file => /[._-]test\.\w+$|(?:^|\/)test_\w+\.py$/.test(file)).map(file => file.replace(/\/[^/]+$/, '')),
  );
  const test =
    language === 'python' ? `${tests ?? 'tests'}/test_${resource}.py` : `${tests ?? 'test'}/${resource}.test.${ending}`;
  return [...found, { file: test, holds: 'the tests below', exists: files.includes(test) }];
}

function mostUsed(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}
