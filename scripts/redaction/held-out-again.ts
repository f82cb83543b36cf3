import { digit, lower, upper, withLuhn } from "./draw.ts";
import { heldOutAgainByKey } from "./held-out-again-by-key.ts";
import { anywhere, under } from "./layouts.ts";
import type { Plant } from "./planted.ts";

/**
 * A second part that was held out: other forms, layouts, countries and keys, and the kinds of data that the first one
 * did not have. Written after the rules for these kinds, and sent through them only when it was whole.
 */

export const heldOutAgain: Readonly<Record<string, Plant>> = {
  "e-mail": (draw) => {
    const { pick, of, int } = draw;
    const host = pick([
      "web.de",
      "outlook.co.jp",
      "student.unimelb.edu.au",
      "mail.ru",
      "proton.me",
      "firma-gmbh.online",
    ]);
    const user = pick([
      `${of(lower, 5)}.${of(lower, 7)}`,
      `${of(lower, 4)}+shop${int(1, 99)}`,
      `${of(lower, 2)}${int(1970, 2005)}`,
      `${of(lower, 3)}-${of(lower, 5)}_x`,
    ]);
    return anywhere(`${user}@${host}`, draw);
  },
  "phone, international": (draw) => {
    const { digits, pick } = draw;
    return anywhere(
      pick([
        `+43 664 ${digits(7)}`,
        `+48 ${digits(3)} ${digits(3)} ${digits(3)}`,
        `+1-646-${digits(3)}-${digits(4)}`,
        `+4989${digits(8)}`,
        `+351 21 ${digits(3)} ${digits(4)}`,
        `+82 10-${digits(4)}-${digits(4)}`,
        `0041 79 ${digits(3)} ${digits(2)} ${digits(2)}`,
        `+234 803 ${digits(3)} ${digits(4)}`,
        `+7 (495) ${digits(3)}-${digits(2)}-${digits(2)}`,
      ]),
      draw,
    );
  },
  "phone, national": (draw) => {
    const { digits, pick, int } = draw;
    return anywhere(
      pick([
        `(089) ${digits(3)} ${digits(4)}`,
        `(${int(201, 989)}) ${int(2, 9)}${digits(2)}-${digits(4)}`,
        `${int(201, 989)}-${int(2, 9)}${digits(2)}-${digits(4)}`,
        `0664/${digits(7)}`,
        `020 7${digits(3)} ${digits(4)}`,
        `(0) 171 ${digits(7)}`,
        `0171-${digits(3)} ${digits(4)}`,
        `079 ${digits(3)} ${digits(2)} ${digits(2)}`,
        `1-800-${digits(3)}-${digits(4)}`,
        `07700 9${digits(5)}`,
      ]),
      draw,
    );
  },
  "phone, by its name": (draw) =>
    under(
      draw.pick([
        `${draw.int(5, 9)}${draw.digits(7)}`,
        `${draw.int(2, 9)}${draw.digits(2)} ${draw.digits(3)} ${draw.digits(3)}`,
        `${draw.int(10, 99)}-${draw.digits(3)}-${draw.digits(4)}`,
      ]),
      draw,
      "phone",
      "mobileNumber",
      "contact_phone",
      "homePhone",
      "telephone",
      "fax_number",
      "phone_no",
      "msisdn",
    ),
  "payment card": (draw) => {
    const { pick, digits } = draw;
    const plain = withLuhn(
      pick([
        `4${digits(14)}`,
        `51${digits(13)}`,
        `2223${digits(11)}`,
        `6011${digits(11)}`,
        `62${digits(13)}`,
        `3530${digits(11)}`,
      ]),
    );
    const amex = withLuhn(`37${digits(12)}`);
    const diners = withLuhn(`36${digits(11)}`);
    return anywhere(
      pick([
        plain,
        plain.replace(/(\d{4})(?=\d)/g, "$1 "),
        plain.replace(/(\d{4})(?=\d)/g, "$1-"),
        amex,
        `${amex.slice(0, 4)}-${amex.slice(4, 10)}-${amex.slice(10)}`,
        diners,
        `${diners.slice(0, 4)} ${diners.slice(4, 10)} ${diners.slice(10)}`,
      ]),
      draw,
    );
  },
  IBAN: (draw) => {
    const { pick, digits, of } = draw;
    const plain = pick([
      `DE${digits(20)}`,
      `NL${digits(2)}INGB${digits(10)}`,
      `FI${digits(16)}`,
      `HU${digits(26)}`,
      `PT${digits(23)}`,
      `IE${digits(2)}${of(upper, 4)}${digits(14)}`,
      `LU${digits(18)}`,
      `RO${digits(2)}${of(upper, 4)}${of(upper + digit, 16)}`,
    ]);
    const grouped = plain.replace(/(.{4})(?=.)/g, "$1 ");
    return anywhere(pick([plain, grouped, plain.toLowerCase(), grouped.toLowerCase()]), draw);
  },
  "number of an identity": (draw) => {
    const { digits, of, pick } = draw;
    return pick([
      under(
        pick([`${draw.int(1, 6)}${digits(2)}-${digits(2)}-${digits(4)}`, `${draw.int(1, 6)}${digits(8)}`]),
        draw,
        "ssn",
        "social_security_number",
        "applicantSsn",
      ),
      under(
        `${of("CFGHJK", 1)}${digits(2)}${of("CFGHJKLMNP", 2)}${digits(4)}`,
        draw,
        "passport",
        "passportNumber",
        "passport_no",
      ),
      under(
        pick([digits(11), `${digits(2)}/${digits(3)}/${digits(5)}`]),
        draw,
        "tax_id",
        "taxNumber",
        "steuernummer",
        "tin",
      ),
      under(`${digits(8)}${of(upper, 1)}`, draw, "dni", "national_id", "id_card_number"),
      under(`${of(upper, 1)}${digits(7)}`, draw, "driver_license", "drivingLicenceNumber"),
      under(digits(9), draw, "insurance_number", "account_number", "bankAccountNumber"),
    ]);
  },
  IPv4: (draw) =>
    anywhere(
      `${draw.pick([3, 18, 45, 77, 94, 138, 146, 176, 194, 209])}.${draw.int(17, 255)}.${draw.int(0, 255)}.${draw.int(1, 254)}`,
      draw,
    ),
  IPv6: (draw) =>
    anywhere(
      draw.pick([
        `2a00:1450:${draw.hex(4)}:${draw.hex(3)}::${draw.hex(4)}`,
        `2606:4700:${draw.hex(4)}::${draw.hex(4)}:${draw.hex(4)}`,
        `2001:4860:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}`,
      ]),
      draw,
    ),
  ...heldOutAgainByKey,
};
