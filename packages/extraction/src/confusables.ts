// The letters of UTS 39's confusables that look like a Latin letter in nearly every font; Cyrillic, Greek and the dotless i.
const foreign = 'аеорсухѕіјԁһԛԝɡοανιρυκıАВЕКМНОРСТХУЅІЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ'
const latin = 'aeopcyxsijdhqwgoavipukiABEKMHOPCTXYSIJABEZHIKMNOPTYX'

const letters = new Map(Array.from(foreign, (letter, place) => [letter, latin.charAt(place)]))
const anyForeign = new RegExp(`[${foreign}]`, 'g')

/** A text with the letters of other scripts that look like Latin ones as these: a skeleton, for comparing only (UTS 39 §4). */
export const foldConfusables = (text: string): string =>
  text.replaceAll(anyForeign, letter => letters.get(letter) ?? letter)
