/** Why an endpoint did not answer, in words for a person. Told by its name: bundles each bring their own copy of the class. */

export type FailureKind =
  | 'setting'
  | 'key'
  | 'model'
  | 'limit'
  | 'unreachable'
  | 'cut'
  | 'silent'
  | 'not-understood'
  | 'refused';

export class EndpointFailure extends Error {
  override readonly name = 'EndpointFailure';

  constructor(
    readonly kind: FailureKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const isEndpointFailure = (error: unknown): error is EndpointFailure =>
  error instanceof Error && error.name === 'EndpointFailure';
