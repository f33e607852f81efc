/** Whether PostgreSQL can keep a new column's default once for all rows, or must compute it for each of them. */
import { type Catalog, routinesNamed } from './catalog';
import type { Expression } from './definition';
import { walk } from './tree';

/**
 * Functions of the server's own that give the same for every row of one statement: those that people write in defaults.
 * What is in no list is taken for volatile, as the server takes what nobody has declared otherwise.
 */
const STEADY = new Set(
  'now transaction_timestamp statement_timestamp current_setting current_schema current_schemas current_database current_user session_user user timezone date_trunc date_part extract make_date make_time make_timestamp make_timestamptz make_interval to_char to_date to_timestamp to_number age abs ceil ceiling floor round trunc power sqrt mod sign greatest least coalesce nullif lower upper initcap trim btrim ltrim rtrim length char_length octet_length substring substr left right lpad rpad repeat replace translate concat concat_ws format split_part strpos position overlay reverse md5 sha224 sha256 sha384 sha512 encode decode ascii chr quote_ident quote_literal to_json to_jsonb json_build_object json_build_array jsonb_build_object jsonb_build_array json_object jsonb_object row_to_json array_to_json array_fill array_append array_cat array_length cardinality unnest string_to_array array_to_string int4range int8range numrange tsrange tstzrange daterange to_tsvector to_tsquery plainto_tsquery setweight text int4 int8 float8 numeric bool date point box circle inet_client_addr inet_server_addr version txid_current pg_current_xact_id uuid_nil uuid_ns_dns uuid_ns_url regexp_replace pg_client_encoding like_escape st_geomfromtext st_setsrid st_makepoint'.split(
    ' ',
  ),
);

/** The first function of the expression that may give another value for every row; undefined where there is none. */
export function volatileCall(expression: Expression, catalog: Catalog): string | undefined {
  let found: string | undefined;
  walk(expression.tree, (key, value) => {
    if (key !== 'FuncCall' || found !== undefined) return;
    const names = (Array.isArray(value.funcname) ? value.funcname : []).flatMap(nameIn);
    const name = names[names.length - 1] ?? '';
    const schema = names.length > 1 ? names[0] : undefined;
    if (!isSteady(name, schema, catalog))
      found = schema === undefined || schema === 'pg_catalog' ? name : names.join('.');
  });
  return found;
}

function isSteady(name: string, schema: string | undefined, catalog: Catalog): boolean {
  const own = routinesNamed(catalog, { name, ...(schema === undefined ? {} : { schema }) });
  if (own.length > 0)
    return own.every(({ options }) =>
      options.some(([option, value]) => option === 'volatility' && (value === 'immutable' || value === 'stable')),
    );
  return STEADY.has(name);
}

function nameIn(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null || !('String' in node)) return [];
  const { sval } = node.String as { readonly sval?: string };
  return sval === undefined ? [] : [sval];
}
