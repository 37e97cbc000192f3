import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { inferCatalogueEntry } from './inferred-entry.ts'

const treatment = (...[tool, evidence]: Parameters<typeof inferCatalogueEntry>): string => {
  const { readOnly, mode, sensitivity } = inferCatalogueEntry(tool, evidence)
  return `${readOnly ? 'reads' : 'acts'} ${mode} ${sensitivity}`
}
const all = (tools: string, expected: string): void => {
  for (const tool of tools.split(' ')) assert.equal(treatment(tool), expected, tool)
}

describe('by its name', () => {
  test('a word of reading makes a tool read-only, wherever it stands', () => {
    all(
      'read_file getBalance search-contacts list gmail_search_emails flights.search web_search',
      'reads enforce 1',
    )
    all('navigate download select ls scan inbox_read stay_finder HTTPGet flight_status', 'reads enforce 1')
  })

  test('what can be a noun is one where it is read', () => {
    all('get_order_details list_post get_return_status check_payment order.get_details', 'reads enforce 1')
    all('email_search order_lookup get_scheduled_transfers mail/get_message', 'reads enforce 1')
  })

  test('rejects a verb of acting behind one of reading', () => {
    all(
      'find_and_replace fetch_and_forward view_and_approve get_or_create_user describe_and_post',
      'acts gate 2',
    )
    all('show_and_share read_write_file searchReplace get.and.order countVotesAndSubmit', 'acts gate 2')
    all('check_out_cart check_in list_for_sale update_list share_view update_search', 'acts gate 2')
  })

  test('rejects what cannot be taken back behind a verb of reading', () => {
    all('query_and_delete lookup_and_transfer calculate_and_pay search_execute', 'acts gate 3')
    all('delete_file cancelBooking bank/transfer run_query drop', 'acts gate 3')
  })

  test('a name that says nothing is sensitive and gated, also what only begins like a verb of reading', () => {
    all(
      'send_money reader_update status_setzen getaway wallet 読む calendar.day sendmail constructor',
      'acts gate 2',
    )
    assert.equal(treatment(''), 'acts gate 2')
  })

  test('a server’s name says nothing of what its tools do', () => {
    assert.equal(treatment('search/post_message'), 'acts gate 2')
    assert.equal(treatment('delete-service/get_item'), 'reads enforce 1')
  })
})

describe('by what it is given', () => {
  test('a read that is told an address goes there', () => {
    assert.equal(treatment('get_page', { reachesOut: true }), 'reads gate 2')
    assert.equal(treatment('post_page', { reachesOut: true }), 'acts gate 2')
  })

  test('statements say what is done where the name only carries them out', () => {
    assert.equal(treatment('execute_sql', { sql: 'reads' }), 'reads enforce 1')
    assert.equal(treatment('warehouse', { sql: 'reads' }), 'reads enforce 1')
    assert.equal(treatment('query', { sql: 'writes' }), 'acts gate 2')
    assert.equal(treatment('query', { sql: 'commands' }), 'acts gate 3')
  })

  test('a statement that reads takes nothing back of what the name says', () => {
    assert.equal(treatment('send_mail', { sql: 'reads' }), 'acts gate 2')
    assert.equal(treatment('delete_where', { sql: 'reads' }), 'acts gate 3')
  })

  test('a program is critical, whatever the tool is called', () => {
    assert.equal(treatment('get_output', { runsCode: true }), 'acts gate 3')
  })

  test('which of several things a tool is to do counts as its name does', () => {
    assert.equal(treatment('editor', { actions: ['view'] }), 'reads enforce 1')
    assert.equal(treatment('get_or_set', { actions: ['view'] }), 'acts gate 2')
    assert.equal(treatment('search_files', { actions: ['delete'] }), 'acts gate 3')
  })
})
