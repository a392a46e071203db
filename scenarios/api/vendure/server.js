/* Vendure's shop and admin API on the loopback, set up for a load test: one process, PostgreSQL
 * behind it, no administration pages, no mail, no separate worker.
 *
 * Everything that bears on whether the books are right is as Vendure ships it: stock locations by
 * channel, allocation when the payment is settled, the order process, its transactions. What differs
 * is said below. The environment gives VENDURE_PORT, VENDURE_PG_PORT, VENDURE_DATABASE and
 * VENDURE_PASSWORD (of the user superadmin).
 */
'use strict';
const {
  bootstrap, DefaultLogger, DefaultSearchPlugin, dummyPaymentHandler, JobQueueService, LogLevel,
} = require('@vendure/core');

const need = name => {
  if (!process.env[name]) {
    console.error(`server.js: ${name} is not set`);
    process.exit(2);
  }
  return process.env[name];
};

const config = {
  logger: new DefaultLogger({ level: LogLevel.Error, timestamp: true }),
  apiOptions: {
    hostname: '127.0.0.1',
    port: Number(need('VENDURE_PORT')),
    shopApiPath: 'shop-api',
    adminApiPath: 'admin-api',
    adminListQueryLimit: 1000, // rows of one page when the books are read
  },
  authOptions: {
    tokenMethod: ['bearer', 'cookie'],
    requireVerification: false, // members have no mailbox
    superadminCredentials: { identifier: 'superadmin', password: need('VENDURE_PASSWORD') },
    cookieOptions: { secret: need('VENDURE_PASSWORD') },
  },
  dbConnectionOptions: {
    type: 'postgres',
    host: '127.0.0.1',
    port: Number(need('VENDURE_PG_PORT')),
    username: 'postgres',
    database: need('VENDURE_DATABASE'),
    synchronize: true, // makes the tables of an empty database
    extra: { max: 20 },
  },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] }, // settles at once
  plugins: [DefaultSearchPlugin.init({ bufferUpdates: false, indexStockStatus: true })],
};

bootstrap(config).then(async app => {
  await app.get(JobQueueService).start(); // the search index is made in this process
  console.log(`listening on http://127.0.0.1:${config.apiOptions.port}`);
}, error => {
  console.error(error);
  process.exit(1);
});
process.on('SIGTERM', () => process.exit(0));
