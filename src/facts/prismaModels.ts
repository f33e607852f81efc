/** What a Prisma schema declares for the code: the models with their tables, and the names by which the client has them. */
import type { FileId, Place } from '../engine/place';
import { columnsOf, type PrismaFile } from '../migrations/prisma/ddl';
import type { DeclaredColumn, DeclaredModel } from './models';

/** A model as the client's calls name it: `prisma.orderLine`. */
export interface ClientModel {
  readonly table: string;
  /** The columns by the fields' names. */
  readonly columns: ReadonlyMap<string, string>;
}

/** The models of one file among those of its schema. Every name is the database's own: Prisma makes none up. */
export function modelsOfPrisma(files: readonly PrismaFile[], file: FileId): readonly DeclaredModel[] {
  const isModel = modelNamesIn(files);
  return (files.find(each => each.file === file)?.schema.models ?? []).flatMap((model): DeclaredModel[] => {
    const { name, mapped, at } = model;
    // one that the client leaves out, or that the project has to make itself
    if (model.attributes.some(each => each.name === 'ignore')) return [];
    const placed = (span: { readonly start: number; readonly end: number }): Place => ({ unit: file, ...span });
    return [
      {
        label: name,
        at: placed(at),
        tables: [mapped],
        isNamed: true,
        isTraced: true,
        isHint: false,
        columns: columnsOf(model, isModel)
          .filter(({ attributes }) => !attributes.some(each => each.name === 'ignore'))
          .map(field => ({
            member: field.name,
            names: [field.mapped],
            isNamed: true,
            at: placed(field.at),
            labels: labelsOf(files, field.type),
          })),
      },
    ];
  });
}

/** By the name that the client has for a model: its first letter small. */
export function clientModelsOf(files: readonly PrismaFile[]): ReadonlyMap<string, ClientModel> {
  const isModel = modelNamesIn(files);
  return new Map(
    files.flatMap(({ schema }) =>
      schema.models.map((model): [string, ClientModel] => [
        `${model.name.slice(0, 1).toLowerCase()}${model.name.slice(1)}`,
        {
          table: model.mapped,
          columns: new Map(columnsOf(model, isModel).map(({ name, mapped }) => [name, mapped])),
        },
      ]),
    ),
  );
}

/** Of an enumeration, wherever it is declared. */
const labelsOf = (files: readonly PrismaFile[], type: string): NonNullable<DeclaredColumn['labels']> =>
  files.flatMap(({ file, schema }) =>
    schema.enums
      .filter(({ name }) => name === type)
      .flatMap(({ labels }) => labels.map(({ label, at }) => ({ label, at: { unit: file, ...at } }))),
  );

function modelNamesIn(files: readonly PrismaFile[]): (type: string) => boolean {
  const names = new Set(files.flatMap(({ schema }) => schema.models.map(({ name }) => name)));
  return type => names.has(type);
}
