export interface Statement {
  text: string;
  values: unknown[];
}

/** sql`SELECT … WHERE id = ${id}` becomes a statement with $1 and its value. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Statement {
  return { text: strings.reduce((text, part, index) => `${text}$${index}${part}`), values };
}
