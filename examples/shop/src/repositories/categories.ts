import { db } from '../db/knex';
import type { Category } from '../domain/types';

export interface CategoryNode extends Category {
  children: CategoryNode[];
}

export interface CategoryWithCount extends Category {
  products: number;
}

const listCategories = (): Promise<Category[]> =>
  db('categories').select('id', 'slug', 'name', { parentId: 'parent_id' }).orderBy('name');

export async function categoryTree(): Promise<CategoryNode[]> {
  const categories = await listCategories();
  const nodes = new Map(categories.map(category => [category.id, { ...category, children: [] as CategoryNode[] }]));
  const roots: CategoryNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.parentId === null ? undefined : nodes.get(node.parentId);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

export async function categoriesWithCounts(): Promise<CategoryWithCount[]> {
  const result: CategoryWithCount[] = [];
  for (const category of await listCategories()) {
    const row = await db('products').where({ category_id: category.id, active: true }).count({ products: '*' }).first();
    result.push({ ...category, products: Number(row?.products ?? 0) });
  }
  return result;
}

export async function slugsInUse(slugs: string[]): Promise<Set<string>> {
  const taken: { slug: string }[] = await db('categories').select('slug').whereIn('slug', slugs);
  return new Set(taken.map(category => category.slug));
}
