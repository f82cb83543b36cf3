import { stringify } from "yaml";

type Mapping = Readonly<Record<string, unknown>>;

/** No anchors, no folded lines. */
const options = { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: false } as const;

/** Words that stand for themselves wherever they are: begin with a letter, and nothing in them means anything to YAML. */
const plainWords = /^(?!(?:true|false|null)$)[a-z_](?:[!-9;-~]|:(?! |$)| (?!#|$))*(?<!-)$/i;

/**
 * Plain data as a text of YAML, to the letter as the package `yaml` writes it with `lineWidth: 0` and without anchors. It
 * would build a document for that; here only what is not plain words goes through it, and mappings and lists, of which
 * ten thousand services have very many, do not.
 *
 * @param content keys begin with a letter; they and texts in lists are of one line
 */
export function yamlText(content: unknown): string {
  /** What the package has been asked for, by value: the same values come again and again. */
  const known = new Map<unknown, string>();

  function scalar(value: unknown, indentation: string): string {
    if (typeof value === "string" && plainWords.test(value)) return value;
    if (typeof value === "string" && value.includes("\n")) return severalLines(value, indentation);
    const text = known.get(value) ?? stringify({ k: value }, options).slice("k: ".length, -1);
    known.set(value, text);
    return text;
  }

  const key = (name: string): string =>
    plainWords.test(name) ? name : stringify({ [name]: 0 }, options).slice(0, -": 0\n".length);

  /** A value as it goes on behind `key:` or `-`, in which the key or the dash stands at this indentation. */
  function block(value: unknown, indentation: string): string {
    if (typeof value !== "object" || value === null) return scalar(value, indentation);
    const between = `\n${indentation}`;
    if (Array.isArray(value)) {
      return value.map((item) => `- ${block(item, `${indentation}  `)}`).join(between) || "[]";
    }
    const entries = Object.entries(value as Mapping).filter(([, item]) => item !== undefined);
    return entries.map(([name, item]) => `${key(name)}:${below(item, indentation)}`).join(between) || "{}";
  }

  function below(value: unknown, indentation: string): string {
    const text = block(value, hasParts(value) ? `${indentation}  ` : indentation);
    return hasParts(value) ? `\n${indentation}  ${text}` : ` ${text}`;
  }

  return `${block(content, "")}\n`;
}

/** A text as it goes on behind a key at this indentation: the package is asked at the same depth. */
function severalLines(text: string, indentation: string): string {
  const before = [];
  let nested: unknown = text;
  for (let column = 0; column <= indentation.length; column += 2) {
    nested = { k: nested };
    before.push(`${" ".repeat(column)}k:`);
  }
  return stringify(nested, options).slice(before.join("\n").length + 1, -1);
}

/** Whether it stands on lines of its own. */
const hasParts = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (Array.isArray(value) ? value.length > 0 : Object.values(value).some((item) => item !== undefined));
