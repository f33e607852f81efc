import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/sql/dialect';
import { splitStatements } from '../../src/sql/statements';
import { HOLE, sourceOf, tokensOf } from '../../src/sql/tokens';

const split = (text: string, dialect: Dialect = 'postgresql'): readonly string[] =>
  splitStatements(text, dialect).map(statement => statement.text);

describe('splitting PostgreSQL', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing', '', []],
    ['white space and comments', ' \n-- a;b\n/* c; */ ; ;', []],
    ['a literal', "SELECT 'a;b'; SELECT 'it''s;'", ["SELECT 'a;b'", "SELECT 'it''s;'"]],
    ['a backslash that means itself', "SELECT 'a\\'; SELECT 2", ["SELECT 'a\\'", 'SELECT 2']],
    ['an escape literal', "SELECT E'a\\';b'; SELECT 2", ["SELECT E'a\\';b'", 'SELECT 2']],
    ['a quoted name', 'SELECT "a;""b"; SELECT 2', ['SELECT "a;""b"', 'SELECT 2']],
    ['dollar quotes', 'SELECT $$a;b$$; SELECT $x$ $$;$$ $x$', ['SELECT $$a;b$$', 'SELECT $x$ $$;$$ $x$']],
    ['a placeholder, which opens nothing', 'SELECT $1; SELECT $2', ['SELECT $1', 'SELECT $2']],
    ['a name with a dollar sign', 'SELECT a$b$c; SELECT 2', ['SELECT a$b$c', 'SELECT 2']],
    ['nested comments', 'SELECT /* a /* ; */ ; */ 1; SELECT 2', ['SELECT /* a /* ; */ ; */ 1', 'SELECT 2']],
    [
      'a body of statements',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT 3',
      ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END', 'SELECT 3'],
    ],
    [
      'a rule',
      'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3',
      ['CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)', 'SELECT 3'],
    ],
    ['a transaction', 'BEGIN; SELECT 1; END; SELECT 2', ['BEGIN', 'SELECT 1', 'END', 'SELECT 2']],
    ['meta-commands', '\\set x 1;2\nSELECT 1;\n\\echo done; now\nSELECT 2\\gexec', ['SELECT 1', 'SELECT 2']],
    [
      'two statements that psql sends together',
      'SELECT 1 \\; SELECT 2;\nSELECT 3',
      ['SELECT 1', 'SELECT 2', 'SELECT 3'],
    ],
    ['a statement behind a meta-command', '\\set x 1 \\\\ SELECT :x; SELECT 2', ['SELECT :x', 'SELECT 2']],
    [
      'copied data behind a meta-command that ends a statement',
      "SELECT 1 \\gset\nCOPY t FROM stdin;\n1;'\n\\.\nSELECT 2;",
      ['SELECT 1', 'COPY t FROM stdin', 'SELECT 2'],
    ],
    ['data that psql itself copies', "\\copy t from stdin\nO'Hara;\n\\.\nSELECT 2;", ['SELECT 2']],
    ['data from where it went', "COPY t FROM stdout;\nO'Hara;\n\\.\nSELECT 2;", ['COPY t FROM stdout', 'SELECT 2']],
    ['a variable as a literal', 'SELECT :\'a\' ; SELECT :"b"', ["SELECT :'a'", 'SELECT :"b"']],
    ['copied data', "COPY t (a) FROM stdin;\n1;\t'x\n\\.\nSELECT 2;", ['COPY t (a) FROM stdin', 'SELECT 2']],
    ['a copy from a file', "COPY t FROM '/a;b'; SELECT 2", ["COPY t FROM '/a;b'", 'SELECT 2']],
    ['a literal that nothing closes', "SELECT 1; SELECT 'a; SELECT 2", ['SELECT 1', "SELECT 'a; SELECT 2"]],
    ['a parenthesis that nothing closes', 'SELECT (1; SELECT 2', ['SELECT (1', 'SELECT 2']],
    ['holes', `SELECT '${HOLE};' ; SELECT ${HOLE}`, [`SELECT '${HOLE};'`, `SELECT ${HOLE}`]],
  ])('%s', (_, text, expected) => expect(split(text)).toEqual(expected));

  test('ranges are in UTF-16 units of the whole text, without comments around the statement', () => {
    const text = "-- 😀 ä\nSELECT '😀'; /* b */ SELECT 2 -- c\n;";
    expect(splitStatements(text, 'postgresql').map(({ start, end }) => text.slice(start, end))).toEqual([
      "SELECT '😀'",
      'SELECT 2',
    ]);
  });
});

describe('splitting other dialects', () => {
  test.each<[Dialect, string, readonly string[]]>([
    ['mysql', 'SELECT `a;b`; # c;d\nSELECT "e\\";f"', ['SELECT `a;b`', 'SELECT "e\\";f"']],
    ['mysql', 'SELECT 5--1; SELECT 2 -- a;b\n; SELECT 3', ['SELECT 5--1', 'SELECT 2', 'SELECT 3']],
    [
      'mysql',
      'DELIMITER $$\nCREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW BEGIN SET x = 1; END$$\nDELIMITER ;\nSELECT 1;',
      ['CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW BEGIN SET x = 1; END', 'SELECT 1'],
    ],
    ['mysql', 'delimiter //\nSELECT 1//\nSELECT 2;//', ['SELECT 1', 'SELECT 2;']],
    [
      'mariadb',
      'CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END IF; END; SELECT 2',
      ['CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END IF; END', 'SELECT 2'],
    ],
    ['mysql', 'BEGIN; INSERT INTO a VALUES (1); COMMIT;', ['BEGIN', 'INSERT INTO a VALUES (1)', 'COMMIT']],
    [
      'sqlite',
      'CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE b SET c = 1; END; SELECT [d;e]',
      ['CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE b SET c = 1; END', 'SELECT [d;e]'],
    ],
    [
      'transactsql',
      'CREATE PROC p AS BEGIN SELECT 1; END\nGO\nSELECT [a;b]\nGO 5\n',
      ['CREATE PROC p AS BEGIN SELECT 1; END', 'SELECT [a;b]'],
    ],
    [
      'transactsql',
      "IF a IS NULL BEGIN\nDROP TABLE b;\nDROP TABLE c; END\nIF OBJECT_ID('d') IS NULL\n  CREATE TABLE d (e int)\nCREATE TABLE f (g int)\n",
      [
        'IF a IS NULL BEGIN\nDROP TABLE b;\nDROP TABLE c; END',
        "IF OBJECT_ID('d') IS NULL\n  CREATE TABLE d (e int)",
        'CREATE TABLE f (g int)',
      ],
    ],
  ])('%s: %j', (dialect, text, expected) => {
    expect(split(text, dialect)).toEqual(expected);
  });
});

describe('tokens', () => {
  const tokens = (text: string, dialect: Dialect = 'postgresql'): string =>
    tokensOf(text, dialect)
      .map(token => `${sourceOf(text, token)}:${token.kind}${token.open ? '!' : ''}`)
      .join(' ');

  test.each<[string, string]>([
    ['a>=-1', 'a:word >=:symbol -:symbol 1:number'],
    ['b::int', 'b:word :::symbol int:word'],
    ['=$1', '=:symbol $1:placeholder'],
    ['= ?', '=:symbol ?:placeholder'],
    ["data ?| array['a']", "data:word ?|:symbol array:word [:symbol 'a':text ]:symbol"],
    ['x @> :id', 'x:word @>:symbol :id:placeholder'],
    ['a[1:2]', 'a:word [:symbol 1:number ::symbol 2:number ]:symbol'],
    ['= %s AND b = %(name)s', '=:symbol %s:placeholder AND:word b:word =:symbol %(name)s:placeholder'],
    ['5 % 3', '5:number %:symbol 3:number'],
    ["U&'d\\0061' N'a' 1.5e3 .5", "U&'d\\0061':text N'a':text 1.5e3:number .5:number"],
    [`t_${HOLE} ${HOLE}`, `t_${HOLE}:word ${HOLE}:word`],
    ['größe "Größe"', 'größe:word "Größe":name'],
    ["'a", "'a:text!"],
  ])('%s', (text, expected) => expect(tokens(text)).toBe(expected));

  test('each dialect quotes in its own way', () => {
    expect(tokens('"a" `b` @c', 'mysql')).toBe('"a":text `b`:name @c:word');
    expect(tokens('"a" [b] @c #d', 'transactsql')).toBe('"a":name [b]:name @c:placeholder #d:word');
    expect(tokens('?? = ?', 'mysql')).toBe('??:placeholder =:symbol ?:placeholder');
  });

  test('every character that is no white space lies in one token, whatever the text', () => {
    let seed = 20240101;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const pieces = [
      "'",
      '"',
      '`',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      '\n',
      ';',
      '(',
      ')',
      'BEGIN',
      'END',
      'CREATE',
      'COPY a FROM stdin;',
      '\\.',
      'DELIMITER //',
      '//',
      '?',
      ':a',
      '@',
      '#',
      '[',
      ']',
      'ä',
      '😀',
      HOLE,
      '1',
      ' ',
      'E',
      '\\',
      'GO',
    ];
    for (const dialect of ['postgresql', 'mysql', 'mariadb', 'sqlite', 'transactsql'] as const)
      for (let turn = 0; turn < 300; turn += 1) {
        const text = Array.from({ length: random(30) }, () => pieces[random(pieces.length)]).join('');
        let at = 0;
        for (const token of tokensOf(text, dialect)) {
          expect(text.slice(at, token.start).trim(), `${dialect} ${JSON.stringify(text)}`).toBe('');
          expect(token.end).toBeGreaterThan(token.start);
          at = token.end;
        }
        expect(text.slice(at).trim()).toBe('');
        for (const statement of splitStatements(text, dialect))
          expect(statement.text).toBe(text.slice(statement.start, statement.end));
      }
  });
});
