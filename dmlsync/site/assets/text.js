// Text as it is compared: without capitals and accents.

const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

function fold(text) {
  const lower = text.toLowerCase();
  if (/^[ -~\n]*$/.test(lower)) return lower;
  return lower.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter]);
}

/** The words of a query; a hyphen parts words, so that `self-supervised` finds `self supervised` as well. */
function wordsOf(query) {
  return fold(query).split(/[\s,\-\u2010-\u2015]+/).filter(Boolean);
}

/** Where words stand in a text: pairs of start and end, counted in the text as it is, not as it is compared. */
function placesOf(text, words) {
  let folded = "";
  const starts = [], ends = [];
  let at = 0;
  for (const sign of text) {
    const letters = fold(sign);
    for (let i = 0; i < letters.length; i += 1) {
      starts.push(at);
      ends.push(at + sign.length);
    }
    folded += letters;
    at += sign.length;
  }
  const found = [];
  for (const word of words) {
    for (let i = folded.indexOf(word); i >= 0; i = folded.indexOf(word, i + word.length)) {
      found.push([starts[i], ends[i + word.length - 1]]);
    }
  }
  return found;
}
