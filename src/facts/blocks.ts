/** Blocks of statements as they are written, for what a fix puts around them. */
import type { Block, Function as FunctionNode, Span, Statement } from '../program/model';
import type { ModelNode, Parents } from '../program/parents';
import { visitNodes } from '../program/traverse';

/** `const` and the semicolon included. */
export const spanOf = (statement: Statement): Span => (statement.kind === 'declare' ? statement.statement : statement);

/** How much deeper a block stands than what it is the block of. */
export function stepOf(inner: string, outer: string): string {
  if (inner.startsWith(outer) && inner.length > outer.length) return inner.slice(outer.length);
  return inner.includes('\t') ? '\t' : '  ';
}

/** The block that the statement stands in. */
export function blockAround(parents: Parents, own: FunctionNode, statement: ModelNode): Block | undefined {
  return blocksOf(own, parents.of(statement)).find(block => block.some(each => each === statement));
}

function blocksOf(own: FunctionNode, node: ModelNode | undefined): readonly Block[] {
  switch (node?.kind) {
    case undefined:
      return [own.body];
    case 'lambda':
      return [node.function.body];
    case 'branch':
      return [node.then, node.otherwise];
    case 'loop':
    case 'scope':
      return [node.body];
    case 'try':
      return [node.body, ...node.handlers.map(({ body }) => body)];
    case 'switch':
      return node.cases.map(({ body }) => body);
    default:
      return [];
  }
}

/** Whether something in the statement is waited for. */
export function waits(statement: Statement): boolean {
  let found = false;
  visitNodes([statement], node => {
    if (node.kind === 'await' || node.kind === 'yield') found = true;
    return node.kind !== 'lambda';
  });
  return found;
}

export const indentationAt = (text: string, at: number): string => {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, at))?.[0] ?? '';
};

/** Lines that begin inside a text, by their offset behind `from`. */
export function linesInTexts(text: string, block: Block, from: number): readonly number[] {
  const lines: number[] = [];
  visitNodes(block, node => {
    if (node.kind === 'text')
      for (let at = text.indexOf('\n', node.start); at >= 0 && at < node.end; at = text.indexOf('\n', at + 1))
        lines.push(at + 1 - from);
    return true;
  });
  return lines;
}
