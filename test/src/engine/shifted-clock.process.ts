// Loaded before an engine (`node --import`): its wall clock goes as far ahead of the machine's as TEST_CLOCK_FILE says, in
// milliseconds, and jumps whenever that changes. The steady clock stays as it is, as where somebody sets the time.
import { readFileSync } from 'node:fs'

const file = process.env['TEST_CLOCK_FILE']!
const machine = Date.now
let aheadMs = Number(readFileSync(file, 'utf8'))
setInterval(() => {
  aheadMs = Number(readFileSync(file, 'utf8'))
}, 20).unref()
Date.now = () => machine() + aheadMs
