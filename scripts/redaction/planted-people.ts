import { base62, type Draw, digit, lower, upper } from "./draw.ts";
import type { Plant } from "./planted.ts";

const first = ["Anna", "José", "Mei-Ling", "Jean-Pierre", "Olga", "Siobhán", "Mehmet", "Ngozi"];
const last = ["Schmidt", "García", "O'Neill", "van der Berg", "Yılmaz", "Ivanova", "Okafor", "Łukasiewicz"];
const streets = ["Hauptstr. 5", "12 High Street", "1600 Pennsylvania Ave", "Rue de Rivoli 99", "Karl-Marx-Allee 3b"];
const towns = ["10115 Berlin", "Leeds LS1 4DY", "75001 Paris", "Springfield, IL 62704"];

/** One of some layouts, with a value in it. */
const within =
  (value: (draw: Draw) => string, ...layouts: readonly ((value: string) => string)[]): Plant =>
  (draw) => {
    const made = value(draw);
    return { value: made, line: draw.pick(layouts)(made) };
  };
const plus = (value: string) => value.replaceAll(" ", "+");

/** What is told by its name: the rules for people were written with it. */
export const plantedPeople: Readonly<Record<string, Plant>> = {
  "name by its key": within(
    ({ pick }) => `${pick(first)} ${pick(last)}`,
    (v) => `{"level":"info","full_name":"${v}","n":1}`,
    (v) => `level=info customer="${v}" took=3ms`,
    (v) => `customer: ${v}, order 7 shipped`,
    (v) => `{"user":{"name":"${v}","id":7}}`,
    (v) => `<CustomerName>${v}</CustomerName>`,
    (v) => `body="{\\"fullName\\":\\"${v}\\"}"`,
    (v) => `POST /signup?display_name=${plus(v)}&lang=de`,
    (v) => `{Name:${v} Age:4}`,
  ),
  "part of a name by its key": within(
    ({ pick }) => pick([...first, ...last]),
    (v) => `{"firstName":"${v}","n":1}`,
    (v) => `level=info last_name="${v}" took=3ms`,
    (v) => `user[surname]=${plus(v)}&lang=de`,
    (v) => `vorname: ${v}`,
    (v) => `'family_name' => '${v}'`,
  ),
  "postal address by its key": within(
    ({ pick }) => `${pick(streets)}, ${pick(towns)}`,
    (v) => `{"billing_address":"${v}","n":1}`,
    (v) => `level=info address="${v}" took=3ms`,
    (v) => `shipping address: ${v}`,
    (v) => `{"address":{"street":"${v}"}}`,
    (v) => `body="{\\"homeAddress\\":\\"${v}\\"}"`,
    (v) => `<street>${v}</street>`,
    (v) => `address_line1=${plus(v)}&country=de`,
  ),
  "date of birth by its key": within(
    ({ int, pick }) =>
      pick([
        `19${int(50, 99)}-0${int(1, 9)}-${int(10, 28)}`,
        `${int(10, 28)}.0${int(1, 9)}.19${int(50, 99)}`,
        `0${int(1, 9)}/${int(10, 28)}/19${int(50, 99)}`,
        `${int(10, 28)} March 19${int(50, 99)}`,
      ]),
    (v) => `{"dob":"${v}"}`,
    (v) => `level=info birth_date="${v}" took=3ms`,
    (v) => `date of birth: ${v}`,
    (v) => `geburtsdatum=${v}`,
    (v) => `{\\"dateOfBirth\\":\\"${v}\\"}`,
  ),
  "number of an identity by its key": within(
    ({ digits, of, pick }) =>
      pick([
        `${digits(3)}-${digits(2)}-${digits(4)}`,
        `C${of(upper, 1)}X${digits(6)}`,
        digits(11),
        `${digits(2)} ${digits(3)} ${digits(3)} ${digits(3)}`,
      ]),
    (v) => `{"ssn":"${v}"}`,
    (v) => `passport_number="${v}" ok`,
    (v) => `tax id: ${v}`,
    (v) => `{"nationalId":"${v}"}`,
    (v) => `Steuer-ID=${v}`,
    (v) => `<DriverLicense>${v}</DriverLicense>`,
  ),
  "device by its key": within(
    ({ hex, digits, pick }) => pick([`${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`, digits(15), hex(16)]),
    (v) => `{"device_id":"${v}"}`,
    (v) => `imei=${v} registered`,
    (v) => `deviceId: ${v}`,
    (v) => `advertising_id=${v}&os=ios`,
  ),
  coordinates: within(
    ({ int, digits }) => `${int(10, 60)}.${digits(int(4, 8))}`,
    (v) => `{"lat":${v},"lng":13.404954}`,
    (v) => `latitude=${v} longitude=-73.98513`,
    (v) => `gps=(${v}, 13.404954)`,
    (v) => `{"coordinates":[${v},13.404954]}`,
    (v) => `location: ${v},13.404954`,
    (v) => `GET /near?lat=${v}&lon=13.404954`,
  ),
  "code that is told": within(
    ({ digits }) => digits(6),
    (v) => `your verification code is ${v}`,
    (v) => `{"otp":${v}}`,
    (v) => `otp=${v} sent`,
    (v) => `"cvv":"${v.slice(0, 3)}"`.replace(v.slice(0, 3), v),
  ),
  "key in a query": within(
    ({ of, hex, pick }) => pick([of(base62, 32), hex(40), of(`${lower}${digit}`, 24)]),
    (v) => `GET /maps/api?key=${v}&v=3`,
    (v) => `GET /cb?code=${v}&state=1`,
    (v) => `PUT https://shop.blob.core.example.net/a?sv=2022&sig=${v}%3D`,
    (v) => `GET /v1?api_key=${v}`,
  ),
};
