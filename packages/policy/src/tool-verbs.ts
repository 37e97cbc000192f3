// English verbs by what they do, whatever they do it to: no tool of any product is meant. A word that is in none of these
// sets says nothing, and nothing said means caution.

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** They look, or work on what they are given, and leave everything as it was. */
export const readingVerbs: ReadonlySet<string> = words(
  'browse cat check count describe diff discover download explore fetch find get glob grep has inspect is list locate ' +
    'look lookup ls navigate observe peek ping poll preview query read retrieve scan scrape screenshot scroll search see ' +
    'select show stat tail track view visit wait whoami ' +
    'analyze analyse calculate compare compute estimate explain extract parse reason recommend reflect suggest summarise ' +
    'summarize think translate validate verify',
)

/** Nouns of reading: `flight_status`, `stay_finder`. Only at the end of a name, and where no verb says otherwise. */
export const readingNouns: ReadonlySet<string> = words(
  'availability details directions finder forecast history info information listing listings lookup metadata overview ' +
    'results schema statistics stats status summary',
)

/** What they do cannot be taken back, or gives away control. */
export const irreversibleVerbs: ReadonlySet<string> = words(
  'cancel delete destroy disable drop erase eval exec execute grant invoke kill pay purge remove revoke run shutdown ' +
    'terminate transfer truncate uninstall wipe',
)

/** They only say that something is carried out, and nothing of what. */
export const executingVerbs: ReadonlySet<string> = words('eval exec execute invoke run')

/** They change something, and are hardly ever anything but verbs. */
export const actingVerbs: ReadonlySet<string> = words(
  'accept activate add append apply approve assign attach authorize broadcast buy confirm connect create ' +
    'deactivate decline decrypt deploy detach disconnect edit enable encrypt enroll forward insert install modify notify ' +
    'overwrite publish put reassign reboot redeem register reject rename replace reschedule reserve reset restart ' +
    'restore save sell send signup submit subscribe unlink unregister unsubscribe upload write',
)

/**
 * They change something as verbs, and are also what is read: `get_update`, `list_run`. Among them the irreversible verbs
 * that are nouns as well.
 */
export const nounVerbs: ReadonlySet<string> = words(
  'bid build call change charge checkout claim click clone close commit copy deposit drag drop exchange export fill fix ' +
    'follow fork grant hire hold import invite issue like link load lock make mark merge mint move open patch pin place ' +
    'plan play press print process pull push purchase rate refund release rent reply return run sale schedule set share ' +
    'sign star start stop stream swap sync trade transfer type update upgrade vote withdraw',
)

/** The same, and as nouns they are things that tools keep: `order_lookup`, `email_search`. */
export const thingVerbs: ReadonlySet<string> = words(
  'archive block book branch cart comment contact email file invoice label log mail message note order post record ' +
    'report request review store tag text ticket tweet',
)

/** Verbs of reading that hardly anything else ends with. */
export const closingVerbs: ReadonlySet<string> = words('fetch find get lookup read retrieve search')

/** What they join stands on its own: `query_and_delete`. */
export const conjunctions: ReadonlySet<string> = words('and or then plus')

/** With these after it, a verb of reading is another verb: `check_out`, `list_for_sale`. */
export const turningWords: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['check', words('out in off')],
  ['list', words('for')],
])
