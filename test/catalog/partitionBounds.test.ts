/** Partitions that overlap are refused, and what is done to a table ONLY where it cannot be. Held against PostgreSQL 15 and 18. */
import { beforeAll, describe, expect, test } from 'vitest';
import { emptyCatalog } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import { readPostgres } from '../../src/catalog/readPostgres';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

const TABLES = `
  CREATE TABLE r (id int, at date NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE r1 PARTITION OF r FOR VALUES FROM ('2001-01-01') TO ('2002-01-01');
  CREATE TABLE n (id int) PARTITION BY RANGE (id); CREATE TABLE n1 PARTITION OF n FOR VALUES FROM (1) TO (10);
  CREATE TABLE l (k text) PARTITION BY LIST (k); CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('a', 'b''c', NULL);
  CREATE TABLE h (id int) PARTITION BY HASH (id); CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1);
  CREATE TABLE i (a int, b int); CREATE TABLE i1 () INHERITS (i); CREATE TABLE o (a int PRIMARY KEY);
  ALTER TABLE i ADD CONSTRAINT w CHECK (a > 0) NOT VALID;`;

const refused = (sql: string) =>
  fold(
    emptyCatalog({ complete: true }),
    readPostgres(trees, `${TABLES} ${sql}`).flatMap(one => one.operations),
    { postgresVersion: 15 },
  ).failures.map(({ says }) => says);

describe('refused', () => {
  test.each([
    "CREATE TABLE x PARTITION OF r FOR VALUES FROM ('2001-06-01') TO ('2003-01-01')",
    "CREATE TABLE x PARTITION OF r FOR VALUES FROM (MINVALUE) TO ('2001-01-02')",
    "CREATE TABLE x PARTITION OF r FOR VALUES FROM ('2001-12-31') TO (MAXVALUE)",
    "CREATE TABLE x PARTITION OF r FOR VALUES FROM ('2004-01-01') TO ('2004-01-01')",
    "CREATE TABLE x (id int, at date NOT NULL); ALTER TABLE r ATTACH PARTITION x FOR VALUES FROM ('2000-06-01') TO ('2003-01-01')",
    'CREATE TABLE x PARTITION OF n FOR VALUES FROM (9) TO (20)',
    "CREATE TABLE x PARTITION OF l FOR VALUES IN ('z', 'b''c')",
    'CREATE TABLE x PARTITION OF l FOR VALUES IN (NULL)',
    'CREATE TABLE x PARTITION OF h FOR VALUES WITH (MODULUS 8, REMAINDER 5)',
    'CREATE TABLE x PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 4)',
    'CREATE TABLE x PARTITION OF r DEFAULT; CREATE TABLE y PARTITION OF r DEFAULT',
    'ALTER TABLE ONLY r ADD CONSTRAINT c CHECK (id > 0)',
    'ALTER TABLE ONLY i ADD CONSTRAINT c CHECK (a > 0)',
    'ALTER TABLE ONLY r ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES o',
    'ALTER TABLE ONLY r ADD PRIMARY KEY (id, at)',
    'ALTER TABLE ONLY i ALTER a TYPE bigint',
    'ALTER TABLE ONLY r ALTER id SET NOT NULL',
    'ALTER TABLE ONLY r ALTER at DROP NOT NULL',
    'ALTER TABLE ONLY r DROP id',
    'ALTER TABLE ONLY i VALIDATE CONSTRAINT w',
  ])('%s', sql => {
    expect(refused(sql)).toHaveLength(1);
  });
});

describe('taken', () => {
  test.each([
    "CREATE TABLE x PARTITION OF r FOR VALUES FROM ('2002-01-01') TO (MAXVALUE)",
    "CREATE TABLE x PARTITION OF r FOR VALUES FROM (MINVALUE) TO ('2001-01-01')",
    'CREATE TABLE x PARTITION OF n FOR VALUES FROM (10) TO (100)',
    'CREATE TABLE x PARTITION OF n FOR VALUES FROM (-20) TO (1)',
    "CREATE TABLE x PARTITION OF l FOR VALUES IN ('b', 'c', 'NULL')",
    'CREATE TABLE x PARTITION OF h FOR VALUES WITH (MODULUS 8, REMAINDER 6)',
    'ALTER TABLE r DETACH PARTITION r1; CREATE TABLE x PARTITION OF r DEFAULT',
    'ALTER TABLE ONLY i ADD CONSTRAINT c CHECK (a > 0) NO INHERIT',
    'ALTER TABLE ONLY r ADD CONSTRAINT c UNIQUE (id, at); ALTER TABLE ONLY r1 ADD CONSTRAINT c1 UNIQUE (id, at); ALTER INDEX c ATTACH PARTITION c1',
    'ALTER TABLE ONLY r1 ALTER id SET NOT NULL; ALTER TABLE ONLY r ALTER id SET NOT NULL; ALTER TABLE ONLY r ADD PRIMARY KEY (id, at); ALTER TABLE r1 ADD PRIMARY KEY (id, at)',
    'ALTER TABLE ONLY i DROP a; ALTER TABLE i1 DROP a',
    'ALTER TABLE ONLY i DROP CONSTRAINT w; ALTER TABLE i1 DROP CONSTRAINT w',
    'ALTER TABLE ONLY i ALTER a SET DEFAULT 4; ALTER TABLE i1 ALTER a SET NOT NULL, ALTER a ADD GENERATED ALWAYS AS IDENTITY; ALTER TABLE ONLY i ADD FOREIGN KEY (a) REFERENCES o',
  ])('%s', sql => {
    expect(refused(sql)).toEqual([]);
  });
});
