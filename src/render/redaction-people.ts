import { begins, type KeyFamily, number } from "./redaction-key-families.ts";

/** Who has a name of his own: what stands under `customer_name` is one. */
const named =
  "customer|patient|recipient|sender|employee|member|guest|passenger|buyer|seller|applicant|payer|payee|beneficiary|attendee|student|teacher|card_?holder|account_?holder|holder|debtor|creditor|citizen|insured|landlord|visitor|signer|consignee|doctor|nurse|father|mother|spouse|billing|shipping|contact";
/** Who may be a program or a company as well. */
const person = `${named}|client|user|person|owner|author|assignee|driver|subscriber|tenant|caller|manager|approver|reviewer|signatory|shipper|kunde|kundin|patientin|empf(?:ae|ä)nger|absender|ansprechpartner|inhaber|cliente|destinataire|destinatario`;
/** Up to what ends a value without quotes. */
const word = "[^\\s\"'&,;}\\])<>|\\\\:=\\[({][^\\s\"'&,;}\\])<>|\\\\]*";
const capitalised = "\\p{Lu}[\\p{L}'’.-]*";
const particles =
  "von|vom|van|der|den|de|del|della|di|da|do|dos|das|du|la|le|el|al|bin|ibn|ben|ter|ten|zu|zur|af|av|und|y|e";
/** At least two words that begin in upper case, letters only. */
const fullName = `${capitalised}(?:(?:,? |\\+|%20)(?:${capitalised}|(?:${particles})\\b)){0,4}(?:,? |\\+|%20)\\p{Lu}[\\p{L}'’-]+`;

/** Up to the next name, or what ends a text. */
const untilNext = "(?:[ ]+[\\w.-]+[=:]|[\"'\\\\;&|<>{}\\[\\]\\n)]|$)";
const phoneDigits = "\\+?[ ]?\\(?\\d(?:[ ()./-]{0,3}\\d){5,16}";

/** Latitude and longitude. */
const pair = "(?:POINT ?)?[\\[({]?-?\\d{1,3}\\.\\d{4,}(?: ?, ?|%2C| )-?\\d{1,3}\\.\\d{4,}";

export const peopleFamilies: readonly KeyFamily[] = [
  {
    name: "phone by its name",
    kind: "phone",
    meaning: "phone, telephone, mobile, cell, tel, fax, msisdn, whatsapp, caller, callee, Telefon, Handy",
    example: "user[phone]=612345678&user[lang]=de",
    names: `(?:phone|telefono?|telefoon|t(?:e|é)l(?:e|é)phone|mobile?|msisdn|handy(?:nummer)?|cell|fax|whatsapp|${begins}tel|caller(?:[ _-]?id)?|callee|rufnummer)(?:[ _-]?(?:home|work|private|business|mobile|e164|raw|primary|\\d))?${number}`,
    words: ["phone", "tel", "tél", "mobil", "msisdn", "handy", "cell", "fax", "whatsapp", "calle", "rufnummer"],
    shapes: [phoneDigits],
    numbers: "\\d{6,15}",
    attributes: "(mobile[._-]?)?phone|msisdn|telephone|fax|(phone|mobile)[._-]?(number|no)",
  },
  {
    name: "name of a person by its part",
    kind: "name",
    meaning:
      "first_name, last_name, full_name, given, family, middle, maiden, sur-, birth, legal, nick-, holder and owner names, Vorname, Nachname, prénom, apellido, nombre, cognome",
    example: 'first_name=Anna "lastName":"de la Cruz"',
    names: `(?:(?:first|last|full|given|family|middle|maiden|sur|birth|legal|nick|preferred|(?:${named})s?)[ _.-]?name|${begins}(?:[fl]name)|vorname|nachname|familienname|pr(?:e|é)nom|nom_?de_?famille|apellidos?|cognome|${begins}nombres?)`,
    words: ["name", "nom", "apellido"],
    looks: "(?:[A-Z]|ed|en|er|ing|ll|ly|nt|or|r|st|se|y|[fFlL]|[ _.-])[nN](?:ame|AME|om|OM)|pell|PELL|ogno|OGNO|ombre",
    bare: `${word}(?:['’]\\p{L}+)?(?:[ +](?:\\p{Lu}[\\p{L}'’-]+|(?:${particles})\\b))*(?: [\\p{L}'’-]+(?:([ ]+[\\w.-]+=|[,;|&<>)}\\]\\n])|$))?`,
    isWord: "alone",
    attributes:
      "(first|last|full|given|family|middle|maiden|sur|birth|legal|customer|patient|recipient|employee|passenger|contact)[._-]?name|vorname|nachname",
  },
  {
    name: "name of a person by whom it is of",
    kind: "name",
    meaning: `name, and who somebody is (customer, user, patient, contact, recipient, author, …): only what looks like a full name`,
    example: "customer: Anna-Maria van der Berg, order 7 shipped",
    names: `(?:(?:^|[^\\w.-])name|(?:(?:${person})(?:[ _.-]?name)?|${begins}(?:display|real|screen|login|account)[ _.-]?name|signed[ _]by|approved[ _]by|created[ _]by|updated[ _]by|attn))`,
    looks: "\\p{Lu}[\\p{L}'’.-]*(?:,? |\\+|%20)(?:\\p{L}+ )*\\p{Lu}['’]?\\p{L}",
    shapes: [fullName],
    except:
      "Corporation|Corp|Company|Inc|GmbH|Ltd|LLC|PLC|AG|KG|SE|SA|SARL|SpA|BV|Bank|Group|Holding|Foundation|Institute|University|Hospital|Team|Teams|Department|Support|Office|Desk|Service|Services|Server|System|Systems|Platform|Actions|Action|Runner|Pipeline|Balancer|Gateway|Proxy|Cluster|Node|Pool|Queue|Worker|Job|Task|Bot|Agent|App|API|Admin|Account|User|Users|Shop|Store|Cloud|Data|Base|Database|Cache|Index|Test|Tests|Manager|Monitor|Controller|Handler|Engine|Client|Module|Plugin|Feature|Product|Plan|Basic|Premium|Pro|Free|Edition|Version|Shirt|Card|Order|Report|Page|View|Event|Error",
  },
  {
    name: "postal address by its part",
    kind: "address",
    meaning:
      "street, address behind home, billing, shipping, postal or the like, address_line1, Straße, Anschrift, adresse, dirección, indirizzo",
    example: '{"billingAddress":"12 High Street, Leeds"}',
    names: `(?:(?:street|postal|home|billing|shipping|delivery|mailing|residential|residence|physical|work|office|legal|registered|customer|user|permanent)[ _.-]?addr(?:ess)?(?:[ _-]?(?:line)?[ _-]?\\d)?|addr(?:ess)?[ _-]?line[ _-]?\\d?|${begins}addr(?:ess)?_?[123]|${begins}street(?:[ _-]?(?:name|line|number))?[ _-]?\\d?|stra(?:ß|ss)e|anschrift|wohnort|${begins}adresse|direcci(?:o|ó)n|indirizzo|domicilio|house[ _-]?(?:number|no))`,
    words: [
      "addr",
      "street",
      "straße",
      "strasse",
      "anschrift",
      "wohnort",
      "adresse",
      "direcc",
      "indirizzo",
      "domicilio",
      "house",
    ],
    bare: `[\\p{L}\\d#][^"'=;&|<>{}\\[\\]\\\\\\n]{0,100}?(${untilNext})`,
    isWord: "alone",
    attributes:
      "(street|postal|home|billing|shipping|delivery|mailing)[._-]?address|address[._-]?line[._-]?\\d?|street",
  },
  {
    name: "postal address by its look",
    kind: "address",
    meaning: "address, addr, location: only a street with its number",
    example: 'address="Hauptstr. 5, 10115 Berlin"',
    names: "(?:addr(?:ess)?|residence|domicile|lives[ _](?:at|in))",
    words: ["addr", "residence", "domicile", "lives"],
    shapes: [
      `\\d{1,5}[A-Za-z]?(?:,? |\\+|%20)(?:\\p{Lu}|\\d+(?:st|nd|rd|th) )[^"'=;&|<>{}\\[\\]\\\\\\n]{2,100}?(${untilNext})`,
      `\\p{Lu}[\\p{L}.'’ +%-]{2,60}(?: |\\+|%20)\\d{1,4}[A-Za-z]?\\b[^"'=;&|<>{}\\[\\]\\\\\\n]{0,100}?(${untilNext})`,
    ],
  },
  {
    name: "postal code by its name",
    kind: "address",
    meaning:
      "zip, zip_code, postcode, postal_code, PLZ: four to six digits, or as in the United Kingdom, Canada, the Netherlands, Poland, Portugal and Japan",
    example: "zip=90210-1234 postcode=SW1A 1AA",
    names: `(?:${begins}zip(?:[ _-]?code)?|post(?:al)?[ _-]?code|${begins}plz|postleitzahl|code_?postal|codigo_?postal)`,
    words: ["zip", "post", "plz"],
    shapes: [
      "(?:[A-Z]{1,2}\\d[A-Z\\d]?(?:[ +]|%20)?\\d[A-Z]{2}|[A-Z]\\d[A-Z](?:[ +-]|%20)?\\d[A-Z]\\d|\\d{4} ?[A-Z]{2}|\\d{3}[ -]\\d{2,4}|\\d{2}-\\d{3}|\\d{4,6}(?:-\\d{3,4})?)\\b",
    ],
    numbers: "\\d{4,6}",
    attributes: "zip([._-]?code)?|post(al)?[._-]?code",
  },
  {
    name: "date of birth by its name",
    kind: "birth-date",
    meaning:
      "dob, birthday, birth_date, date of birth, born, Geburtsdatum, geboren, fecha_nacimiento, date_naissance, data_nascita",
    example: '{"dob":"1984-03-12"} born: 12 March 1984',
    names: `(?:${begins}dob|${begins}bday|birth[ _.-]?(?:day|date|year)|date[ _.-]?of[ _.-]?birth|geburts(?:datum|tag)|geboren(?:[ _]am)?|fecha_?(?:de_?)?nacimiento|date_?(?:de_?)?naissance|data_?(?:di_?|de_?)?nasc(?:ita|imento)|${begins}born(?:[ _](?:on|at))?)`,
    words: ["dob", "bday", "birth", "gebor", "geburt", "nacimiento", "naissance", "nasc", "born"],
    shapes: [
      "(?:\\d{1,4}[./-]\\d{1,2}[./-]\\d{1,4}|\\d{4}%2F\\d{2}%2F\\d{2}|\\d{1,2}%2F\\d{1,2}%2F\\d{2,4})(?:T[\\d:.]+Z?)?",
      "\\d{1,2}(?:st|nd|rd|th|\\.)?[ -]\\p{L}{3,10}\\.?,?[ -]\\d{2,4}\\b",
      "\\p{L}{3,10}\\.? \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}\\b",
      "-?\\d{4,13}\\b",
    ],
    numbers: "-?\\d{4,13}",
    attributes: "dob|birth[._-]?(day|date)|date[._-]?of[._-]?birth",
  },
  {
    name: "number of an identity by its name",
    kind: "id-number",
    meaning:
      "ssn, social security, tax id, TIN, ITIN, passport, national id, identity card, driving licence, NHS, insurance, Steuer-ID, BSN, CPF, PESEL, NIF, DNI, CURP, Aadhaar, bank account and routing number",
    example: "ssn=078-05-1120 passport_no: C01X00T47",
    names: `(?:${begins}(?:ssn|itin|tin|nino?|nhs|bsn|cpf|cnpj|pesel|ni[fe]|dni|curp|aadhaar|nric|mrn|sort[ _-]?code)${number}|social[ _.-]?(?:security|insurance)${number}|steuer[ _-]?(?:id|nr|nummer)|sozialversicherungs(?:nummer|nr)|(?:ausweis|reisepass|f(?:ue|ü)hrerschein)(?:nummer|nr)?|passport${number}|(?:tax(?:payer)?|fiscal|national|citizen|identity|identification|personal|resident|insurance|medicare|health|patient|voter|driver'?s?|driving|${begins}id)[ _.-]?(?:insurance|identification|identity|card|licen[cs]e)?[ _.-]?(?:id|number|no|nr|code|card|licen[cs]e)${number}|account[ _-]?(?:number|no|nr)|bank[ _-]?account|kontonummer|routing${number})`,
    words: [
      "ssn",
      "itin",
      "tin",
      "nin",
      "nhs",
      "bsn",
      "cpf",
      "cnpj",
      "pesel",
      "nif",
      "nie",
      "dni",
      "curp",
      "aadhaar",
      "nric",
      "mrn",
      "sort",
      "social",
      "steuer",
      "sozial",
      "ausweis",
      "reisepass",
      "hrerschein",
      "passport",
      "tax",
      "fiscal",
      "national",
      "citizen",
      "ident",
      "personal",
      "resident",
      "insurance",
      "medicare",
      "health",
      "patient",
      "voter",
      "driv",
      "account",
      "konto",
      "routing",
      "id_n",
      "id n",
      "id-n",
      "idn",
      "id_c",
      "id c",
      "id-c",
      "idc",
    ],
    looks: "\\d[A-Z\\d ./+-]{3}",
    shapes: ["(?:[A-Za-z]{0,6}[ ./+-]?\\d){4,16}[A-Za-z-]{0,3}\\d?\\b"],
    numbers: "\\d{5,}",
    attributes:
      "ssn|social[._-]?security([._-]?number)?|tax[._-]?id|passport([._-]?(number|no))?|national[._-]?id|account[._-]?number",
  },
  {
    name: "device by its name",
    kind: "device-id",
    meaning:
      "device_id, device serial, imei, imsi, iccid, meid, udid, idfa, idfv, gaid, adid, android_id, advertising id, vin",
    example: "device_id=8f14e45f-ceea-467f-a5d1-0c6f9a1b2c3d",
    names: `(?:device[ _.-]?(?:id|uuid|udid|serial|fingerprint|identifier)${number}|${begins}(?:imei|imsi|iccid|meid|udid|idf[av]|gaid|adid|aaid|duid|vin)${number}|android[ _-]?id|advertis(?:ing|er)[ _-]?id(?:entifier)?|vendor[ _-]?identifier|installation[ _-]?id|hardware[ _-]?id|hwid)`,
    words: [
      "device",
      "imei",
      "imsi",
      "iccid",
      "meid",
      "udid",
      "idfa",
      "idfv",
      "gaid",
      "adid",
      "aaid",
      "duid",
      "vin",
      "android",
      "advertis",
      "vendor",
      "installation",
      "hardware",
      "hwid",
    ],
    shapes: ["(?:[\\w:.-]*\\d[\\w:.-]{6,}|[\\w:.-]{6,}\\d[\\w:.-]*)"],
    numbers: "\\d{8,}",
    attributes: "device[._-]?(id|uuid|serial)|imei|imsi|udid|idfa|idfv|gaid|android[._-]?id|advertising[._-]?id",
  },
  {
    name: "place by its coordinates",
    kind: "location",
    meaning:
      "lat, latitude, lon, lng, longitude, gps, geo, coordinates, position, location: degrees with four decimals or more",
    example: '{"lat":52.520008,"lon":13.404954} gps=(52.5200, 13.4050)',
    names: `(?:${begins}(?:lat|latitude|lng|lon|long|longitude|gps|geo|coord(?:inate)?s?|latlng|latlon)(?:itude)?(?:[ _.-]?(?:lat|lon|lng|latitude|longitude|point|position|location|coord(?:inate)?s?))?)`,
    words: ["lat", "lng", "lon", "gps", "geo", "coord"],
    looks: "\\d\\.\\d{4}",
    shapes: [
      "(?:POINT ?)?[\\[(]?-?\\d{1,3}\\.\\d{4,}(?:°? ?[NSEW])?(?:(?: ?, ?|%2C| )-?\\d{1,3}\\.\\d{4,}(?:°? ?[NSEW])?)?\\b",
    ],
    numbers: "-?\\d{1,3}\\.\\d{4,}",
    attributes: "lat|latitude|lng|lon|longitude|gps|coordinates",
  },
  {
    name: "place by a pair of coordinates",
    kind: "location",
    meaning: "position, location, point, center, place, ll: two numbers with four decimals or more",
    example: "position: 52.520008, 13.404954",
    names: `${begins}(?:position|location|point|center|centre|place|ll|latlng|standort)`,
    words: ["position", "location", "point", "cent", "place", "ll", "standort"],
    looks: pair,
    shapes: [pair],
  },
];
