/** `defineRule` for rules that read backend facts. */
import { ruleFor } from '../engine/rule';
import type { Facts } from './facts';

export const defineRule = ruleFor<Facts>();
