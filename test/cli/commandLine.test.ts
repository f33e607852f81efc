import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/cli/commandLine';
import { UsageError } from '../../src/workspace/usageError';

const words = (line: string) => line.split(' ').filter(Boolean);
const nothing = { format: 'pretty', rules: [], paths: ['.'] };

describe('what is meant', () => {
  test.each([
    ['check', { name: 'check', ...nothing }],
    ['check a b', { name: 'check', ...nothing, paths: ['a', 'b'] }],
    ['check --format sarif --output o.sarif a', { format: 'sarif', output: 'o.sarif', paths: ['a'] }],
    ['check --format=json a', { format: 'json', paths: ['a'] }],
    ['check a -o x', { output: 'x', paths: ['a'] }],
    ['check --rule one --rule two', { rules: ['one', 'two'] }],
    ['check --fail-level error', { failLevel: 'error' }],
    ['check --baseline b.sarif --explain 3f9c', { baseline: 'b.sarif', explain: '3f9c' }],
    ['check -- --odd', { paths: ['--odd'] }],
    ['check --help', { name: 'help', about: 'check' }],
    ['check a -h', { name: 'help', about: 'check' }],
    ['help check', { name: 'help', about: 'check' }],
    ['--help', { name: 'help' }],
    ['-h', { name: 'help' }],
    ['--version', { name: 'version' }],
    ['lsp --stdio', { name: 'lsp' }],
    ['lsp --help', { name: 'help' }],
    ['mcp', { name: 'mcp', workspaces: [] }],
    ['mcp --workspace a --workspace=b', { name: 'mcp', workspaces: ['a', 'b'] }],
    ['mcp --help', { name: 'help', about: 'mcp' }],
  ])('%s', (line, expected) => {
    expect(parseCommandLine(words(line))).toMatchObject(expected);
  });
});

describe('what is not understood', () => {
  test.each([
    ['', /which command\?/],
    ['chekc', 'there is no command "chekc"; did you mean "check"?'],
    ['src/orders', 'there is no command "src/orders"; to review it: backend-reviewer check src/orders'],
    ['--format json', /the command comes first: backend-reviewer check --format json/],
    ['check --fromat json', 'there is no option --fromat; did you mean --format?'],
    ['check --zzzzzz', /there is no option --zzzzzz; check takes --format, /],
    ['check -x', /there is no option -x/],
    ['check --format', '--format needs a value'],
    ['check --format --output x', '--format needs a value'],
    ['check --format xml', '--format is "xml"; it can be "pretty", "json", "sarif" or "github"'],
    ['check --format srif', '--format is "srif"; did you mean "sarif"?'],
    ['check --fail-level warn', '--fail-level is "warn"; did you mean "warning"?'],
    ['migration down', /^which one\?/],
    ['migration down --all x.sql', 'there is no option --all; migration down takes --write'],
    ['migration', /^which\?/],
    ['migration verfiy', 'there is no command "migration verfiy"; did you mean "verify"?'],
    ['migration verify --all', 'there is no option --all; migration verify takes folders and files'],
    ['ask', /^what is the question\?/],
    ['ask --base-url http://localhost:11434/v1 what', /^which model?/],
    ['ask --format xml what', '--format is "xml"; it can be "markdown" or "json"'],
    ['ask --workspce x what', 'there is no option --workspce; did you mean --workspace?'],
    ['mcp --workspace', '--workspace needs a value'],
    ['mcp shop', 'mcp takes no "shop"; name a folder with --workspace shop'],
    ['mcp --stdio', /^there is no option --stdio; mcp takes --workspace/],
  ])('%s', (line, message) => {
    expect(() => parseCommandLine(words(line))).toThrow(UsageError);
    expect(() => parseCommandLine(words(line))).toThrow(message);
  });
});
