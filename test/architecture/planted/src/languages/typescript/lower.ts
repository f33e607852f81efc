export const lower = 1;
