function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const config = {
  port: Number(process.env.PORT ?? 3000),
  databaseUrl: process.env.DATABASE_URL ?? 'postgres://localhost:5432/shop',
  archiveUrl: process.env.ARCHIVE_URL ?? 'postgres://localhost:5432/shop_archive',
  archiveReplicaUrl: process.env.ARCHIVE_REPLICA_URL ?? 'postgres://localhost:5433/shop_archive',
  poolSize: Number(process.env.DATABASE_POOL_SIZE ?? 10),
  paymentsUrl: process.env.PAYMENTS_URL ?? 'https://sandbox.payments.example',
  get adminToken(): string {
    return required('ADMIN_TOKEN');
  },
};
