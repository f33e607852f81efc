/** The languages that are read, in one list for every thread. */
import type { FrontEnd } from '../languages/frontEnd';
import { phpFrontEnd } from '../languages/php/frontEnd';
import { pythonFrontEnd } from '../languages/python/frontEnd';
import { typescriptFrontEnd } from '../languages/typescript/frontEnd';

export const FRONT_ENDS: readonly FrontEnd[] = [typescriptFrontEnd, pythonFrontEnd, phpFrontEnd];
