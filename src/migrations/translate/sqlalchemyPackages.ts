/**
 * Types that packages beside SQLAlchemy bring, as they are written for PostgreSQL, by package and name; `(n)` is their length.
 * Sources: sqlalchemy-utils.readthedocs.io/en/latest/data_types.html, github.com/fastapi-users/fastapi-users-db-sqlalchemy
 * (generics.py), github.com/fastapi/sqlmodel (sql/sqltypes.py), github.com/pgvector/pgvector-python,
 * docs.advanced-alchemy.litestar.dev (types), github.com/spoqa/sqlalchemy-utc.
 */
export const OF_PACKAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sqlalchemy_utils: {
    UUIDType: 'UUID',
    JSONType: 'JSON',
    EmailType: 'VARCHAR(255)',
    URLType: 'TEXT',
    IPAddressType: 'VARCHAR(50)',
    PhoneNumberType: 'VARCHAR(20)',
    ColorType: 'VARCHAR(20)',
    TimezoneType: 'VARCHAR(50)',
    LocaleType: 'VARCHAR(10)',
    CountryType: 'VARCHAR(2)',
    CurrencyType: 'VARCHAR(3)',
    ScalarListType: 'TEXT',
    TSVectorType: 'TSVECTOR',
    LtreeType: 'LTREE',
    ArrowType: 'TIMESTAMP WITHOUT TIME ZONE',
    EncryptedType: 'BYTEA',
  },
  fastapi_users_db_sqlalchemy: { GUID: 'UUID', TIMESTAMPAware: 'TIMESTAMP WITH TIME ZONE' },
  sqlmodel: { AutoString: 'VARCHAR(n)', GUID: 'UUID' },
  pgvector: { Vector: 'VECTOR(n)', VECTOR: 'VECTOR(n)', HALFVEC: 'HALFVEC(n)', SPARSEVEC: 'SPARSEVEC(n)' },
  advanced_alchemy: { GUID: 'UUID', DateTimeUTC: 'TIMESTAMP WITH TIME ZONE', BigIntIdentity: 'BIGINT', JsonB: 'JSONB' },
  sqlalchemy_utc: { UtcDateTime: 'TIMESTAMP WITH TIME ZONE' },
};
