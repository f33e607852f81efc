/**
 * The schema as `pg_catalog` tells it, asked in one statement. What is compared, and what is only shown, is the
 * definition of *reversible*: no OIDs, no order of columns, nothing gathered, nothing of the server's or an
 * extension's own.
 *
 * Runs on PostgreSQL 13 to 18. Columns of the catalog that not all of them have are read by way of `to_jsonb(row)`.
 */

/** Objects with an OID below were there when the server was set up. */
const FIRST_OF_USERS = 16384;

/** What a row of each kind is made of. */
const SOURCES = `
ns AS MATERIALIZED (
  SELECT oid, nspowner, nspacl, quote_ident(nspname) AS schema FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
),
member AS MATERIALIZED (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
rel AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relowner, c.relacl, c.relpersistence, c.reloptions, c.relrowsecurity, c.relforcerowsecurity,
    c.relispartition, c.relpartbound, c.relreplident, c.relispopulated, c.reltablespace, c.relam, c.reloftype, c.reltype,
    ns.schema || '.' || quote_ident(c.relname) AS name,
    CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view'
      WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' ELSE 'type' END AS kind
  FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
  WHERE c.oid >= ${FIRST_OF_USERS} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c')
    AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_class'::regclass AND objid = c.oid)
    AND NOT (c.relkind = 'S' AND EXISTS (
      SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'i'))
),
col AS MATERIALIZED (
  SELECT a.attrelid, a.attnum, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attcollation,
    a.attstorage, a.attacl, a.attoptions, a.attfdwoptions, to_jsonb(a) AS further, rel.relkind, rel.relowner,
    rel.name AS relation, rel.name || '.' || quote_ident(a.attname) AS name
  FROM pg_attribute a JOIN rel ON rel.oid = a.attrelid
  WHERE a.attrelid >= ${FIRST_OF_USERS} AND a.attnum > 0 AND NOT a.attisdropped AND rel.relkind <> 'S'
),
idx AS MATERIALIZED (
  SELECT i.indexrelid, i.indisvalid, i.indisclustered, c.reltablespace, rel.name AS relation,
    ns.schema || '.' || quote_ident(c.relname) AS name
  FROM pg_index i JOIN rel ON rel.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid
    JOIN ns ON ns.oid = c.relnamespace
  WHERE i.indexrelid >= ${FIRST_OF_USERS} AND NOT c.relispartition AND NOT EXISTS (
    SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
),
con AS MATERIALIZED (
  SELECT k.oid, k.conindid, k.contype, rel.name AS relation, quote_ident(k.conname) || ' on ' || rel.name AS name
  FROM pg_constraint k JOIN rel ON rel.oid = k.conrelid
  WHERE k.oid >= ${FIRST_OF_USERS} AND k.contype IN ('c', 'f', 'p', 'u', 'x') AND k.conparentid = 0 AND k.coninhcount = 0
),
trg AS MATERIALIZED (
  SELECT t.oid, t.tgenabled, rel.name AS relation, quote_ident(t.tgname) || ' on ' || rel.name AS name
  FROM pg_trigger t JOIN rel ON rel.oid = t.tgrelid
  WHERE t.oid >= ${FIRST_OF_USERS} AND NOT t.tgisinternal AND coalesce(to_jsonb(t) ->> 'tgparentid', '0') = '0'
),
rul AS MATERIALIZED (
  SELECT r.oid, r.ev_enabled, rel.name AS relation, quote_ident(r.rulename) || ' on ' || rel.name AS name
  FROM pg_rewrite r JOIN rel ON rel.oid = r.ev_class WHERE r.oid >= ${FIRST_OF_USERS} AND r.rulename <> '_RETURN'
),
pol AS MATERIALIZED (
  SELECT p.*, rel.name AS relation, quote_ident(p.polname) || ' on ' || rel.name AS name
  FROM pg_policy p JOIN rel ON rel.oid = p.polrelid
),
typ AS MATERIALIZED (
  SELECT t.*, ns.schema || '.' || quote_ident(t.typname) AS name
  FROM pg_type t JOIN ns ON ns.oid = t.typnamespace
  WHERE t.oid >= ${FIRST_OF_USERS} AND t.typtype IN ('e', 'd', 'r', 'b') AND NOT EXISTS (SELECT FROM pg_type item WHERE item.typarray = t.oid)
    AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_type'::regclass AND objid = t.oid)
),
dcon AS MATERIALIZED (
  SELECT k.oid, typ.name AS relation, quote_ident(k.conname) || ' on ' || typ.name AS name
  FROM pg_constraint k JOIN typ ON typ.oid = k.contypid WHERE k.oid >= ${FIRST_OF_USERS} AND k.contype = 'c'
),
fun AS MATERIALIZED (
  SELECT p.oid, p.prokind, p.proowner, p.proacl,
    ns.schema || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name
  FROM pg_proc p JOIN ns ON ns.oid = p.pronamespace
  WHERE p.oid >= ${FIRST_OF_USERS} AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i'
      AND d.refclassid = 'pg_type'::regclass)
)`;

/** Objects whose row in their catalog is all that must be known to tell them apart. */
interface Plain {
  readonly kind: string;
  readonly catalog: string;
  /** Over `o`, the catalog's row, and `ns` where `schema` names the column with the schema's OID. */
  readonly name: string;
  readonly schema?: string;
  readonly owner?: string;
  /** Aspects with the expressions of their values; null is none. */
  readonly aspects: Readonly<Record<string, string>>;
}

const options = (column: string): string =>
  `CASE WHEN ${column} IS NOT NULL THEN (SELECT string_agg(option, ', ' ORDER BY option) FROM unnest(${column}) option) END`;

const PLAIN: readonly Plain[] = [
  {
    kind: 'extension',
    catalog: 'pg_extension',
    name: 'quote_ident(o.extname)',
    owner: 'o.extowner',
    aspects: { version: 'o.extversion', schema: 'o.extnamespace::regnamespace::text' },
  },
  {
    kind: 'statistics',
    catalog: 'pg_statistic_ext',
    schema: 'o.stxnamespace',
    name: 'quote_ident(o.stxname)',
    owner: 'o.stxowner',
    aspects: { definition: 'pg_get_statisticsobjdef(o.oid)' },
  },
  {
    kind: 'operator',
    catalog: 'pg_operator',
    schema: 'o.oprnamespace',
    name: `o.oprname || '(' || coalesce(nullif(o.oprleft, 0)::regtype::text, 'NONE') || ', ' || coalesce(nullif(o.oprright, 0)::regtype::text, 'NONE') || ')'`,
    owner: 'o.oprowner',
    aspects: {
      definition: `concat_ws(', ', o.oprcode::regprocedure::text, CASE WHEN o.oprcanmerge THEN 'MERGES' END, CASE WHEN o.oprcanhash THEN 'HASHES' END, nullif(o.oprrest::text, '-'), nullif(o.oprjoin::text, '-'))`,
      commutator: `nullif(o.oprcom, 0)::regoperator::text`,
      negator: `nullif(o.oprnegate, 0)::regoperator::text`,
    },
  },
  {
    kind: 'operator class',
    catalog: 'pg_opclass',
    schema: 'o.opcnamespace',
    name: `quote_ident(o.opcname) || ' using ' || (SELECT amname FROM pg_am WHERE pg_am.oid = o.opcmethod)`,
    owner: 'o.opcowner',
    aspects: {
      definition: `concat_ws(', ', o.opcintype::regtype::text, CASE WHEN o.opcdefault THEN 'DEFAULT' END, (SELECT string_agg(amopstrategy || ' ' || amopopr::regoperator::text, ', ' ORDER BY amopstrategy, amopopr::regoperator::text) FROM pg_amop WHERE amopfamily = o.opcfamily), (SELECT string_agg(amprocnum || ' ' || amproc::text, ', ' ORDER BY amprocnum, amproc::text) FROM pg_amproc WHERE amprocfamily = o.opcfamily))`,
    },
  },
  {
    kind: 'cast',
    catalog: 'pg_cast',
    name: `'(' || o.castsource::regtype::text || ' AS ' || o.casttarget::regtype::text || ')'`,
    aspects: {
      definition: `concat_ws(', ', coalesce(nullif(o.castfunc, 0)::regprocedure::text, CASE o.castmethod WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END), CASE o.castcontext WHEN 'a' THEN 'AS ASSIGNMENT' WHEN 'i' THEN 'AS IMPLICIT' END)`,
    },
  },
  {
    kind: 'event trigger',
    catalog: 'pg_event_trigger',
    name: 'quote_ident(o.evtname)',
    owner: 'o.evtowner',
    aspects: {
      definition: `concat_ws(', ', 'ON ' || o.evtevent, array_to_string(o.evttags, ', '), o.evtfoid::regprocedure::text)`,
      firing: `CASE o.evtenabled WHEN 'O' THEN NULL WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas' ELSE 'always' END`,
    },
  },
  {
    kind: 'collation',
    catalog: 'pg_collation',
    schema: 'o.collnamespace',
    name: 'quote_ident(o.collname)',
    owner: 'o.collowner',
    aspects: {
      definition: `(to_jsonb(o) - '{oid,collname,collnamespace,collowner,collversion}'::text[])::text`,
    },
  },
  {
    kind: 'text search configuration',
    catalog: 'pg_ts_config',
    schema: 'o.cfgnamespace',
    name: 'quote_ident(o.cfgname)',
    owner: 'o.cfgowner',
    aspects: {
      definition: `(SELECT prsname FROM pg_ts_parser WHERE pg_ts_parser.oid = o.cfgparser) || coalesce((SELECT ': ' || string_agg(maptokentype || ' ' || mapdict::regdictionary::text, ', ' ORDER BY maptokentype, mapseqno) FROM pg_ts_config_map WHERE mapcfg = o.oid), '')`,
    },
  },
  {
    kind: 'text search dictionary',
    catalog: 'pg_ts_dict',
    schema: 'o.dictnamespace',
    name: 'quote_ident(o.dictname)',
    owner: 'o.dictowner',
    aspects: {
      definition: `concat_ws(', ', (SELECT tmplname FROM pg_ts_template WHERE pg_ts_template.oid = o.dicttemplate), o.dictinitoption)`,
    },
  },
  {
    kind: 'foreign-data wrapper',
    catalog: 'pg_foreign_data_wrapper',
    name: 'quote_ident(o.fdwname)',
    owner: 'o.fdwowner',
    aspects: { options: options('o.fdwoptions') },
  },
  {
    kind: 'server',
    catalog: 'pg_foreign_server',
    name: 'quote_ident(o.srvname)',
    owner: 'o.srvowner',
    aspects: { type: 'o.srvtype', version: 'o.srvversion', options: options('o.srvoptions') },
  },
  {
    kind: 'language',
    catalog: 'pg_language',
    name: 'quote_ident(o.lanname)',
    owner: 'o.lanowner',
    aspects: { definition: `CASE WHEN o.lanpltrusted THEN 'trusted' ELSE 'untrusted' END` },
  },
];

const publication = (version: number): Plain => ({
  kind: 'publication',
  catalog: 'pg_publication',
  name: 'quote_ident(o.pubname)',
  owner: 'o.pubowner',
  aspects: {
    definition: `concat_ws(', ', CASE WHEN o.puballtables THEN 'ALL TABLES' END, CASE WHEN o.pubinsert THEN 'insert' END, CASE WHEN o.pubupdate THEN 'update' END, CASE WHEN o.pubdelete THEN 'delete' END, CASE WHEN o.pubtruncate THEN 'truncate' END, CASE WHEN o.pubviaroot THEN 'via root' END, 'generated ' || nullif(to_jsonb(o) ->> 'pubgencols', 'n'))`,
    tables: `(SELECT string_agg(${version >= 150000 ? `p.prrelid::regclass::text || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = p.prrelid AND a.attnum = ANY (p.prattrs)) || ')', '') || coalesce(' WHERE ' || pg_get_expr(p.prqual, p.prrelid), '')` : 'p.prrelid::regclass::text'}, ', ' ORDER BY p.prrelid::regclass::text) FROM pg_publication_rel p WHERE p.prpubid = o.oid)`,
    ...(version >= 150000
      ? {
          schemas: `(SELECT string_agg(p.pnnspid::regnamespace::text, ', ' ORDER BY p.pnnspid::regnamespace::text) FROM pg_publication_namespace p WHERE p.pnpubid = o.oid)`,
        }
      : {}),
  },
});

function plainSource({ catalog, schema, name, aspects, owner }: Plain, alias: string): string {
  const values = Object.values(aspects).map((value, at) => `${value} AS aspect${at}`);
  return `${alias} AS MATERIALIZED (
  SELECT o.oid, ${owner ?? 'NULL::oid'} AS owner, ${schema ? `ns.schema || '.' || ` : ''}${name} AS name, ${values.join(', ')}
  FROM ${catalog} o ${schema ? `JOIN ns ON ns.oid = ${schema}` : ''}
  WHERE o.oid >= ${FIRST_OF_USERS} AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = '${catalog}'::regclass AND objid = o.oid AND deptype IN ('e', 'i'))
)`;
}

/** Every object with its identity, owner and privileges, for what all kinds have alike. */
const OBJECTS = [
  `SELECT 'pg_namespace'::regclass AS classid, oid AS objid, 0 AS subid, 'schema' AS kind, schema AS name, NULL::text AS parent, nspowner AS owner, coalesce(nspacl, acldefault('n', nspowner)) AS acl FROM ns WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_namespace'::regclass AND objid = ns.oid)`,
  `SELECT 'pg_class'::regclass, oid, 0, kind, name, NULL, relowner, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner)) FROM rel`,
  `SELECT 'pg_class'::regclass, attrelid, attnum, 'column', name, relation, NULL, attacl FROM col`,
  `SELECT 'pg_class'::regclass, indexrelid, 0, 'index', name, relation, NULL, NULL FROM idx`,
  `SELECT 'pg_constraint'::regclass, oid, 0, 'constraint', name, relation, NULL, NULL FROM con`,
  `SELECT 'pg_constraint'::regclass, oid, 0, 'constraint', name, relation, NULL, NULL FROM dcon`,
  `SELECT 'pg_trigger'::regclass, oid, 0, 'trigger', name, relation, NULL, NULL FROM trg`,
  `SELECT 'pg_rewrite'::regclass, oid, 0, 'rule', name, relation, NULL, NULL FROM rul`,
  `SELECT 'pg_policy'::regclass, oid, 0, 'policy', name, relation, NULL, NULL FROM pol`,
  `SELECT 'pg_type'::regclass, oid, 0, CASE typtype WHEN 'd' THEN 'domain' ELSE 'type' END, name, NULL, typowner, coalesce(typacl, acldefault('T', typowner)) FROM typ`,
  `SELECT 'pg_proc'::regclass, oid, 0, CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, name, NULL, proowner, coalesce(proacl, acldefault('f', proowner)) FROM fun`,
];

const SEQUENCE = `format('%s START %s INCREMENT %s MIN %s MAX %s CACHE %s', q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache) || CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END`;
const FIRING = (column: string): string =>
  `CASE ${column} WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END`;

/** `kind, name, parent, aspect, value, soft` of each aspect; a null value is no aspect. */
const ASPECTS = [
  // what all objects have alike
  `SELECT kind, name, parent, 'existence', '', false FROM object`,
  `SELECT kind, name, parent, 'owner', pg_get_userbyid(owner)::text, true FROM object WHERE owner <> 0`,
  `SELECT kind, name, parent, 'privileges', (SELECT string_agg(item::text, ', ' ORDER BY item::text) FROM unnest(acl) item), true FROM object WHERE acl IS NOT NULL`,
  `SELECT o.kind, o.name, o.parent, 'comment', d.description, true FROM object o JOIN pg_description d ON d.classoid = o.classid AND d.objoid = o.objid AND d.objsubid = o.subid`,
  // relations
  `SELECT kind, name, NULL, v.* FROM rel, LATERAL (VALUES
    ('persistence', CASE relpersistence WHEN 'u' THEN 'unlogged' WHEN 't' THEN 'temporary' END, false),
    ('options', ${options('reloptions')}, false),
    ('row security', nullif(concat_ws(', ', CASE WHEN relrowsecurity THEN 'enabled' END, CASE WHEN relforcerowsecurity THEN 'forced' END), ''), false),
    ('partitioning', CASE relkind WHEN 'p' THEN pg_get_partkeydef(oid) END, false),
    ('place among partitions', CASE WHEN relispartition THEN (SELECT 'partition of ' || inhparent::regclass::text FROM pg_inherits WHERE inhrelid = rel.oid) || ' ' || pg_get_expr(relpartbound, oid) END, false),
    ('parents', CASE WHEN NOT relispartition THEN (SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = rel.oid) END, false),
    ('replica identity', CASE WHEN relkind IN ('r', 'p') THEN CASE relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' WHEN 'i' THEN coalesce((SELECT 'index ' || indexrelid::regclass::text FROM pg_index WHERE indrelid = rel.oid AND indisreplident), 'nothing') END END, false),
    ('access method', CASE WHEN relkind IN ('r', 'm') THEN (SELECT nullif(amname, 'heap')::text FROM pg_am WHERE pg_am.oid = relam) END, false),
    ('type', CASE WHEN reloftype <> 0 THEN reloftype::regtype::text END, false),
    ('definition', CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END, false),
    ('server', CASE relkind WHEN 'f' THEN (SELECT quote_ident(srvname) || coalesce(' ' || ${options('ftoptions')}, '') FROM pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver WHERE ftrelid = rel.oid) END, false),
    ('tablespace', (SELECT spcname::text FROM pg_tablespace WHERE pg_tablespace.oid = reltablespace), true),
    ('contents', CASE WHEN relkind = 'm' AND NOT relispopulated THEN 'not populated' END, true)
  ) v (aspect, value, soft)`,
  `SELECT kind, name, NULL, v.* FROM rel JOIN pg_sequence q ON q.seqrelid = rel.oid, LATERAL (VALUES
    ('definition', ${SEQUENCE}, false),
    ('owner column', (SELECT d.refobjid::regclass::text || '.' || quote_ident(a.attname) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass AND d.objid = rel.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'), false),
    ('position', pg_sequence_last_value(rel.oid)::text, true)
  ) v (aspect, value, soft)`,
  // columns
  `SELECT 'column', name, relation, v.* FROM col
    LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
    LEFT JOIN pg_type t ON t.oid = atttypid, LATERAL (VALUES
    ('type', CASE WHEN relkind NOT IN ('v', 'm') THEN format_type(atttypid, atttypmod) END, false),
    ('nullability', CASE WHEN relkind IN ('r', 'p', 'f') THEN CASE WHEN attnotnull THEN 'NOT NULL' || coalesce((SELECT CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END FROM pg_constraint k WHERE k.contype = 'n' AND k.conrelid = attrelid AND k.conkey[1] = attnum), '') ELSE 'NULL' END END, false),
    ('default', CASE attgenerated WHEN '' THEN pg_get_expr(d.adbin, d.adrelid) END, false),
    ('generation', CASE attgenerated WHEN '' THEN NULL ELSE '(' || pg_get_expr(d.adbin, d.adrelid) || ') ' || CASE attgenerated WHEN 'v' THEN 'VIRTUAL' ELSE 'STORED' END END, false),
    ('identity', CASE WHEN attidentity <> '' THEN (SELECT CASE attidentity WHEN 'a' THEN 'ALWAYS, ' ELSE 'BY DEFAULT, ' END || ${SEQUENCE} FROM pg_sequence q JOIN pg_depend i ON i.objid = q.seqrelid WHERE i.classid = 'pg_class'::regclass AND i.refclassid = 'pg_class'::regclass AND i.refobjid = attrelid AND i.refobjsubid = attnum AND i.deptype = 'i') END, false),
    ('collation', CASE WHEN relkind NOT IN ('v', 'm') AND attcollation <> t.typcollation THEN (SELECT attcollation::regcollation::text) END, false),
    ('options', ${options('attfdwoptions')}, false),
    ('statistics options', ${options('attoptions')}, true),
    ('storage', CASE WHEN relkind IN ('r', 'p') AND attstorage <> t.typstorage THEN attstorage::text END, true),
    ('compression', nullif(further ->> 'attcompression', ''), true),
    ('statistics target', nullif(further ->> 'attstattarget', '-1'), true)
  ) v (aspect, value, soft)`,
  // what hangs on relations
  `SELECT 'index', name, relation, v.* FROM idx, LATERAL (VALUES
    ('definition', pg_get_indexdef(indexrelid), false),
    ('validity', CASE WHEN NOT indisvalid THEN 'invalid' END, false),
    ('clustering', CASE WHEN indisclustered THEN 'clustered' END, true),
    ('tablespace', (SELECT spcname::text FROM pg_tablespace WHERE pg_tablespace.oid = reltablespace), true)
  ) v (aspect, value, soft)`,
  `SELECT 'constraint', name, relation, 'definition', pg_get_constraintdef(oid), false FROM con`,
  `SELECT 'constraint', con.name, relation, 'tablespace', spcname::text, true FROM con JOIN pg_class i ON i.oid = conindid AND contype IN ('p', 'u', 'x') JOIN pg_tablespace s ON s.oid = i.reltablespace`,
  `SELECT 'constraint', name, relation, 'definition', pg_get_constraintdef(oid), false FROM dcon`,
  `SELECT 'trigger', name, relation, v.* FROM trg, LATERAL (VALUES ('definition', pg_get_triggerdef(oid), false), ('firing', ${FIRING('tgenabled')}, false)) v (aspect, value, soft)`,
  `SELECT 'rule', name, relation, v.* FROM rul, LATERAL (VALUES ('definition', pg_get_ruledef(oid), false), ('firing', ${FIRING('ev_enabled')}, false)) v (aspect, value, soft)`,
  `SELECT 'policy', name, relation, 'definition', concat_ws(' ', CASE WHEN polpermissive THEN 'AS PERMISSIVE' ELSE 'AS RESTRICTIVE' END,
    'FOR ' || CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    'TO ' || (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE pg_get_userbyid(role)::text END, ', ' ORDER BY 1) FROM unnest(polroles) role),
    'USING (' || pg_get_expr(polqual, polrelid) || ')', 'WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')'), false FROM pol`,
  // types and functions
  `SELECT CASE typtype WHEN 'd' THEN 'domain' ELSE 'type' END, name, NULL, v.* FROM typ, LATERAL (VALUES
    ('labels', CASE typtype WHEN 'e' THEN coalesce((SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = typ.oid), 'none') END, false),
    ('type', CASE typtype WHEN 'd' THEN format_type(typbasetype, typtypmod) END, false),
    ('nullability', CASE WHEN typtype = 'd' AND typnotnull THEN 'NOT NULL' END, false),
    ('default', CASE typtype WHEN 'd' THEN coalesce(pg_get_expr(typdefaultbin, 0), typdefault) END, false),
    ('collation', CASE WHEN typtype = 'd' AND typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = typ.typbasetype) THEN typcollation::regcollation::text END, false),
    ('definition', CASE typtype
      WHEN 'r' THEN (SELECT concat_ws(', ', rngsubtype::regtype::text, nullif(rngcollation, 0)::regcollation::text, nullif(rngcanonical::text, '-'), nullif(rngsubdiff::text, '-')) FROM pg_range WHERE rngtypid = typ.oid)
      WHEN 'b' THEN concat_ws(', ', typinput::text, typoutput::text, typlen::text, typalign::text, typstorage::text, typdelim::text)
    END, false)
  ) v (aspect, value, soft)`,
  `SELECT CASE prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, name, NULL, 'definition', pg_get_functiondef(oid), false FROM fun WHERE prokind <> 'a'`,
  `SELECT 'aggregate', name, NULL, 'definition', concat_ws(', ', aggtransfn::regprocedure::text, aggtranstype::regtype::text, 'initially ' || agginitval, nullif(aggfinalfn::text, '-'), nullif(aggcombinefn::text, '-'), nullif(aggmtransfn::text, '-')), false FROM fun JOIN pg_aggregate ON aggfnoid = oid`,
  // what new objects would be given
  `SELECT 'default privileges', pg_get_userbyid(defaclrole)::text || coalesce(' in ' || defaclnamespace::regnamespace::text, '') || ' ' || defaclobjtype::text, NULL, 'privileges', (SELECT string_agg(item::text, ', ' ORDER BY item::text) FROM unnest(defaclacl) item), true FROM pg_default_acl`,
];

/** The kinds of objects that most schemas do not have. */
const rareKinds = (version: number): readonly Plain[] => [...PLAIN, publication(version)];

/** Which of the rare kinds there are, as one row with their names: planning for all of them costs more than asking. */
export const rareKindsQuery = (version: number): string =>
  `SELECT ${rareKinds(version)
    .map(({ kind, catalog }) => `EXISTS (SELECT FROM ${catalog} WHERE oid >= ${FIRST_OF_USERS}) AS "${kind}"`)
    .join(', ')}`;

/**
 * The statement that gives the schema as rows `kind, name, parent, aspect, value, soft`.
 * Names come out qualified only while `search_path` is empty.
 * @param version the server's `server_version_num`
 * @param there whether there are objects of a rare kind
 */
export function snapshotQuery(version: number, there: (kind: string) => boolean): string {
  const plain = rareKinds(version).filter(({ kind }) => there(kind));
  const alias = (at: number): string => `plain${at}`;
  const objects = [
    ...OBJECTS,
    ...plain.map(
      ({ catalog, kind }, at) =>
        `SELECT '${catalog}'::regclass, oid, 0, '${kind}', name, NULL, owner, NULL FROM ${alias(at)}`,
    ),
  ];
  const aspects = [
    ...ASPECTS,
    ...plain.map(
      ({ kind, aspects: own }, at) =>
        `SELECT '${kind}', name, NULL, v.* FROM ${alias(at)}, LATERAL (VALUES ${Object.keys(own)
          .map((aspect, value) => `('${aspect}', aspect${value}::text, false)`)
          .join(', ')}) v (aspect, value, soft)`,
    ),
  ];
  return `WITH ${[SOURCES, ...plain.map((one, at) => plainSource(one, alias(at)))].join(',')},
object AS MATERIALIZED (${objects.join('\nUNION ALL ')})
SELECT * FROM (${aspects.join('\nUNION ALL ')}) found (kind, name, parent, aspect, value, soft) WHERE value IS NOT NULL`;
}
