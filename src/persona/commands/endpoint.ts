/** `/endpoint METHOD /path`: always in this order: contract, files, validation, tests, rollback. */
import { type AnswerPart, block, followUp, linkTo, refer } from '../answer';
import { filesFor, isHidden, isServersOwn, type Property, propertyOf } from '../contract';
import { ownerOf, parentOf } from '../fill';
import type { StackFacts, TableFacts } from '../grounding';
import { dbml } from '../tableWords';
import { tablesNamed } from '../topics';
import type { CommandContext } from './context';

interface Wished {
  readonly method: Method;
  readonly path: string;
  /** The resource that it is about, and the one that it hangs on. */
  readonly resource: string;
  readonly parameters: readonly string[];
  readonly table?: TableFacts;
}
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export async function* endpoint(rest: string, { grounding }: CommandContext): AsyncIterable<AnswerPart> {
  const [schema, stack, files] = await Promise.all([grounding.schema(), grounding.stack(), grounding.files()]);
  const wished = wishedIn(rest, schema.tables);
  if (!wished) {
    yield block(
      'Which endpoint? Name a method and a path, or a resource:\n- `/endpoint POST /orders/{id}/refunds`\n- `/endpoint GET /customers`\n- `/endpoint list orders`',
    );
    if (schema.tables.length > 0)
      yield block(
        `Tables that I know: ${schema.tables
          .slice(0, 15)
          .map(({ name }) => `\`${name}\``)
          .join(', ')}.`,
      );
    return;
  }
  const { method, path, table } = wished;
  yield block(`# Endpoint: ${method.toUpperCase()} ${path}`);
  if (table?.from) yield refer({ ...table.from, title: `the table ${table.name}` });
  yield block(
    `**I would ask first**\n${asks(wished)
      .map(each => `- ${each}`)
      .join('\n')}`,
  );
  yield block(`## Contract\n\`\`\`yaml\n${openApi(wished)}\n\`\`\``);
  yield block(
    table
      ? `\`\`\`dbml\n${dbml(table)}\n\`\`\``
      : `No migration here makes a table for \`${wished.resource}\`; draw it first:\n\`\`\`dbml\nTable ${wished.resource} {\n  id bigint [pk]\n  created_at timestamptz [not null, default: \`now()\`]\n}\n\`\`\`\nThen \`/migration create table ${wished.resource}\`.`,
  );
  const placed = filesFor(wished.resource, files, stack);
  yield block(
    `## Files\n${placed.map(({ file, holds, exists }) => `- ${exists ? linkTo({ file }) : `\`${file}\` (new)`} ${holds}`).join('\n')}`,
  );
  for (const { file, exists } of placed) if (exists) yield refer({ file, title: 'goes in here' });
  yield block(`## Statement\n\`\`\`sql\n${statement(wished, stack)}\n\`\`\``);
  yield block(
    `## Validation\n${validation(wished)
      .map(each => `- ${each}`)
      .join('\n')}`,
  );
  yield block(
    `## Tests\n${tests(wished)
      .map(each => `- [ ] ${each}`)
      .join('\n')}`,
  );
  yield block(`## Rollback\n${rollback(wished)}`);
  yield followUp('/checklist endpoint');
  if (table) yield followUp(`/schema ${table.name}`);
}

function wishedIn(rest: string, tables: readonly TableFacts[]): Wished | undefined {
  const spelt = /\b(get|post|put|patch|delete)\b\s+(\/[\w/{}:.-]*)/i.exec(rest);
  const path = spelt?.[2] ?? /(\/[a-z][\w/{}:.-]*)/i.exec(rest)?.[1];
  const [named] = tablesNamed(rest, tables);
  const method = methodOf(spelt?.[1]?.toLowerCase() ?? rest);
  if (path !== undefined) {
    const segments = path.split('/').filter(each => each !== '');
    const parameters = segments.filter(isParameter).map(each => each.replace(/[{}:]/g, ''));
    const resource = segments.findLast(each => !isParameter(each) && !/^v\d+$|^api$/.test(each))?.replaceAll('-', '_');
    if (resource === undefined) return undefined;
    const table = tables.find(({ name }) => name === resource) ?? tablesNamed(resource, tables)[0];
    return {
      method,
      path: `/${segments.map(each => (isParameter(each) ? `{${each.replace(/[{}:]/g, '')}}` : each)).join('/')}`,
      resource,
      parameters,
      table,
    };
  }
  const resource =
    named?.name ??
    /\b(?:for|of|to|list|create|get|update|delete) (?:an? |the |all )?([a-z_]{3,})/i.exec(rest)?.[1]?.toLowerCase();
  if (resource === undefined) return undefined;
  const one = method !== 'post' && !/\b(?:list|all|search)\b/i.test(rest) && method !== 'get';
  return {
    method,
    path: `/${resource.replaceAll('_', '-')}${one ? '/{id}' : ''}`,
    resource,
    parameters: one ? ['id'] : [],
    table: named,
  };
}

const isParameter = (segment: string): boolean => /^[:{]/.test(segment);

function methodOf(text: string): Method {
  const asked = text.toLowerCase();
  for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) if (asked === method) return method;
  if (/\b(?:create|add|place|submit|post)\b/.test(asked)) return 'post';
  if (/\b(?:update|change|edit|patch)\b/.test(asked)) return 'patch';
  if (/\b(?:delete|remove|cancel)\b/.test(asked)) return 'delete';
  return 'get';
}

const isList = ({ method, path }: Wished): boolean => method === 'get' && !/\}$/.test(path);

function asks(wished: Wished): readonly string[] {
  const owner = wished.table && ownerOf(wished.table);
  const parent = wished.table && parentOf(wished.table);
  const who = owner
    ? `Only the \`${owner.table}\` row behind \`${owner.columns[0]}\`, or staff as well?`
    : parent
      ? `Whose it is stands at \`${parent.table}\`, behind \`${parent.columns[0]}\`: check it there.`
      : 'There is no owner column: whose is a row?';
  return [
    `Data: who may ${wished.method === 'get' ? 'see' : 'change'} it? ${who}`,
    isList(wished)
      ? 'Load: how many rows can one caller see, in which order, and do machines read all of them?'
      : 'Load: how often at the peak, and how fast must it answer?',
    wished.method === 'get'
      ? 'Failure: may the answer be some seconds old (a replica, a cache)?'
      : 'Failure: what if the answer is lost and the client sends it again? What else happens (mail, payment), and must it happen exactly when the row is there?',
  ];
}

function openApi(wished: Wished): string {
  const { method, path, parameters, table, resource } = wished;
  const name = pascal(resource);
  const shown = table?.columns.filter(column => !isHidden(column)).map(column => propertyOf(column, table)) ?? [];
  const taken =
    table?.columns.filter(column => !isServersOwn(column, table)).map(column => propertyOf(column, table)) ?? [];
  const lines = [
    `${path}:`,
    `  ${method}:`,
    `    operationId: ${operation(wished)}`,
    '    security: [{ session: [] }]',
  ];
  const list = parameters.map(
    parameter => `      - { name: ${parameter}, in: path, required: true, schema: ${idSchema(wished, parameter)} }`,
  );
  if (isList(wished))
    list.push(
      '      - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 100, default: 20 } }',
      '      - { name: cursor, in: query, schema: { type: string, maxLength: 500 } }',
    );
  if (method === 'post')
    list.push(
      '      - { name: Idempotency-Key, in: header, required: true, schema: { type: string, minLength: 16, maxLength: 100 } }',
    );
  if (method === 'patch' || method === 'put')
    list.push('      - { name: If-Match, in: header, schema: { type: string } }');
  if (list.length > 0) lines.push('    parameters:', ...list);
  if (method !== 'get' && method !== 'delete')
    lines.push(
      '    requestBody:',
      '      required: true',
      '      content:',
      '        application/json:',
      '          schema:',
      '            type: object',
      '            additionalProperties: false',
      ...properties(taken, 12, method !== 'patch'),
    );
  lines.push('    responses:', ...responses(wished, name));
  if (shown.length > 0) lines.push('# components.schemas', `${name}:`, '  type: object', ...properties(shown, 2, true));
  return lines.join('\n');
}

function properties(list: readonly Property[], indent: number, withRequired: boolean): string[] {
  const pad = ' '.repeat(indent);
  const required = list.filter(each => each.required).map(({ name }) => name);
  return [
    ...(withRequired && required.length > 0 ? [`${pad}required: [${required.join(', ')}]`] : []),
    `${pad}properties:${list.length === 0 ? ' {} # say which' : ''}`,
    ...list.map(({ name, schema }) => `${pad}  ${name}: ${schema}`),
  ];
}

function responses(wished: Wished, name: string): string[] {
  const ref = `{ $ref: "#/components/schemas/${name}" }`;
  const body = (schema: string): string => `content: { application/json: { schema: ${schema} } }`;
  const good =
    wished.method === 'delete'
      ? '      "204": { description: gone, also the second time }'
      : wished.method === 'post'
        ? `      "201": { description: created, headers: { Location: { schema: { type: string } } }, ${body(ref)} }`
        : isList(wished)
          ? `      "200": { description: a page, ${body(`{ type: object, properties: { data: { type: array, items: ${ref} }, next_cursor: { type: [string, "null"] } } }`)} }`
          : `      "200": { description: found, ${body(ref)} }`;
  const problem = 'content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }';
  const bad: (readonly [string, string])[] = [
    ['400', 'not understood'],
    ['401', 'not signed in'],
  ];
  if (wished.parameters.length > 0) bad.push(['404', 'not there, or not yours: both look alike']);
  else bad.push(['403', 'may not']);
  if (wished.method === 'post')
    bad.push(['409', 'the same key is still being worked on'], ['422', 'well-formed, but not possible']);
  if (wished.method === 'patch' || wished.method === 'put')
    bad.push(['412', 'changed by somebody else meanwhile'], ['422', 'well-formed, but not possible']);
  bad.push(['429', 'too many']);
  return [good, ...bad.map(([status, says]) => `      "${status}": { description: "${says}", ${problem} }`)];
}

const idSchema = ({ table }: Wished, parameter: string): string => {
  const key = table?.columns.find(({ name }) => name === (table.primaryKey[0] ?? parameter));
  return key && /^uuid/.test(key.type) ? '{ type: string, format: uuid }' : '{ type: string, maxLength: 36 }';
};

const operation = ({ method, resource, path }: Wished): string =>
  `${{ get: /\}$/.test(path) ? 'get' : 'list', post: 'create', put: 'replace', patch: 'update', delete: 'delete' }[method]}${pascal(resource)}`;

const pascal = (name: string): string =>
  name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function statement(wished: Wished, { dialect }: StackFacts): string {
  const { table, method } = wished;
  if (!table) return '-- follows from the table';
  const mark = (index: number): string => (dialect === 'postgresql' ? `$${index}` : '?');
  const key = table.primaryKey[0] ?? 'id';
  const owner = ownerOf(table)?.columns[0];
  const parent = parentOf(table);
  const over = parent
    ? ` -- and whose it is, over ${parent.table} (${parent.columns[0]})`
    : ' -- and whose it is: add the owner';
  const whose = (index: number): string => (owner ? ` AND ${owner} = ${mark(index)} -- from the session` : over);
  const columns = table.columns
    .filter(column => !isHidden(column))
    .map(({ name }) => name)
    .join(', ');
  const taken = table.columns.filter(column => !isServersOwn(column, table)).map(({ name }) => name);
  switch (method) {
    case 'get':
      return isList(wished)
        ? `SELECT ${columns}\nFROM ${table.name}\nWHERE ${owner ? `${owner} = ${mark(1)} AND ` : ''}${key} > ${mark(owner ? 2 : 1)} -- the cursor; left out for the first page\nORDER BY ${key}\nLIMIT ${mark(owner ? 3 : 2)};`
        : `SELECT ${columns}\nFROM ${table.name}\nWHERE ${key} = ${mark(1)}${whose(2)};`;
    case 'post': {
      const all = owner ? [owner, ...taken] : taken;
      return `INSERT INTO ${table.name} (${all.join(', ')})\nVALUES (${all.map((_, index) => mark(index + 1)).join(', ')})${dialect === 'postgresql' ? `\nRETURNING ${columns}` : ''};`;
    }
    case 'delete':
      return `DELETE FROM ${table.name}\nWHERE ${key} = ${mark(1)}${whose(2)};`;
    default:
      return `UPDATE ${table.name}\nSET ${
        taken
          .slice(0, 6)
          .map(
            (name, index) =>
              `${name} = ${dialect === 'postgresql' ? `coalesce(${mark(index + 3)}, ${name})` : `coalesce(?, ${name})`}`,
          )
          .join(', ') || '/* columns */'
      }\nWHERE ${key} = ${mark(1)}${whose(2)};`;
  }
}

function validation({ table, method, parameters }: Wished): readonly string[] {
  const taken =
    method === 'get' || method === 'delete'
      ? []
      : (table?.columns.filter(column => !isServersOwn(column, table)).map(column => propertyOf(column, table)) ?? []);
  return [
    ...parameters.map(parameter => `\`${parameter}\`: of the key’s type, else 404, before any query`),
    ...taken.map(
      ({ name, rule, required }) => `\`${name}\`: ${rule}${required && method !== 'patch' ? ', required' : ''}`,
    ),
    ...(method === 'get'
      ? ['`limit` is capped on the server; `cursor` is decoded and checked like any input']
      : ['unknown fields are refused; who it is, whose it is, status and prices never come from the body']),
    'the body is limited in size before it is parsed',
  ];
}

function tests(wished: Wished): readonly string[] {
  const { method } = wished;
  return [
    'success, with the whole answer compared with the contract',
    ...(method === 'get' ? [] : ['each rule of validation refused with 400 or 422 and a field name']),
    'not signed in: 401',
    'somebody else’s row: 404, and nothing changed',
    ...(isList(wished)
      ? [
          'empty list; last page; a row inserted between two pages; `limit=100000` is capped',
          'the number of queries is the same for 1 and for 20 rows',
        ]
      : []),
    ...(method === 'post' ? ['the same key twice, one after the other and at once: one row'] : []),
    ...(method === 'patch' || method === 'put' ? ['two writers: the second one gets 412'] : []),
    ...(method === 'get' ? [] : ['the last statement fails: nothing of it is there']),
  ];
}

const rollback = ({ method, table }: Wished): string =>
  `Additive: take the route out, or put it behind a switch. ${table ? 'The table stays as it is.' : 'The new table can stay, empty and unused, until it is dropped in a release of its own.'}${method === 'get' ? '' : ' Rows that it wrote stay: say before what they mean to the old code.'}`;
