/** `/api RESOURCE`: the shape of a resource's API: paths, rights, errors, paging, and what it should not offer. */
import { type AnswerPart, block, followUp, refer } from '../answer';
import { isHidden, isServersOwn, propertyOf } from '../contract';
import { ownerOf } from '../fill';
import type { TableFacts } from '../grounding';
import { tablesNamed, topicsAnswer } from '../topics';
import type { CommandContext } from './context';

export async function* api(rest: string, context: CommandContext): AsyncIterable<AnswerPart> {
  const { grounding, library } = context;
  const schema = await grounding.schema();
  const [table] = tablesNamed(rest, schema.tables);
  const playbook = library.playbook('api-contract');
  if (!table) {
    if (schema.tables.length > 0)
      yield block(
        `Of which resource? Tables that I know: ${schema.tables
          .slice(0, 15)
          .map(({ name }) => `\`/api ${name}\``)
          .join(', ')}.`,
      );
    if (playbook) yield* topicsAnswer([playbook], rest, context);
    return;
  }
  if (table.from) yield refer({ ...table.from, title: `the table ${table.name}` });
  const path = `/${table.name.replaceAll('_', '-')}`;
  const owner = ownerOf(table);
  yield block(`# API of \`${table.name}\``);
  yield block(
    `**I would ask first**\n- Who calls it: browsers, apps, partners? How many, how often, and who of them can be updated with us?\n- Whose is a row? ${owner ? `\`${owner.columns[0]}\` says so: only they, or staff too?` : 'The table does not say: there is no foreign key to an owner.'}\n- Failure: which of these may be repeated without harm?`,
  );
  yield block(
    `## Paths\n| | | who | answers |\n|---|---|---|---|\n| GET | \`${path}\` | ${owner ? 'own rows' : 'to be decided'} | a page and \`next_cursor\` |\n| GET | \`${path}/{id}\` | ${owner ? 'own row, else 404' : 'to be decided'} | 200, 404 |\n| POST | \`${path}\` | signed in | 201 with \`Location\`; \`Idempotency-Key\` |\n| PATCH | \`${path}/{id}\` | ${owner ? 'own row, else 404' : 'to be decided'} | 200, 412 when changed meanwhile |\n| DELETE | \`${path}/{id}\` | to be decided | 204, also the second time |\n\nOffer only what somebody needs: what is not there has no holes and no versions. A change of state that has rules is better a resource of its own (\`POST ${path}/{id}/cancellations\`) than a PATCH of \`status\`.`,
  );
  yield block(`## Shape\n${shape(table)}`);
  yield block(
    '## Errors\nOne shape for all (`application/problem+json`, RFC 9457): a stable `type`, a `title`, the `status`, the fields that are wrong, a request id; never a stack trace or a database’s message. 401 not signed in, 403 may not, 404 not there or not yours, 409 conflict, 422 not possible, 429 with `Retry-After`.',
  );
  yield block(
    '## Changing it later\nAdding a field is no break, removing or renaming one is, and so is a new value in an enumeration that clients switch over. Announce with `Deprecation` and `Sunset`, count who still uses it, then remove.',
  );
  const referring = schema.tables.filter(other => other.foreignKeys.some(key => key.table === table.name));
  if (referring.length > 0)
    yield block(
      `## Below it\n${referring
        .slice(0, 8)
        .map(
          ({ name }) =>
            `- \`${path}/{id}/${name.replace(new RegExp(`^${table.name.replace(/s$/, '')}_`), '').replaceAll('_', '-')}\` from \`${name}\`: paged too`,
        )
        .join('\n')}`,
    );
  yield followUp(`/endpoint POST ${path}`);
  yield followUp(`/endpoint GET ${path}`);
  yield followUp(`/schema ${table.name}`);
}

function shape(table: TableFacts): string {
  const rows = table.columns.map(column => {
    const { name, rule } = propertyOf(column, table);
    const sent = isHidden(column) ? 'never leaves' : isServersOwn(column, table) ? 'answer only' : 'both ways';
    return `| ${name} | ${rule} | ${sent} |`;
  });
  return ['| field | | |', '|---|---|---|', ...rows].join('\n');
}
