export interface Facts {
  readonly queries: number;
}
