/** Names and types as DBML writes them. Source: dbml.dbdiagram.io/docs. */

export const nameInDbml = (name: string): string => (/^\w+$/.test(name) ? name : `"${name}"`);

/** A server's type by the name that people use for it, in quotes where it is more than one word. */
export function typeInDbml(type: string): string {
  const short = shortType(type);
  return /^[\w.]+(?:\([\w, ]*\))?(?:\[\])?$/.test(short) ? short : `"${short}"`;
}

/** `varchar(20)` of `character varying(20)`. */
export const shortType = (type: string): string =>
  type
    .replace(/\bcharacter varying\b/, 'varchar')
    .replace(/^timestamp(\(\d\))? with time zone/, 'timestamptz$1')
    .replace(/^timestamp(\(\d\))? without time zone/, 'timestamp$1');
