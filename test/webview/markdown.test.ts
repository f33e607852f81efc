import { describe, expect, test } from 'vitest';
import { fileIn, htmlOf, isFollowed } from '../../src/webview/markdown';

describe('an answer as HTML', () => {
  test('is what Markdown says, below the headings of the page', () => {
    expect(htmlOf('# Review\n\n- **one**\n\n```sql\nSELECT 1;\n```')).toBe(
      '<h3>Review</h3>\n<ul>\n<li><strong>one</strong></li>\n</ul>\n<pre><code class="language-sql">SELECT 1;\n</code></pre>\n',
    );
    expect(htmlOf('## a\n### b\n###### c')).toMatch(/<h3>a<\/h3>\n<h4>b<\/h4>\n<h6>c<\/h6>/);
  });

  test.each([
    ['markup', '<script>alert(1)</script> <img src=x onerror=alert(1)> <b onclick="x()">b</b>'],
    ['markup in code', '```html\n<script>alert(1)</script>\n```'],
    ['markup in a language', '```"><script>alert(1)</script>\ncode\n```'],
    [
      'a link that runs',
      '[press](javascript:alert(1)) [press](JaVaScRiPt:alert(1)) [press](command:workbench.action.quit)',
    ],
    [
      'a link that holds a page',
      '[press](data:text/html;base64,PHNjcmlwdD4=) [press](vbscript:x) [press](file:///etc/passwd)',
    ],
    ['a picture that tells', '![seen](https://example.com/beacon.png) ![seen][1]\n\n[1]: https://example.com/b.png'],
    ['an automatic link that runs', '<javascript:alert(1)> <command:x>'],
  ])('shows %s as text', (_, hostile) => {
    const html = htmlOf(hostile);
    const tags = [...html.matchAll(/<([a-z0-9]+)([^>]*)>/g)].map(([, tag, rest]) => ({ tag, rest }));
    expect(tags.map(({ tag }) => tag).filter(tag => !/^(?:p|pre|code|a)$/.test(tag ?? ''))).toEqual([]);
    for (const { rest } of tags) {
      expect(rest).not.toMatch(/\son\w+=|\ssrc=|\sstyle=/);
      expect(rest).not.toMatch(/href="(?!https:\/\/example\.com)/);
    }
  });

  test('keeps a long line of signs that open and never close', () => {
    const open = `${'['.repeat(5000)}x${'('.repeat(5000)}`;
    expect(htmlOf(open)).toContain(open);
  });
});

describe('what a link may lead to', () => {
  test('a file below the folder, with its line', () => {
    expect(fileIn('src/orders.ts#L12')).toEqual({ file: 'src/orders.ts', line: 12 });
    expect(fileIn('src/a%20b%281%29.ts#L3-L9')).toEqual({ file: 'src/a b(1).ts', line: 3 });
    expect(fileIn('README.md')).toEqual({ file: 'README.md' });
  });

  test.each([
    '../../etc/passwd',
    'src/%2e%2e/%2e%2e/x',
    'src\\..\\..\\x',
    '/etc/passwd',
    '//host/x',
    'command:x',
    'C:/x',
    '%zz',
    '',
  ])('not %s', target => {
    expect(fileIn(target)).toBeUndefined();
    expect(isFollowed(target)).toBe(false);
  });

  test('a page of the web', () => {
    expect(isFollowed('https://www.postgresql.org/docs/')).toBe(true);
    expect(isFollowed('ftp://example.com/')).toBe(false);
  });
});
