// Numbers, percent and texts, digit for digit as retention_kit/language.py writes them; a test holds the two equal.

export const MISSING = "—";
const toPersian = (plain) => plain.replace(/[0-9.,%]/g, (sign) => "۰۱۲۳۴۵۶۷۸۹٫٬٪"["0123456789.,%".indexOf(sign)]);

// As Python rounds: an exact half goes to the even neighbour, where toFixed always goes up.
function rounded(value, decimals) {
  if (value >= 1e21) return BigInt(value).toString();
  const longer = value.toFixed(decimals + 1);
  const half = Number.isInteger(value * 2 ** (decimals + 1)) && longer.endsWith("5");
  const shorter = longer.slice(0, -1).replace(/\.$/, "");
  return half && "02468".includes(shorter.at(-1)) ? shorter : value.toFixed(decimals);
}

export function number(value, language, decimals = 0) {
  if (value === null || Number.isNaN(value)) return MISSING;
  const persian = language === "fa";
  const minus = persian ? "\u200e−" : "−";
  if (!Number.isFinite(value)) return (value < 0 ? minus : "") + "∞";
  const [whole, fraction = ""] = rounded(Math.abs(value), decimals).split(".");
  const part = fraction.replace(/0+$/, "");
  const plain = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part && `.${part}`);
  return (value < 0 && plain !== "0" ? minus : "") + (persian ? toPersian(plain) : plain);
}

// What is nearer to nobody and to everybody than any count of customers is the rounding of floats.
const LEAST_SHARE = 1e-9;

// 0% is nobody and 100% is everybody, so others have as many places as they need.
export function percent(share, language, decimals = 1) {
  let places = decimals;
  if (share > LEAST_SHARE && share < 1 - LEAST_SHARE)
    while (["0", "100"].includes(String(Number(rounded(share * 100, places))))) places += 1;
  const plain = number(share === null ? null : share * 100, language, places);
  return plain === MISSING ? plain : plain + sign(language);
}

export const sign = (language) => (language === "fa" ? "٪" : "%");

const KINDS = {
  number,
  number1: (value, language) => number(value, language, 1),
  percent,
  percent0: (share, language) => percent(share, language, 0),
};

// A number that stands alone has no Persian letter before it to tell its percent sign which side it belongs to:
// the Arabic letter mark, which is not seen, stands in for one.
export const alone = (text, language) => (language === "fa" ? `\u061c${text}` : text);

// The template with its {name:kind} places filled; "one|many" chooses the English plural.
export function fill(template, values, language) {
  return template.replace(/{(\w+)(?::([^}]+))?}/g, (_, name, kind) => {
    if (!kind) return values[name];
    if (!kind.includes("|")) return KINDS[kind](values[name], language);
    return kind.split("|")[values[name] === 1 ? 0 : 1];
  });
}

// What a person typed as a number: Persian, Arabic or Latin digits and separators; null when it is none.
export function parse(typed) {
  const plain = typed
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660)
    .replace(/[\s٬،,\u200c\u200e\u200f]/g, "")
    .replace(/[٫/]/g, ".")
    .replace(/−/g, "-")
    .replace(/٪/g, "%");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)%?$/.test(plain)) return null;
  return plain.endsWith("%") ? Number(plain.slice(0, -1)) / 100 : Number(plain);
}
