/** Addresses of the broker that the run of the tests brought up. A test without a broker fails, it is never skipped. */
export const testBroker = (): readonly string[] => {
  const brokers = process.env['KAFKA_BROKERS']
  if (brokers === undefined || brokers === '') {
    throw new Error(
      'KAFKA_BROKERS: expected the broker of this test run, got nothing (npm run test:integration)',
    )
  }
  return brokers.split(',')
}
