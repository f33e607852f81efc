import type { Knex } from 'knex';

const TABLES = [
  'cart_items',
  'carts',
  'addresses',
  'customers',
  'stock_levels',
  'warehouses',
  'products',
  'categories',
];

const PRODUCTS = [
  { sku: 'MUG-BLUE', name: 'Blue mug', price_cents: 1290 },
  { sku: 'MUG-WHITE', name: 'White mug', price_cents: 1190 },
  { sku: 'TEAPOT', name: 'Teapot, 1.2 l', price_cents: 3490 },
  { sku: 'TEA-GREEN', name: 'Green tea, 100 g', price_cents: 790 },
];

export async function seed(knex: Knex): Promise<void> {
  for (const table of TABLES) {
    await knex(table).del();
  }

  const [category] = await knex('categories').insert({ slug: 'tea', name: 'Tea' }).returning('id');
  const products = await knex('products')
    .insert(PRODUCTS.map(product => ({ ...product, category_id: category.id })))
    .returning('id');
  const [warehouse] = await knex('warehouses').insert({ code: 'HAM', name: 'Hamburg', priority: 1 }).returning('id');
  await knex('stock_levels').insert(
    products.map(({ id }) => ({ product_id: id, warehouse_id: warehouse.id, on_hand: 40, reorder_point: 5 })),
  );

  const people = Array.from({ length: 25 }, (_, index) => ({
    email: `customer${index + 1}@shop.example`,
    first_name: 'Customer',
    last_name: String(index + 1),
  }));
  const customers = await knex('customers').insert(people).returning(['id', 'last_name']);
  for (const customer of customers) {
    await knex('addresses').insert({
      customer_id: customer.id,
      line1: `Harbour Street ${customer.last_name}`,
      city: 'Hamburg',
      postcode: '20457',
      country: 'DE',
      is_default: true,
    });
  }
}
