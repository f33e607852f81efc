// Planted: the engine reads a file (I2).
import { readFileSync } from 'node:fs';

export const read = readFileSync;
