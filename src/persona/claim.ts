/** What a question takes for granted or wishes for, told by the words that it holds. */

export interface Claim {
  readonly id: string;
  /** All of these stand in the question, in any order. */
  readonly says: readonly RegExp[];
  /** And none of these. */
  readonly unless?: RegExp;
  /** What is true instead, or why not and what instead; one short paragraph of Markdown. */
  readonly answer: string;
  /** The playbook that goes on from there. */
  readonly playbook?: string;
}

export const claimsIn = (question: string, claims: readonly Claim[]): readonly Claim[] => {
  const plain = question.replaceAll('’', "'").replace(/\s+/g, ' ');
  return claims.filter(({ says, unless }) => says.every(each => each.test(plain)) && !unless?.test(plain));
};
