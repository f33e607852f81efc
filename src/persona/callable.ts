/** The tools that a model may call while it answers: those that only look. What changes or runs something is a person's to start. */
import type { CallableTool } from './chatModel';
import type { Grounding } from './grounding';
import { tools } from './tools/all';
import type { ToolHost } from './tools/host';
import { path, taking, whole } from './tools/parameters';

/** Most useful first: a small budget has room for the first ones alone. */
export function callableTools(host: ToolHost, grounding: Grounding): readonly CallableTool[] {
  return [
    readFile(grounding),
    ...tools
      .filter(tool => !tool.changes && tool.consent({}) === undefined)
      .map(
        (tool): CallableTool => ({
          name: tool.name,
          description: tool.description,
          parameters: tool.parameters,
          async call(input, signal) {
            const result = await tool.call(input, host, signal);
            return result.ok ? JSON.stringify(result.value) : `${result.error.message} ${result.error.next}`;
          },
        }),
      ),
  ];
}

/** Lines of one answer: more is asked for by a range. */
const MOST_LINES = 400;

const TAKES = taking(
  { path: path('The file, relative to the workspace.') },
  { startLine: whole('First line, from 1.'), endLine: whole('Last line.') },
);

const readFile = (grounding: Grounding): CallableTool => ({
  name: 'read_file',
  description:
    'Reads a text file of the workspace, with line numbers; at most 400 lines at a time. Use it to see code before you judge or change it.',
  parameters: TAKES.schema,
  async call(input) {
    const read = TAKES.read(input);
    if ('problem' in read) return read.problem;
    const { path: file, startLine = 1, endLine = startLine + MOST_LINES - 1 } = read.value;
    const lines = (await grounding.read(file)).split(/\r?\n/);
    const last = Math.min(endLine, startLine + MOST_LINES - 1, lines.length);
    if (startLine > lines.length) return `${file} has ${lines.length} lines.`;
    const shown = lines.slice(startLine - 1, last).map((line, index) => `${startLine + index}\t${line}`);
    return [...shown, ...(last < lines.length ? [`(lines ${last + 1} to ${lines.length} follow)`] : [])].join('\n');
  },
});
