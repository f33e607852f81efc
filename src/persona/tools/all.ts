/** The tools, in the order in which they are listed: what is done most often first. */
import { applyFix, explainFinding } from './finding';
import { generateDownMigration, verifyMigration } from './migration';
import { listFindings, reviewFile, reviewText } from './review';
import { describeSchema, findColumnUses } from './schema';
import type { Tool } from './tool';

export const tools: readonly Tool[] = [
  reviewFile,
  reviewText,
  listFindings,
  explainFinding,
  applyFix,
  describeSchema,
  findColumnUses,
  generateDownMigration,
  verifyMigration,
];

export const toolNamed = (name: string): Tool | undefined => tools.find(tool => tool.name === name);
