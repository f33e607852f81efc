// Planted: the program model knows what the facts are (I1).
import type { Facts } from '../facts/facts';

export type Known = Facts;
