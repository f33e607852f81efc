// Planted: a rule that imports a language (I1, I3).
import { lower } from '../languages/typescript/lower';

export const rule = lower;
